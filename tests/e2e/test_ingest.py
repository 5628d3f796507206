"""Ingest as a process: good and bad input, updates, deletion, kill -9."""

import json
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command import Beleg

TOPICS = ("Hafen", "Brücke", "Museum", "Bahnhof", "Schule", "Theater", "Kraftwerk", "Stadtwald")


@pytest.fixture
def beleg(tmp_path: Path) -> Beleg:
    """An empty home."""
    return Beleg(tmp_path / "home")


def line(article_id: str, text: str, **fields: object) -> str:
    return json.dumps({"id": article_id, "text": text, **fields}, ensure_ascii=False) + "\n"


def article(number: int) -> str:
    topic = TOPICS[number % len(TOPICS)]
    return (
        f"In Ort {number} wurde der Umbau am {topic} beschlossen. "
        f"Er kostet {number * 1000} Euro und dauert {number % 9 + 1} Jahre. "
        f"Zuständig ist das Amt mit dem Kürzel A{number}Z."
    )


def test_bad_input_is_named_and_costs_nothing_that_is_stored(beleg: Beleg, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "empty.txt").write_bytes(b"")
    (folder / "junk.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "latin1.txt").write_bytes(
        "Die Brücke über die Öde ist größer als früher.".encode("latin-1")
    )
    (folder / "utf16.txt").write_bytes("Der Bürgermeister heißt Jörg Krähe.".encode("utf-16"))
    (folder / "huge.txt").write_text("Ein langer Satz ohne Ende und Sinn. " * 600_000)
    (folder / "mixed.jsonl").write_text(
        line("a", "Ein 🍕 Satz mit \u0000 NUL und e\u0301 und עברית.")
        + "{broken\n"
        + '{"id": "s", "text": "Ein halbes Zeichen \\ud800 steht hier."}\n'
        + '{"text": "Ohne id."}\n'
    )
    done = beleg("ingest", str(folder), str(tmp_path / "missing"), "--json")
    assert done.code == 1
    (report,) = done.records
    assert report["added"] == 4
    failed = {Path(f["source"]).name: f["error"] for f in report["failed"]}
    assert set(failed) == {
        "empty.txt", "junk.txt", "huge.txt", "mixed.jsonl:2", "mixed.jsonl:4", "missing",
    }  # fmt: skip
    assert "Traceback" not in done.err
    texts = [
        beleg("show", r["id"], "--json").records[0]["text"]
        for r in beleg("articles", "--json").records
    ]
    assert "Die Brücke über die Öde ist größer als früher." in texts
    assert "Der Bürgermeister heißt Jörg Krähe." in texts
    assert "Ein 🍕 Satz mit \0 NUL und e\u0301 und עברית." in texts
    assert "Ein halbes Zeichen \ufffd steht hier." in texts


def test_a_changed_article_replaces_its_old_passages(beleg: Beleg) -> None:
    assert beleg("ingest", "-", "--json", stdin=line("a", "Der Turm ist 80 Meter hoch.")).code == 0
    again = beleg("ingest", "-", "--json", stdin=line("a", "Der Turm ist 80 Meter hoch."))
    assert (again.records[0]["unchanged"], again.records[0]["chunks"]) == (1, 0)
    update = beleg("ingest", "-", "--json", stdin=line("a", "Der Turm ist 95 Meter hoch."))
    assert update.records[0]["updated"] == 1
    (found,) = beleg("search", "Wie hoch ist der Turm?", "--json").records
    assert [hit["text"] for hit in found["hits"]] == ["Der Turm ist 95 Meter hoch."]
    old = beleg("show", "a", "--version", "1", "--json").records[0]
    assert old["text"] == "Der Turm ist 80 Meter hoch."


@pytest.mark.slow
def test_pruning_and_deleting_take_articles_out_of_every_answer(beleg: Beleg) -> None:
    both = line("a", "Der Turm ist 80 Meter hoch.") + line("b", "Der Turm ist 95 Meter hoch.")
    beleg("ingest", "-", stdin=both + line("c", "Der Turm steht in Ulm."))
    pruned = beleg("ingest", "-", "--prune", "--json", stdin=both)
    assert pruned.records[0]["deleted"] == 1
    assert beleg("delete", "a").code == 0
    (found,) = beleg("search", "Wie hoch ist der Turm?", "--json").records
    assert {hit["article_id"] for hit in found["hits"]} == {"b"}
    missing = beleg("delete", "a")
    assert missing.code == 1
    assert "'a'" in missing.err


@pytest.mark.slow
@pytest.mark.timeout(280)
def test_what_was_acknowledged_survives_kill_9_aimed_at_the_writes(beleg: Beleg) -> None:
    """The process is killed just as a batch of articles has become visible, or soon after."""
    for attempt in range(3):
        before = stored(beleg)
        feed = "".join(line(f"{attempt}-{n}", article(1000 * attempt + n)) for n in range(400))
        process = beleg.start("ingest", "-")
        assert process.stdin is not None
        process.stdin.write(feed.encode())
        process.stdin.close()
        wait_until(lambda at=before: stored(beleg) > at, process)
        time.sleep(0.02 * attempt)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        process.stdout.close()  # type: ignore[union-attr]
        process.stderr.close()  # type: ignore[union-attr]
        assert before < stored(beleg) < before + 400, "it was not killed between two batches"
    listed = beleg("articles", "--json").records
    questions = "".join(
        json.dumps({"id": r["id"], "question": text_of(r["id"])}) + "\n" for r in listed[::8]
    )
    for found in beleg("search", "--batch", "-", "-k", "5", stdin=questions).records:
        assert found["id"] in {hit["article_id"] for hit in found["hits"]}
    report = beleg("doctor", "--json")
    assert report.code == 0, report.out
    again = beleg("ingest", "-", "--json", stdin=feed).records[0]
    assert again["added"] + again["unchanged"] == 400
    assert len(beleg("articles", "--json").records) == len(listed) + again["added"]


def stored(beleg: Beleg) -> int:
    """How many articles the catalogue holds, read beside whoever writes it."""
    path = beleg.home / "catalogue.db"
    if not path.exists():
        return 0
    with closing(sqlite3.connect(path, timeout=30)) as connection:
        try:
            return int(connection.execute("SELECT count(*) FROM articles").fetchone()[0])
        except sqlite3.OperationalError:  # it is just being made
            return 0


def wait_until(condition: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Looks often, as long as the process lives."""
    while not condition():
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.005)


def text_of(article_id: str) -> str:
    """The words of the article that `article_id` was made from."""
    attempt, number = article_id.split("-")
    return article(1000 * int(attempt) + int(number))
