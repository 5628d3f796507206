"""What a channel may do with the articles themselves: take some in, delete one, ask how it stands.

It knows nothing of who asks. All of it blocks, so that a channel calls it in a thread.
"""

import io
import json
import logging
import platform
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from importlib.metadata import PackageNotFoundError, version
from itertools import count
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.bootstrap import App
from bot.deletion import delete_articles, purge_home
from bot.settings import local_now
from bot.stable_place import own_id, same_article, stable_folder
from ingest.files.kinds import Wanted, on_disk, read_file
from ingest.run import IngestReport, Progress
from ingest.sources import STANDARD_INPUT, origin
from ingest.watching.status import SourceStatus, read_status
from vectorstore import listing, numbers
from vectorstore.listing import Entry
from vectorstore.models import Article

PACKAGES = ("beleg", "chromadb", "sentence-transformers")
RECEIVED = "received"  # a folder of the home, for files while they are taken in

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What an ingest did: `added` are the numbers of new articles, `known` of the others it named.

    Those that another source brings at the same moment are not among them.
    """

    report: IngestReport
    added: tuple[int, ...] = ()
    known: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Condition:
    """How a home is doing. `newest` is the day of the latest article, `taken_in` when one came.

    `waiting` passages are still to be passed on to Chroma; `owner`: whether this process does
    that. `watching`: whether a watch runs now; None if nothing was ever watched. Times are told in
    a `zone`; None, the machine's own.
    """

    articles: int
    passages: int
    newest: str | None
    taken_in: datetime | None
    waiting: int
    model: str | None
    owner: bool
    trouble: str | None
    watching: bool | None
    sources: tuple[SourceStatus, ...]
    chat_models: tuple[str, ...]
    versions: tuple[tuple[str, str], ...]
    zone: tzinfo | None

    @property
    def failing(self) -> tuple[SourceStatus, ...]:
        """The sources that brought nothing the last time."""
        return tuple(source for source in self.sources if source.failures)


@dataclass(slots=True)
class Library:
    """The articles of one home.

    `stays`: whether this process keeps Chroma in step by itself and purges now and then, as the
    bot does; one that doesn't does both after each work. Takes in one thing at a time.
    """

    app: App
    stays: bool = True
    _taking: threading.Lock = field(default_factory=threading.Lock)
    _taken_in: datetime | None = None

    # -- taking in ---------------------------------------------------------------------

    def take_in(self, sources: Sequence[str], progress: Progress) -> Taken:
        """Takes in files, folders and addresses; waits while another call does.

        What fails is reported; BelegError if nothing can be taken in at all.
        """
        with self._taking:
            return self._ingest(sources, progress)

    def take_in_text(self, article_id: str, title: str, text: str, progress: Progress) -> Taken:
        """Takes in an article by its words; another with the same id becomes its new version."""
        record = {"id": article_id, "title": title, "text": text}
        stdin = io.BytesIO(json.dumps(record).encode() + b"\n")
        with self._taking:
            before = self._highest()
            report = self.app.pipeline().ingest([STANDARD_INPUT], False, progress, stdin)
            return self._taken(report, before, [article_id])

    @contextmanager
    def room(self) -> Iterator[Path]:
        """A folder for a file that is on its way, gone afterwards with all that it holds."""
        received = self.app.settings.home / RECEIVED
        received.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=received))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def take_in_file(self, file: Path, progress: Progress) -> Taken:
        """Takes in a file of a `room`, which is gone afterwards.

        What is no new article becomes the next version of the one that came under the same name
        before, though both lay in other rooms.
        """
        with self._taking:
            place = self._place_for(file)
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                file.replace(place)
                taken = self._ingest([str(place)], progress)
            finally:
                shutil.rmtree(place.parent, ignore_errors=True)
            failed = tuple(
                replace(one, source=one.source.replace(str(place), place.name))
                for one in taken.report.failed
            )
            return replace(taken, report=replace(taken.report, failed=failed))

    def clear(self) -> None:
        """Removes files that an earlier process was taking in when it died. For the start."""
        shutil.rmtree(self.app.settings.home / RECEIVED, ignore_errors=True)

    def _place_for(self, file: Path) -> Path:
        """Where a file is to lie, since that is what its article is known by if by nothing else."""
        received = self.app.settings.home / RECEIVED
        came = next(read_file(on_disk(file, file.name), Wanted()), None)
        lone = came if isinstance(came, Article) and came.id == own_id(file) else None
        for number in count():
            place = received / stable_folder(file.name, number) / file.name
            there = self._stored(own_id(place)) if lone else None
            if lone is None or there is None or same_article(lone.text, there.text):
                return place
        raise AssertionError

    def _stored(self, article_id: str) -> Article | None:
        with self.app.database.telling():
            number = numbers.numbers(self.app.database.read(), [article_id]).get(article_id)
            return numbers.article(self.app.database.read(), number) if number else None

    def _ingest(self, sources: Sequence[str], progress: Progress) -> Taken:
        catalogue, before = self.app.catalogue, self._highest()
        report = self.app.pipeline().ingest(sources, False, progress)
        ids = {one for source in sources for one in catalogue.brought(origin(source))}
        return self._taken(report, before, ids)

    def _highest(self) -> int:
        with self.app.database.telling():
            return listing.highest(self.app.database.read())

    def _taken(self, report: IngestReport, before: int, ids: Iterable[str]) -> Taken:
        with self.app.database.telling():
            named = sorted(numbers.numbers(self.app.database.read(), ids).values())
        if report.added or report.updated:
            self._taken_in = self._now()
        if not self.stays:
            purge_home(self.app, log.warning)
            self._derive()
        added = tuple(number for number in named if number > before)
        return Taken(report, added, tuple(number for number in named if number <= before))

    def _derive(self) -> None:
        """Brings Chroma up to date, unless another process owns it: then that one does."""
        index = self.app.index
        if index is not None and self.app.catalogue.counts().pending and index.own():
            index.catch_up()

    # -- deleting ----------------------------------------------------------------------

    def delete(self, number: int) -> Article | None:
        """Deletes an article with all its versions; None if there is none of that number.

        No answer knows it any more from then on. Its words go from the home's files after that,
        in a thread if this process stays.
        """
        with self.app.database.telling():
            article = numbers.article(self.app.database.read(), number)
        if article is None or not delete_articles(self.app, [article.id]):
            return None
        if self.stays:
            threading.Thread(target=self._purge, name="purge", daemon=True).start()
        else:
            self._purge()
        return article

    def _purge(self) -> None:
        try:
            purge_home(self.app, log.warning)
        except Exception:  # it is done again once a day
            log.warning("what was deleted is not purged yet", exc_info=True)

    # -- how it stands -----------------------------------------------------------------

    def newest(self, words: str, skipped: int, most: int) -> tuple[list[Entry], int]:
        """At most so many articles behind the first `skipped`, the newest first, and the count.

        Each of the words stands in the title or in the name of the paper; no words, all articles.
        """
        with self.app.database.telling():
            return listing.newest(self.app.database.read(), words, skipped, most)

    def condition(self) -> Condition:
        """How the home is doing now."""
        with self.app.database.telling():
            return self._condition(self.app, self._now())

    def _condition(self, app: App, now: datetime) -> Condition:
        counts, contract, index = app.catalogue.counts(), app.catalogue.contract(), app.index
        status = read_status(app.settings.home)
        names = (app.settings.llm_model or "").split(",")
        sources = status.sources if status else ()
        return Condition(
            articles=counts.articles,
            passages=counts.chunks,
            newest=listing.newest_day(app.database.read(), now.date().isoformat()),
            taken_in=self._last_taken_in(sources),
            waiting=counts.pending,
            model=contract.model if contract else None,
            owner=index is not None and index.owns,
            trouble=index.trouble if index is not None else None,
            watching=status.is_running(now) if status else None,
            sources=sources,
            chat_models=tuple(name.strip() for name in names if name.strip()),
            versions=tuple(_versions()),
            zone=self._zone,
        )

    def _last_taken_in(self, sources: Sequence[SourceStatus]) -> datetime | None:
        """When this process, or the last run of a watched source, brought something."""
        watched = [s.last_run for s in sources if s.counts.added or s.counts.updated]
        times = [time for time in (*watched, self._taken_in) if time is not None]
        return max(times).astimezone(self._zone) if times else None

    @property
    def _zone(self) -> tzinfo | None:
        timezone = self.app.settings.timezone
        return ZoneInfo(timezone) if timezone else None

    def _now(self) -> datetime:
        return local_now(self.app.settings.timezone)


def _versions() -> Iterator[tuple[str, str]]:
    yield "python", platform.python_version()
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "?"
