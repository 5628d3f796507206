"""Backup and restore as a user runs them."""

import json
from pathlib import Path

import pytest

from tests.support.command import Beleg

FIRST = {"id": "a", "title": "Turm", "text": "Der Turm in Lindau ist 95 Meter hoch."}
SECOND = {"id": "b", "title": "Bad", "text": "Das Freibad öffnet am 3. Mai um acht Uhr."}


@pytest.fixture
def beleg(tmp_path: Path) -> Beleg:
    """An empty home."""
    return Beleg(tmp_path / "home")


def take_in(beleg: Beleg, article: dict[str, str]) -> None:
    done = beleg("ingest", "-", stdin=json.dumps(article))
    assert done.code == 0, done.err


def ids(beleg: Beleg) -> set[str]:
    return {record["id"] for record in beleg("articles", "--json").records}


@pytest.mark.slow
def test_a_backup_comes_back_and_what_it_replaced_can_be_had_again(
    beleg: Beleg, tmp_path: Path
) -> None:
    take_in(beleg, FIRST)
    done = beleg("backup", "b.db", "--json")
    assert done.code == 0, done.err
    size = (tmp_path / "b.db").stat().st_size
    file = str(tmp_path / "b.db")
    assert done.records == [{"file": file, "articles": 1, "versions": 1, "bytes": size}]
    assert beleg("backup", "b.db").out.startswith("1 article, 1 version, ")
    take_in(beleg, SECOND)

    done = beleg("restore", "b.db")
    assert (done.code, done.out) == (0, "1 article, 1 version restored from b.db\n")
    assert ids(beleg) == {"a"}
    kept = done.err.strip().removeprefix("What was there before is kept: ")
    assert beleg("restore", kept).code == 0
    assert ids(beleg) == {"a", "b"}

    live = beleg.home / "catalogue.db"  # now it is damaged, and what came since is still in it
    live.write_bytes(bytes(100) + live.read_bytes()[100:])
    done = beleg("articles")
    assert done.code == 1
    assert "beleg restore" in done.err
    done = beleg("restore", "--json")
    assert done.code == 0, done.err
    (report,) = done.records
    assert list(report) == [
        "backup", "articles", "versions", "kept", "saved", "lost", "nameless", "deleted", "restart",
    ]  # fmt: skip
    assert report["backup"] == file
    assert (report["articles"], report["saved"], report["lost"]) == (1, ["b"], [])
    assert Path(report["kept"]).parent.parent == beleg.home / "damaged"
    assert ids(beleg) == {"a", "b"}


@pytest.mark.slow
def test_what_can_not_be_done_is_said_in_a_sentence(beleg: Beleg, tmp_path: Path) -> None:
    done = beleg("backup", "b.db")
    assert (done.code, done.out) == (1, "")
    assert "nothing to back up" in done.err
    done = beleg("restore")
    assert done.code == 1
    assert "No backup of this home is known." in done.err
    (tmp_path / "notes.txt").write_text("Einkaufen")
    done = beleg("restore", "notes.txt")
    assert done.code == 1
    assert "notes.txt is no sound catalogue of Beleg" in done.err
    assert beleg("restore", "b.db", "--salvage").code == 2
    assert beleg("backup").code == 2


@pytest.mark.slow
def test_an_article_that_was_deleted_after_the_backup_does_not_come_back_unsaid(
    beleg: Beleg, tmp_path: Path
) -> None:
    lines = "\n".join(json.dumps({"id": name, "text": f"Der Turm von {name}."}) for name in "ab")
    assert beleg("ingest", "-", stdin=lines).code == 0
    assert beleg("backup", str(tmp_path / "b.db")).code == 0
    assert beleg("delete", "a").code == 0
    done = beleg("restore", str(tmp_path / "b.db"), "--json")
    assert done.records[0]["deleted"] == ["a"]
    assert "Deleted since the backup was made, and back now: 1 article: a" in done.err
