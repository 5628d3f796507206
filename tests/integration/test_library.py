"""What a channel does with the articles: they come, come again, go, and it is known how all is."""

import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bootstrap import App
from bot.library import RECEIVED, Library
from bot.settings import Settings
from ingest.run import Progress
from ingest.watching.status import RunCounts, SourceStatus, WatchStatus, write_status
from ingest.watching.stopping import Stopped
from tests.support.embedding import HashingEmbedder
from tests.support.store import eventually
from vectorstore import removals
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database

BRIDGE = (
    "Die neue Brücke über die Spree wird im {month} eröffnet, sagte Bürgermeisterin Anna Kahl am "
    "Montag vor der Presse im Rathaus der Stadt. Sie dankte allen Arbeitern, die in den "
    "Wintermonaten gefroren haben, und versprach ein Fest mit Musik für alle, die kommen wollen."
)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    settings = Settings(BELEG_HOME=tmp_path, BELEG_TIMEZONE="UTC")  # type: ignore[call-arg]
    database = Database(tmp_path / "catalogue.db")
    yield Library(App(settings, database, Catalogue(database), HashingEmbedder(), None))
    database.close()


def sent(library: Library, name: str, content: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The numbers of the new and of the known articles that a file of this name brings."""
    with library.room() as folder:
        file = folder / name
        file.write_text(content, "utf-8")
        taken = library.take_in_file(file, Progress())
    return taken.added, taken.known


def test_the_articles_of_a_run_are_known_by_number(library: Library, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.txt").write_text(f"Artikel {name}\n\nEin Satz über {name}.", "utf-8")
    first = library.take_in([str(tmp_path / "a.txt")], Progress())
    both = library.take_in([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")], Progress())
    assert first.added == (1,)
    assert (both.added, both.known) == ((2,), (1,))
    assert both.report.unchanged == 1


def test_a_text_with_the_same_id_is_a_new_version(library: Library) -> None:
    first = library.take_in_text("telegram-1", "Titel", "Ein Satz.", Progress())
    again = library.take_in_text("telegram-1", "Titel", "Ein anderer Satz.", Progress())
    assert (first.added, again.added, again.known) == ((1,), (), (1,))
    assert again.report.updated == 1
    assert library.app.catalogue.article("telegram-1").text == "Ein anderer Satz."


def test_a_file_sent_again_changes_nothing_and_a_corrected_one_is_a_version(
    library: Library,
) -> None:
    assert sent(library, "bericht.txt", BRIDGE.format(month="Mai")) == ((1,), ())
    assert sent(library, "bericht.txt", BRIDGE.format(month="Mai")) == ((), (1,))
    assert sent(library, "bericht.txt", BRIDGE.format(month="Juni")) == ((), (1,))
    assert library.app.catalogue.counts().versions == 2


def test_another_article_in_a_file_of_the_same_name_replaces_nothing(library: Library) -> None:
    sent(library, "scan.txt", BRIDGE.format(month="Mai"))
    other = "Die Katze\n\nGanz etwas anderes ist das hier. Die Katze schläft."
    assert sent(library, "scan.txt", other) == ((2,), ())
    assert sent(library, "scan.txt", other) == ((), (2,))
    assert sent(library, "scan.txt", BRIDGE.format(month="Mai")) == ((), (1,))


def test_a_record_with_an_id_of_its_own_keeps_it(library: Library) -> None:
    line = '{"id": "eigen", "title": "T", "text": "Ein Satz."}\n'
    sent(library, "a.jsonl", line)
    assert sent(library, "b.jsonl", line) == ((), (1,))
    assert library.app.catalogue.content_hash("eigen") is not None


def test_no_file_stays_and_a_failure_names_it_as_it_was_sent(library: Library) -> None:
    with library.room() as folder:
        (folder / "kaputt.pdf").write_bytes(b"nichts")
        taken = library.take_in_file(folder / "kaputt.pdf", Progress())
    assert [one.source for one in taken.report.failed] == ["kaputt.pdf"]
    assert list((library.app.settings.home / RECEIVED).iterdir()) == []


def test_what_an_earlier_process_left_is_cleared_away(library: Library) -> None:
    rest = library.app.settings.home / RECEIVED / "x-0"
    rest.mkdir(parents=True)
    (rest / "a.txt").write_text("Worte")
    library.clear()
    assert not rest.exists()


def test_one_thing_is_taken_in_at_a_time(library: Library) -> None:
    inside, go_on, order = threading.Event(), threading.Event(), []

    def slow(progress: Progress) -> None:
        inside.set()
        go_on.wait(10)

    def first() -> None:
        library.take_in_text("a", "A", "Ein Satz.", Progress(changed=slow))
        order.append("a")

    def second() -> None:
        library.take_in_text("b", "B", "Noch ein Satz.", Progress())
        order.append("b")

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert inside.wait(10)
    threads[1].start()
    threads[1].join(0.3)
    assert library.app.catalogue.content_hash("b") is None
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert order[0] == "a"
    assert library.app.catalogue.size() == 2


def test_an_ingest_that_is_stopped_leaves_no_file(library: Library) -> None:
    def stopped() -> None:
        raise Stopped

    with library.room() as folder:
        (folder / "a.txt").write_text(BRIDGE)
        with pytest.raises(Stopped):
            library.take_in_file(folder / "a.txt", Progress(check=stopped))
    assert list((library.app.settings.home / RECEIVED).iterdir()) == []
    sent(library, "a.txt", BRIDGE)  # and the next one may begin
    assert library.app.catalogue.size() == 1


def test_a_deleted_article_is_gone_from_the_files_as_well(library: Library) -> None:
    library.take_in_text("a", "A", "Das Wort Nebelkrähe steht hier.", Progress())
    deleted = library.delete(1)
    assert deleted is not None
    assert deleted.title == "A"
    assert library.app.catalogue.size() == 0
    database = library.app.database
    assert eventually(lambda: not removals.noted(database.read()))
    assert library.delete(1) is None


def test_the_condition_tells_how_fresh_the_articles_are(library: Library, tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "text": "Ein Satz.", "published": "2026-03-18"}',
        '{"id": "b", "text": "Noch ein Satz.", "published": "2999-01-01"}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    before = library.condition()
    library.take_in([str(tmp_path / "a.jsonl")], Progress())
    found = library.condition()
    assert (before.articles, before.newest, before.taken_in, before.model) == (0, None, None, None)
    assert (found.articles, found.passages, found.newest) == (2, 2, "2026-03-18")
    assert found.taken_in is not None
    assert found.model == "hashing"
    assert found.waiting == 2
    assert found.watching is None
    assert [name for name, _ in found.versions][:2] == ["python", "beleg"]


def test_the_condition_names_the_sources_that_fail(library: Library, tmp_path: Path) -> None:
    then = datetime(2026, 3, 18, 12, tzinfo=UTC)
    good = SourceStatus("gut", "feed", last_run=then, counts=RunCounts(added=1))
    bad = SourceStatus("schlecht", "feed", failing_since=then, failures=2, errors=("Weg.",))
    write_status(tmp_path, WatchStatus("w.toml", then, then, None, (good, bad)))
    found = library.condition()
    assert found.failing == (bad,)
    assert found.taken_in == then
    assert found.watching is False


def test_the_list_is_filtered_by_words_of_title_and_paper(library: Library, tmp_path: Path) -> None:
    lines = [
        '{"id": "a", "title": "Ärger im Rat", "text": "A.", "source": "Blatt"}',
        '{"id": "b", "title": "Ruhe", "text": "B.", "published": "2026-03-18", "source": "Bote"}',
        '{"id": "c", "title": "Rat tagt", "text": "C.", "published": "2026-03-19"}',
    ]
    (tmp_path / "a.jsonl").write_text("\n".join(lines), "utf-8")
    library.take_in([str(tmp_path / "a.jsonl")], Progress())

    def titles(words: str, skipped: int = 0, most: int = 10) -> tuple[list[str | None], int]:
        found, count = library.newest(words, skipped, most)
        return [entry.title for entry in found], count

    assert titles("") == (["Rat tagt", "Ruhe", "Ärger im Rat"], 3)
    assert titles("", 1, 1) == (["Ruhe"], 3)
    assert titles("ÄRGER blatt") == (["Ärger im Rat"], 1)
    assert titles("rat", 1) == (["Ärger im Rat"], 2)
    assert titles("nichts") == ([], 0)
