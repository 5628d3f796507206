"""A watch over a real catalogue: a site and a folder that change, failures, and the end."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.pipeline import Pipeline
from ingest.watching import folder_changes
from ingest.watching import watch as watching
from ingest.watching.status import SourceStatus, WatchStatus, read_status, status_path, write_status
from ingest.watching.stopping import Stop
from ingest.watching.watch import Watch
from ingest.watching.watchlist import Kind, Source, Watchlist
from ingest.web.addresses import AddressGuard
from ingest.web.fetch import Fetcher
from ingest.web.politeness import Politeness
from tests.support.embedding import HashingEmbedder
from tests.support.pages import PARAGRAPHS, article_page
from tests.support.site import Asked, Reply, Site
from tests.support.store import eventually
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.embedder import Embedded, Passage
from vectorstore.errors import AlreadyWatched
from vectorstore.models import Article

OFTEN, SELDOM = 0.1, 3_600.0


class FragileEmbedder(HashingEmbedder):
    """Has a bug that shows at passages with a certain word."""

    fails_at: str | None = None

    def encode_passages(
        self, passages: Sequence[Passage], advance: Callable[[int], None] = lambda done: None
    ) -> list[Embedded]:
        if self.fails_at and any(self.fails_at in passage.text for passage in passages):
            raise ZeroDivisionError
        return super().encode_passages(passages, advance)


class Newsroom:
    """A site and a folder, a home that takes them in, and one watch over them at a time."""

    def __init__(self, site: Site, folder: Path) -> None:
        self.site = site
        self.home = folder / "home"
        self.inbox = folder / "inbox"
        self.inbox.mkdir()
        self.embedder = FragileEmbedder()
        self.database = Database(self.home / "catalogue.db")
        self.catalogue = Catalogue(self.database)
        self.heard: list[SourceStatus] = []
        self.watch: Watch | None = None
        self.stop = Stop()

    def made(self, *sources: Source, once: bool = False) -> Watch:
        self.stop = stop = Stop()
        fetcher = Fetcher(AddressGuard.parse("127.0.0.1"), Politeness(sleep=stop.sleep))
        pipeline = Pipeline(self.catalogue, self.embedder, lambda: fetcher)
        listed = Watchlist(self.home / "sources.toml", sources)
        return Watch(pipeline, listed, self.home, stop, self.heard.append, once, draw=lambda: 0.0)

    def start(self, *sources: Source, once: bool = False) -> Watch:
        self.end()
        self.watch = self.made(*sources, once=once).start()
        return self.watch

    def end(self) -> None:
        if self.watch is not None:
            self.watch.stop()
        self.watch = None

    def feed(self, *titles: str, path: str = "/feed.xml") -> str:
        """A feed of these articles, whose pages are there too; returns its address."""
        items = ""
        for title in titles:
            about = tuple(p.replace("Schleuse", title.split()[-1]) for p in PARAGRAPHS)
            page = article_page(title=title, paragraphs=about)
            url = self.site.page(f"/{title.split()[0].lower()}", page)
            items += f"<item><title>{title}</title><link>{url}</link></item>"
        rss = f'<rss version="2.0"><channel><title>Bote</title>{items}</channel></rss>'
        return self.site.page(path, rss, "application/rss+xml")

    def titles(self) -> set[str | None]:
        return {listed.article.title for listed in self.catalogue.articles()}

    def articles(self) -> list[Article]:
        return [listed.article for listed in self.catalogue.articles()]

    def last(self, name: str) -> SourceStatus | None:
        return next((status for status in reversed(self.heard) if status.name == name), None)

    def status(self) -> WatchStatus:
        found = read_status(self.home)
        assert found is not None
        return found


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_changes, "QUIET", 50)
    monkeypatch.setattr(folder_changes, "LOOK", 0.2)
    monkeypatch.setattr(watching, "SETTLED", 1.0)


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    with Site() as site:
        found = Newsroom(site, tmp_path)
        yield found
        found.end()
        found.database.close()


def feed(url: str, interval: float = OFTEN, name: str = "Bote", **more: object) -> Source:
    return replace(Source(name, Kind.FEED, url, interval), **more)  # type: ignore[arg-type]


def folder(path: Path, interval: float = SELDOM, name: str = "Eingang") -> Source:
    return Source(name, Kind.FOLDER, str(path), interval)


def ok(condition: Callable[[], object]) -> None:
    assert eventually(condition, 15)


# -- what comes ----------------------------------------------------------------------------


def test_what_a_feed_adds_is_taken_in_at_the_next_look(newsroom: Newsroom) -> None:
    address = newsroom.feed("Neue Brücke")
    newsroom.start(feed(address))
    ok(lambda: newsroom.titles() == {"Neue Brücke"})
    newsroom.feed("Neue Brücke", "Altes Bad")
    ok(lambda: newsroom.titles() == {"Neue Brücke", "Altes Bad"})
    ok(lambda: newsroom.last("Bote") is not None and newsroom.last("Bote").counts.unchanged == 2)


def test_a_file_in_a_watched_folder_is_noticed_at_once(newsroom: Newsroom) -> None:
    newsroom.start(folder(newsroom.inbox))
    ok(lambda: newsroom.heard)
    assert newsroom.heard[0].failures == 0  # empty is no failure: it waits for articles
    (newsroom.inbox / "a.txt").write_text("Neue Brücke\n\nDie Brücke ist fertig. Sie ist rot.")
    ok(lambda: newsroom.titles() == {"Neue Brücke"})
    (newsroom.inbox / "2026").mkdir()
    (newsroom.inbox / "2026" / "b.md").write_text("# Altes Bad\n\nDas Bad ist zu. Es ist kalt.")
    ok(lambda: newsroom.titles() == {"Neue Brücke", "Altes Bad"})


def test_what_no_article_can_be_causes_no_look(newsroom: Newsroom) -> None:
    newsroom.start(folder(newsroom.inbox))
    ok(lambda: newsroom.heard)
    (newsroom.inbox / ".hidden.txt").write_text("Nichts.")
    (newsroom.inbox / "photo.jpeg").write_bytes(b"\xff\xd8")
    (newsroom.inbox / "a.txt").write_text("Neue Brücke\n\nDie Brücke ist fertig. Sie ist rot.")
    ok(lambda: newsroom.titles() == {"Neue Brücke"})
    assert len(newsroom.heard) <= 2


def test_a_home_inside_a_watched_folder_does_not_keep_the_watch_busy(newsroom: Newsroom) -> None:
    inside = folder(newsroom.home.parent)
    newsroom.start(inside)
    ok(lambda: newsroom.heard)
    (newsroom.inbox / "a.txt").write_text("Neue Brücke\n\nDie Brücke ist fertig. Sie ist rot.")
    ok(lambda: "Neue Brücke" in newsroom.titles())
    for n in range(3):
        (newsroom.home / f"{n}.txt").write_text("Das hat Beleg selbst geschrieben. Es zählt nicht.")
    (newsroom.inbox / "b.txt").write_text("Altes Bad\n\nDas Bad ist zu. Es ist kalt.")
    ok(lambda: "Altes Bad" in newsroom.titles())
    assert len(newsroom.heard) <= 4


def test_a_folder_that_comes_later_or_is_replaced_is_watched_then(newsroom: Newsroom) -> None:
    later = newsroom.inbox / "later"
    newsroom.start(folder(later))
    ok(lambda: newsroom.heard and newsroom.heard[0].failures == 1)
    later.mkdir()
    (later / "a.txt").write_text("Neue Brücke\n\nDie Brücke ist fertig. Sie ist rot.")
    ok(lambda: newsroom.titles() == {"Neue Brücke"})
    later.rename(newsroom.inbox / "earlier")
    later.mkdir()
    (later / "b.txt").write_text("Altes Bad\n\nDas Bad ist zu. Es ist kalt.")
    ok(lambda: newsroom.titles() == {"Neue Brücke", "Altes Bad"})


def test_what_is_presumed_of_a_source_holds_for_its_articles(newsroom: Newsroom) -> None:
    address = newsroom.feed("Neue Brücke")
    newsroom.start(feed(address, language="fr", topic="Lokales"))
    ok(lambda: newsroom.last("Bote") and newsroom.last("Bote").counts.unchanged == 1)
    (found,) = newsroom.articles()
    assert (found.language, found.section, found.version) == ("fr", "Lokales", 1)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="counts open files by /proc")
def test_a_watch_of_many_runs_keeps_few_files_open(newsroom: Newsroom) -> None:
    (newsroom.inbox / "a.txt").write_text("Neue Brücke\n\nDie Brücke ist fertig. Sie ist rot.")
    newsroom.start(folder(newsroom.inbox, 0.01))
    ok(lambda: len(newsroom.heard) > 40)
    links = (Path("/proc/self/fd") / fd for fd in os.listdir("/proc/self/fd"))
    found = [link for link in links if os.path.realpath(link).startswith(str(newsroom.home))]
    assert len(found) < 40


# -- what fails ----------------------------------------------------------------------------


def test_a_failing_source_counts_its_failures_until_it_is_well(newsroom: Newsroom) -> None:
    address = newsroom.feed("Neue Brücke")
    well = newsroom.site.routes["/feed.xml"]
    newsroom.site.routes["/feed.xml"] = Reply(status=403)
    newsroom.start(feed(address))
    ok(lambda: len(newsroom.heard) >= 4)
    assert [s.failures for s in newsroom.heard[:4]] == [1, 2, 3, 4]
    assert all(s.errors == ("The page answered 403 (forbidden).",) for s in newsroom.heard[:4])
    since = newsroom.heard[0].failing_since
    assert since is not None
    assert newsroom.heard[3].failing_since == since
    assert newsroom.heard[3].last_success is None
    newsroom.site.routes["/feed.xml"] = well
    ok(lambda: newsroom.heard[-1].failures == 0)
    assert newsroom.heard[-1].failing_since is None
    assert newsroom.heard[-1].last_success == newsroom.heard[-1].last_run


def test_the_next_look_at_a_failing_source_is_twice_as_far_off(newsroom: Newsroom) -> None:
    newsroom.start(feed(newsroom.site.url("/none"), SELDOM))
    ok(lambda: newsroom.heard)
    status = newsroom.heard[0]
    assert status.last_run is not None
    assert status.next_run is not None
    off = (status.next_run - status.last_run).total_seconds()
    assert 1.8 * SELDOM - 2 <= off <= 2.2 * SELDOM + 2


def test_one_bad_page_makes_no_failing_feed(newsroom: Newsroom) -> None:
    address = newsroom.feed("Neue Brücke", "Altes Bad")
    newsroom.site.routes["/altes"] = Reply(status=403)
    newsroom.start(feed(address, SELDOM))
    ok(lambda: newsroom.heard)
    status = newsroom.heard[0]
    assert (status.failures, status.counts.added, status.counts.failed) == (0, 1, 1)
    assert status.errors[0].endswith("/altes: The page answered 403 (forbidden).")


def test_a_bug_in_one_source_is_logged_by_number_and_the_others_go_on(
    newsroom: Newsroom, caplog: pytest.LogCaptureFixture
) -> None:
    newsroom.embedder.fails_at = "Bad"
    bug = Source("Fehler", Kind.FEED, newsroom.feed("Altes Bad", path="/bug.xml"), OFTEN)
    newsroom.start(bug, feed(newsroom.feed("Neue Brücke")))
    ok(lambda: "Neue Brücke" in newsroom.titles() and newsroom.last("Fehler"))
    first = next(status for status in newsroom.heard if status.name == "Fehler")
    assert first.failures == 1
    number = re.fullmatch(r"Something went wrong .* \(error ([0-9a-f]{8}), .*", first.errors[0])
    assert number
    assert f"error {number[1]}, watching Fehler" in caplog.text
    newsroom.embedder.fails_at = None
    ok(lambda: "Altes Bad" in newsroom.titles())


# -- the end -------------------------------------------------------------------------------


def test_a_stop_ends_waits_and_leaves_nothing_behind(newsroom: Newsroom) -> None:
    address = newsroom.feed("Neue Brücke")
    newsroom.site.page("/robots.txt", "User-agent: *\nCrawl-delay: 30", "text/plain")
    before = set(threading.enumerate())
    newsroom.start(feed(address), folder(newsroom.inbox))
    ok(lambda: newsroom.site.asked)  # the next request is 30 seconds off now
    newsroom.end()
    ok(lambda: not [t for t in threading.enumerate() if t not in before and _is_ours(t)])
    assert newsroom.titles() == set()
    status = newsroom.status()
    assert status.pid is None
    assert not status.is_running(datetime.now(UTC))


def _is_ours(thread: threading.Thread) -> bool:
    return thread.name.startswith(("watch", "reading", "storing"))


def test_a_fetch_that_takes_long_does_not_hold_up_the_stop(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "GRACE", 0.2)
    asked, answer = threading.Event(), threading.Event()

    def slow(request: Asked) -> Reply:
        asked.set()
        answer.wait(20)
        return Reply(article_page(), {"Content-Type": "text/html"})

    newsroom.site.routes["/slow"] = slow
    newsroom.start(Source("Langsam", Kind.PAGE, newsroom.site.url("/slow"), SELDOM))
    assert asked.wait(15)
    before = [t for t in threading.enumerate() if _is_ours(t)]
    newsroom.end()
    answer.set()
    ok(lambda: not any(thread.is_alive() for thread in before))
    assert newsroom.titles() == set()  # what came after the stop was not stored
    assert newsroom.heard == []


def test_only_one_watch_runs_on_a_home(newsroom: Newsroom) -> None:
    source = folder(newsroom.inbox)
    newsroom.start(source)
    with pytest.raises(AlreadyWatched, match="Another process watches"):
        newsroom.made(source).start()
    newsroom.start(source)  # once the first has ended, all is well


def test_once_looks_at_every_source_a_single_time(newsroom: Newsroom) -> None:
    address = newsroom.feed("Neue Brücke")
    missing = folder(newsroom.inbox / "none", OFTEN)
    watch = newsroom.start(feed(address), missing, once=True)
    watch.wait()
    assert sorted((s.name, s.failures) for s in newsroom.heard) == [("Bote", 0), ("Eingang", 1)]
    assert [s.next_run for s in watch.sources()] == [None, None]


# -- the status ----------------------------------------------------------------------------


def test_the_status_tells_how_every_source_is(newsroom: Newsroom) -> None:
    address = newsroom.feed("Neue Brücke")
    newsroom.start(feed(address, SELDOM), folder(newsroom.inbox / "none"))
    ok(lambda: len(newsroom.heard) == 2)
    ok(lambda: all(source.last_run for source in newsroom.status().sources))
    status = newsroom.status()
    assert status.pid == os.getpid()
    assert status.is_running(datetime.now(UTC))
    assert not status.is_running(datetime.now(UTC) + timedelta(minutes=5))
    bote, inbox = status.sources
    assert (bote.name, bote.kind, bote.counts.added, bote.failures) == ("Bote", "feed", 1, 0)
    assert bote.last_run is not None
    assert bote.next_run is not None
    assert bote.next_run > bote.last_run + timedelta(minutes=50)
    assert inbox.errors == ("There is no such file or folder.",)
    assert inbox.failures == 1


def test_after_a_restart_a_source_waits_for_its_time_and_keeps_its_past(
    newsroom: Newsroom,
) -> None:
    address = newsroom.feed("Neue Brücke")
    newsroom.start(feed(address, SELDOM))
    ok(lambda: newsroom.heard)
    asked = newsroom.site.paths()
    ran = newsroom.heard[0].last_run
    newsroom.start(feed(address, SELDOM), folder(newsroom.inbox))
    ok(lambda: newsroom.last("Eingang"))
    assert newsroom.site.paths() == asked
    assert newsroom.status().sources[0].last_run == ran


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", "7", '{"file": 1}', '{"sources": [{}]}', "[" * 100_000, "\x00"],
)
def test_a_broken_status_file_is_no_status_and_is_written_anew(
    newsroom: Newsroom, content: str
) -> None:
    status_path(newsroom.home).write_text(content)
    assert read_status(newsroom.home) is None
    newsroom.start(folder(newsroom.inbox))
    ok(lambda: read_status(newsroom.home) is not None)


def test_a_status_is_read_as_it_was_written(tmp_path: Path) -> None:
    now = datetime(2026, 3, 18, 12, 0, tzinfo=UTC)
    source = SourceStatus("Bote \ud83d", "feed", now, None, now, now, 3, errors=("Weg.",))
    status = WatchStatus("/w.toml", now, now, 7, (source,))
    write_status(tmp_path, status)
    assert read_status(tmp_path) == status
    broken = json.loads(status_path(tmp_path).read_text())
    for key, value in (("since", "2026-03-18"), ("pid", "x"), ("sources", [1])):
        status_path(tmp_path).write_text(json.dumps({**broken, key: value}))
        assert read_status(tmp_path) is None
