"""Articles go from one catalogue into another with their histories, whatever comes between."""

import io
import multiprocessing
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import importing
from ingest.articles import article
from ingest.exchange import to_line
from ingest.importing import Import
from ingest.pipeline import Pipeline
from ingest.run import IngestReport, Progress
from tests.support.embedding import HashingEmbedder
from tests.support.store import eventually
from vectorstore import copy_groups
from vectorstore.backup import write_backup
from vectorstore.catalogue import Catalogue, Outcome
from vectorstore.database import Database
from vectorstore.errors import ArticleNotFound, CatalogueDamaged, IndexMismatch
from vectorstore.history import Version, expected, put, versions
from vectorstore.models import content_digest


class Home:
    """A catalogue that is imported into and exported from."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "catalogue.db")
        self.catalogue = Catalogue(self.database)
        self.embedder = HashingEmbedder()

    def take(self, *lines: bytes) -> IngestReport:
        run = Import(self.catalogue, self.embedder, Progress())
        run.take("-", io.BytesIO(b"".join(lines)))
        return run.report(0)

    def ingest(self, *lines: bytes) -> IngestReport:
        stdin = io.BytesIO(b"".join(lines))
        return Pipeline(self.catalogue, self.embedder).ingest(["-"], stdin=stdin)

    def export(self) -> bytes:
        return b"".join(map(to_line, versions(self.database)))

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        return self.database.read().execute(query).fetchall()

    def index(self) -> list[list[tuple[Any, ...]]]:
        """All that is derived from the articles, by what it says."""
        return [
            self.rows(
                """SELECT c.id, c.version, c.start, c.end, x.vector, s.spans, s.vectors
                FROM chunks c JOIN vectors x ON x.seq = c.seq JOIN sentences s ON s.seq = c.seq
                ORDER BY c.id"""
            ),
            self.rows("SELECT term, doc, cnt FROM stems_df ORDER BY term"),
            self.rows(
                """SELECT a.id, b.id FROM copies k JOIN articles a ON a.seq = k.article
                JOIN articles b ON b.seq = k.grp ORDER BY a.id"""
            ),
        ]


@contextmanager
def opened(folder: Path) -> Iterator[Home]:
    home = Home(folder)
    with closing(home.database):
        yield home


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with opened(tmp_path / "home") as made:
        yield made


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Home]:
    with opened(tmp_path / "other") as made:
        yield made


def line(article_id: str, text: str, number: int = 0, **fields: Any) -> bytes:
    further = {name: fields.pop(name) for name in ("gone", "origins") if name in fields}
    found = article(text=text, given_id=article_id, language="de", **fields)
    written = to_line(Version(replace(found, version=number), **further))
    return written if number else written.replace(b', "version": 0', b"")


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    """Added, updated, unchanged, failed."""
    return report.added, report.updated, report.unchanged, len(report.failed)


# -- there and back --------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from('aÄ.!“" \n\r\t\0\u2028\u2029\ufeff😀'), max_size=40)
STATES = st.builds(
    lambda **fields: fields,
    text=st.one_of(TEXTS, st.text(max_size=40)).filter(str.strip),
    title=st.none() | TEXTS,
    published=st.sampled_from([None, "2026-03-15", "2026-03-15 10:30", "15.03.2026"]),
    language=st.sampled_from(["de", "en-GB"]),
    section=st.sampled_from([None, "Lokales"]),
)
ARTICLES = st.dictionaries(
    st.text(min_size=1, max_size=5),
    st.tuples(
        st.lists(st.tuples(STATES, st.integers(1, 3)), min_size=1, max_size=4),
        st.sampled_from([None, "2026-03-18"]),
        st.lists(st.sampled_from(["-", "/archiv", "https://example.org/feed"]), unique=True),
    ),
    max_size=5,
)


@settings(database=None, max_examples=30)
@given(ARTICLES)
def test_what_is_exported_and_imported_is_exported_the_same(stored: dict[str, Any]) -> None:
    lines = []
    for article_id, (states, gone, origins) in stored.items():
        found = [article(given_id=article_id, **state) for state, _ in states]
        numbers = accumulate(step for _, step in states)
        numbered = [Version(replace(a, version=n)) for a, n in zip(found, numbers, strict=True)]
        last = replace(numbered[-1], gone=gone, origins=tuple(sorted(origins)))
        lines += [to_line(version) for version in (*numbered[:-1], last)]
    with TemporaryDirectory() as folder, opened(Path(folder)) as home:
        report = home.take(*lines)
        assert counts(report) == (len({from_id(one) for one in stored}), 0, 0, 0)
        assert home.export() == b"".join(lines)
        generation = home.database.generation
        assert counts(home.take(*lines)) == (0, 0, len(stored), 0)
        assert (home.export(), home.database.generation) == (b"".join(lines), generation)


def from_id(article_id: str) -> str:
    return article(text="x", given_id=article_id, language="de").id


def test_an_imported_home_is_the_same_as_the_one_it_comes_from(home: Home, other: Home) -> None:
    report = "Die Fähre von Brunsby fährt seit Montag mit Strom und fasst 220 Gäste. " * 3
    home.ingest(line("a", "Das Bad ist zu."), line("b", report), line("c", f"{report} Ende."))
    home.ingest(line("a", "Das Bad ist offen. Das Wasser ist warm."))
    home.catalogue.mark_gone(["b"], "2026-03-18")
    assert counts(other.take(home.export())) == (3, 0, 0, 0)
    assert other.export() == home.export()
    assert other.index() == home.index()
    assert other.catalogue.contract() == home.catalogue.contract()
    assert other.catalogue.brought("-") == {"a", "b", "c"}


def test_only_current_versions_are_cut_and_embedded(home: Home) -> None:
    report = home.take(line("a", "Erstens.", 1), line("a", "Zweitens.", 2), line("b", "Drittens."))
    assert home.embedder.passages == ["Zweitens.", "Drittens."]
    assert report.chunks == 2
    assert home.catalogue.article("a", 1).text == "Erstens."


def test_what_is_all_there_asks_for_no_model(home: Home) -> None:
    lines = (line("a", "Erstens.", 1), line("a", "Zweitens.", 2))
    home.take(*lines)
    home.embedder.passages.clear()
    home.embedder.identity = None  # type: ignore[assignment, method-assign]
    assert counts(home.take(*lines)) == (0, 0, 1, 0)
    assert home.embedder.passages == []


# -- where there is something already --------------------------------------------------------


def test_a_home_with_other_articles_keeps_both(home: Home, other: Home) -> None:
    home.ingest(line("a", "Erstens."))
    before = home.export()
    other.ingest(line("b", "Zweitens."))
    assert counts(home.take(other.export())) == (1, 0, 0, 0)
    assert home.export() == before + other.export()


def test_what_goes_on_is_added_and_what_is_newer_here_stays(home: Home, other: Home) -> None:
    for text in ("Erstens.", "Zweitens.", "Drittens."):
        home.ingest(line("a", text))
    other.ingest(line("a", "Erstens."))
    assert counts(home.take(other.export())) == (0, 0, 1, 0)
    assert home.catalogue.article("a").text == "Drittens."
    assert counts(other.take(home.export())) == (0, 1, 0, 0)
    assert other.export() == home.export()
    assert other.index() == home.index()


def test_other_content_becomes_a_new_version(home: Home) -> None:
    home.ingest(line("a", "Erstens."))
    assert counts(home.take(line("a", "Zweitens.", 1), line("a", "Drittens.", 2))) == (0, 1, 0, 0)
    assert [v.article.text for v in versions(home.database)] == ["Erstens.", "Drittens."]
    assert [row[0] for row in home.rows("SELECT version FROM chunks")] == [2]


def test_earlier_versions_and_sources_are_noted_without_embedding(home: Home) -> None:
    home.take(line("a", "Drittens.", 3))
    home.embedder.passages.clear()
    whole = line("a", "Erstens.", 1), line("a", "Drittens.", 3, origins=("/archiv",))
    assert counts(home.take(*whole)) == (0, 0, 1, 0)
    assert home.export() == b"".join(whole)
    assert home.embedder.passages == []


def test_a_page_that_was_gone_is_back_with_what_is_newer(home: Home) -> None:
    home.take(line("a", "Erstens.", 1, gone="2026-03-18"))
    home.take(line("a", "Erstens.", 1), line("a", "Zweitens.", 2))
    assert b"gone" not in home.export()


def test_an_article_that_is_deleted_after_it_was_looked_at_stays_deleted(home: Home) -> None:
    home.take(line("a", "Erstens.", 1))
    history = tuple(replace(v, origins=("/archiv",)) for v in versions(home.database))
    assert expected(home.catalogue, history) is Outcome.UNCHANGED
    home.catalogue.delete(["a"])
    assert put(home.catalogue, [(history, None)]) == [Outcome.UNCHANGED]
    with pytest.raises(ArticleNotFound):
        home.catalogue.article("a")


# -- what goes wrong -------------------------------------------------------------------------


def test_bad_lines_are_named_and_the_rest_is_taken_in(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("importing", "exchange"):
        monkeypatch.setattr(f"ingest.{module}.LARGEST", 5_000)
    first, second, third = (line("a", f"Fassung {n}.", n) for n in (1, 2, 3))
    too_long = line("b", "Ein Satz. " * 1_000)
    report = home.take(first, b'{"id": "a", "version": 2}\n', too_long, third, b"{", b"\n", second)
    assert [failure.source for failure in report.failed] == ["-:2", "-:3", "-:5"]
    assert counts(report)[:3] == (1, 1, 0)
    assert home.catalogue.article("a", 3).text == "Fassung 3."
    assert counts(home.take(first, second, third)) == (0, 0, 1, 0)


def test_a_backup_is_told_from_an_export_at_once(home: Home, tmp_path: Path) -> None:
    home.take(line("a", "Erstens."))
    write_backup(home.database.path, tmp_path / "b.db")
    run = Import(home.catalogue, home.embedder, Progress())
    run.take(str(tmp_path / "b.db"), io.BytesIO())
    (failure,) = run.report(0).failed
    assert "`beleg restore" in failure.error


def test_vectors_of_another_model_are_refused(home: Home) -> None:
    home.take(line("a", "Erstens."))
    home.embedder = HashingEmbedder("other")
    with pytest.raises(IndexMismatch):
        home.take(line("b", "Zweitens."))
    assert home.catalogue.counts().articles == 1


def test_an_index_made_anew_meanwhile_is_not_mixed(home: Home) -> None:
    class Overtaken(HashingEmbedder):
        """Embeds while somebody else makes the index anew with another model."""

        def encode_passages(self, passages, advance=lambda done: None):
            found = super().encode_passages(passages, advance)
            Pipeline(home.catalogue, HashingEmbedder("other")).reindex(lambda line: None)
            return found

    home.embedder = Overtaken()
    with pytest.raises(IndexMismatch):
        home.take(line("a", "Erstens."))
    assert home.catalogue.counts().articles == 0


def test_an_export_is_of_one_moment_whatever_is_written_meanwhile(home: Home) -> None:
    home.take(line("a", "Erstens.", 1), line("b", "Zweitens.", 1))
    before = home.export()
    with opened(home.database.path.parent) as writer, closing(versions(home.database)) as found:
        lines = [to_line(next(found))]
        writer.ingest(line("b", "Viertens."), line("c", "Drittens."))
        lines += map(to_line, found)
    assert b"".join(lines) == before


@pytest.mark.parametrize("change", ["text = 'Drittens.'", "authors = '['", "language = 'en'"])
def test_a_version_that_is_not_what_was_stored_is_not_exported_as_if_it_were(
    home: Home, change: str
) -> None:
    home.take(line("a", "Erstens.", 1), line("a", "Zweitens.", 2))
    with home.database.write() as connection:
        connection.execute(f"UPDATE versions SET {change} WHERE version = 1")
    with pytest.raises(CatalogueDamaged, match=r"article 'a' .*beleg restore"):
        home.export()


# -- kill -9 ---------------------------------------------------------------------------------


def feed(count: int = 300) -> list[bytes]:
    return [
        line(f"{n}", f"In Ort {n} gab es {version} Sitzungen. Sie kosteten {n} Euro.", version)
        for n in range(count)
        for version in (1, 2, 4)
    ]


def import_in_another_process(folder: Path) -> None:
    """Imports the feed, a few articles at a time."""
    importing.BATCH = 12
    with opened(folder) as home:
        home.take(*feed())


def test_an_import_that_is_killed_is_completed_by_the_next_one(home: Home) -> None:
    """The process is killed between two transactions or in one; no article is there in part."""
    context = multiprocessing.get_context("spawn")
    for attempt in range(1, 4):
        before = home.catalogue.counts().articles
        process = context.Process(
            target=import_in_another_process, args=(home.database.path.parent,)
        )
        process.start()
        assert eventually(lambda at=before: home.catalogue.counts().articles > at)  # type: ignore[misc]
        process.kill()
        process.join()
        assert process.exitcode == -signal.SIGKILL, f"it ended before it was killed ({attempt})"
        found = home.catalogue.counts()
        assert before < found.articles < 300
        assert found.versions == 3 * found.articles
        assert home.export() == b"".join(feed(found.articles))
    report = home.take(*feed())
    assert counts(report) == (300 - found.articles, 0, found.articles, 0)
    assert home.export() == b"".join(feed())
    assert copy_groups.complete(home.database.read()) == 0
    assert all(v.article.content_hash == content_digest(v.article) for v in versions(home.database))
