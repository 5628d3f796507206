"""Export and import as a user runs them."""

from dataclasses import replace
from pathlib import Path

import pytest

from ingest.articles import article
from ingest.exchange import to_line
from tests.support.command import Beleg
from vectorstore.history import Version


@pytest.fixture
def beleg(tmp_path: Path) -> Beleg:
    """An empty home."""
    return Beleg(tmp_path / "home")


def line(article_id: str, text: str, number: int) -> bytes:
    found = article(text=text, given_id=article_id, language="de", published="2026-03-15")
    return to_line(Version(replace(found, version=number)))


TOWER = line("a", "Der Turm ist 80 Meter hoch.\u2028", 1), line("a", "Er misst 95 Meter.\0", 2)
POOL = line("b", "Das Bad ist offen.", 1)


@pytest.mark.slow
def test_articles_go_from_home_to_home_with_their_versions(beleg: Beleg, tmp_path: Path) -> None:
    done = beleg("import", "--json", stdin=b"".join((*TOWER, b"{\n", POOL)))
    assert done.code == 1
    (report,) = done.records
    assert list(report) == [
        "added", "updated", "unchanged", "deleted", "failed", "chunks", "seconds",
    ]  # fmt: skip
    assert (report["added"], report["chunks"]) == (2, 2)
    assert [failure["source"] for failure in report["failed"]] == ["-:3"]
    assert "-:3: The line is no JSON" in done.err

    file = tmp_path / "all.jsonl"
    file.write_text("what was there before")
    written = beleg("export", str(file))
    assert (written.code, written.out, written.err) == (0, "", "3 versions are exported.\n")
    assert file.read_bytes() == b"".join((*TOWER, POOL))
    assert file.stat().st_mode & 0o777 == 0o600
    assert {path.name for path in tmp_path.iterdir()} == {"home", "all.jsonl"}

    assert beleg("export").out.encode() == file.read_bytes()
    again = beleg("import", str(file))
    assert again.out.startswith("0 added, 0 updated, 2 unchanged (0 passages, ")
    assert (again.code, again.err) == (0, "")


@pytest.mark.slow
def test_what_cannot_be_written_or_read_is_said_and_nothing_is_harmed(
    beleg: Beleg, tmp_path: Path
) -> None:
    assert beleg("export").out == ""
    catalogue = beleg.home / "catalogue.db"
    before = catalogue.read_bytes()
    link = tmp_path / "link.jsonl"
    link.symlink_to(catalogue)
    for target, named in ((link, catalogue), (tmp_path, tmp_path), (tmp_path / "no" / "x",) * 2):
        done = beleg("export", str(target))
        assert (done.code, done.out) == (1, "")
        assert str(named) in done.err
        assert "Traceback" not in done.err
    assert catalogue.read_bytes() == before
    assert {path.name for path in tmp_path.iterdir()} == {"home", "link.jsonl"}

    missing = str(tmp_path / "missing.jsonl")
    done = beleg("import", missing, "--json")
    assert done.code == 1
    assert [failure["source"] for failure in done.records[0]["failed"]] == [missing]
