"""`beleg delete` and `ingest --prune`: gone is gone, also while another process is at work."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.command import Beleg
from tests.support.store import eventually
from tests.support.traces import traces

WORDS = ("Zwqxvarkel", "Jyqzwumpf", "Kvxqaddrel")
URL = "https://blatt.example/zwqxvarkel-meldung"
PRUNED = "Pfqxzwolmuk"


def line(article_id: str, text: str, **fields: str) -> str:
    return json.dumps({"id": article_id, "text": text, "language": "de", **fields}) + "\n"


OTHERS = "".join(line(f"n{n}", f"Auf Seite {n} geht es um Brücke {n}.") for n in range(9))
STRANGE = line(URL, f"In {WORDS[2]} steht ein Turm.", url=URL, title=f"Alles über {WORDS[1]}")


@contextmanager
def chatting(beleg: Beleg) -> Iterator[None]:
    """Another process that owns Chroma and has answered once."""
    chat = beleg.start("chat")
    assert chat.stdin is not None
    assert chat.stdout is not None
    chat.stdin.write(b"Wo steht ein Turm?\n")
    chat.stdin.flush()
    assert chat.stdout.readline()
    yield
    chat.communicate(timeout=60)
    assert chat.returncode == 0


@pytest.mark.slow
def test_deleted_words_are_in_no_file_of_the_home(tmp_path: Path) -> None:
    beleg, source, backup = Beleg(tmp_path / "home"), tmp_path / "a.jsonl", tmp_path / "mine.db"
    source.write_text(STRANGE + line("fort", f"{PRUNED} ist ein Ort.") + OTHERS)
    assert beleg("ingest", str(source)).code == 0
    assert beleg("backup", str(backup)).code == 0
    assert traces(beleg.home, [*WORDS, PRUNED])

    with chatting(beleg):
        done = beleg("delete", URL, "nope")
        assert done.code == 1, "an id that is none is an error, after the others are gone"
        assert done.out == ""
        assert done.err.startswith("1 deleted.\n")
        assert f"The backup {backup} of " in done.err
        assert "nope" in done.err
        assert eventually(lambda: not traces(beleg.home, WORDS)), traces(beleg.home, WORDS)

    source.write_text(OTHERS)
    (report,) = beleg("ingest", str(source), "--prune", "--json").records
    assert report["deleted"] == 1
    assert traces(beleg.home, [*WORDS, PRUNED]) == []
    assert len(beleg("articles", "--json").records) == 9
