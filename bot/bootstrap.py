"""The composition root: the only place that puts the parts together."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from bot.engine import Engine
from bot.fitted import models_of
from bot.settings import Settings, local_now, provide_keys, traced
from ingest.embedding import contract
from ingest.watching.stopping import Stop
from vectorstore import language_model, packaged
from vectorstore.catalogue import Catalogue
from vectorstore.database import CATALOGUE, Database
from vectorstore.embedder import Embedder, SentenceEmbedder
from vectorstore.exact import DenseIndex, ExactIndex
from vectorstore.finder import Finder, PlainFinder
from vectorstore.following import FollowingEmbedder
from vectorstore.models import IndexContract
from vectorstore.ownership import OwnedIndex
from vectorstore.readers import Readers
from vectorstore.retriever import Retriever
from vectorstore.second_reader import SecondReader

if TYPE_CHECKING:
    from bot.writing.chat_writer import ChatWriter
    from ingest.pipeline import Pipeline
    from ingest.web.fetch import Fetcher


@dataclass(frozen=True, slots=True)
class App:
    """The parts of one process over one home.

    `stop` ends the waits of its fetcher; `follow` goes over to the model of an index made anew.
    `dense` is for questions; the same is `index` for who may own Chroma.
    """

    settings: Settings
    database: Database
    catalogue: Catalogue
    embedder: Embedder
    index: OwnedIndex | None
    fetcher: "Callable[[], Fetcher] | None" = None
    stop: Stop = field(default_factory=Stop)
    follow: Callable[[IndexContract], bool] = lambda index: False
    dense: DenseIndex | None = None
    readers: Readers | None = None

    def engine(self) -> Engine:
        """An engine over this home's articles; Chroma serves it where this process may use it."""
        index = self.dense or self.index or ExactIndex(self.database)
        retriever = Retriever(self.database, self.embedder, index, self.readers)
        return Engine(
            self.catalogue,
            self._finder(retriever),
            lambda: contract(self.embedder),
            lambda: local_now(self.settings.timezone).date(),
            fitted=models_of(self.settings.home),
            follow=self.follow,
            writer=self._writer(),
        )

    def _finder(self, retriever: Retriever) -> Finder:
        """LangChain's retriever, but where its import would take longer than the answer."""
        if self.index is None and not traced():
            return PlainFinder(retriever)
        from vectorstore.documents import PassageRetriever

        return PassageRetriever(retriever=retriever)

    def _writer(self) -> "ChatWriter | None":
        """What writes answers, if a chat model is set; SettingsError if that can't be asked."""
        if self.settings.llm_model is None:
            return None
        from bot.writing.chat_writer import ChatWriter
        from bot.writing.model import ChatModels

        names = [name.strip() for name in self.settings.llm_model.split(",") if name.strip()]
        provide_keys()
        models = ChatModels(names, self.settings.llm_base_url, wait=self.settings.llm_wait)
        models.check()
        return ChatWriter(
            models,
            self.embedder,
            self.database,
            lambda: local_now(self.settings.timezone).date(),
            self.settings.llm_daily_tokens,
        )

    def pipeline(self) -> "Pipeline":
        """Takes sources into this home."""
        from ingest.pipeline import Pipeline

        return Pipeline(
            self.catalogue,
            self.embedder,
            self.fetcher,
            lambda: local_now(self.settings.timezone).date(),
            self.follow,
        )


def _fetcher(settings: Settings, stop: Stop) -> "Callable[[], Fetcher]":
    """One fetcher for all who fetch in this process, made when the first one does."""

    @cache
    def made() -> "Fetcher":
        from ingest.web.addresses import AddressGuard
        from ingest.web.fetch import Fetcher
        from ingest.web.politeness import Politeness

        return Fetcher(AddressGuard.parse(settings.fetch_allow), Politeness(sleep=stop.sleep))

    return made


def _model(
    cache: Path, tell: Callable[[str], None], jobs: int | None, name: str | None
) -> Embedder:
    return SentenceEmbedder(cache, None if name == packaged.NAME else name, tell, jobs)


@contextmanager
def app(
    settings: Settings,
    owner: bool = False,
    tell: Callable[[str], None] = lambda line: None,
    jobs: int | None = None,
) -> Iterator[App]:
    """The parts over the home that the settings name, closed at the end.

    An `owner` may take Chroma's lock; what it does with it is up to the caller. `tell` gets a
    line for the user before something takes long; `jobs` is how many embed at once.
    """
    language_model.keep_under(packaged.models_folder(settings.cache))
    database = Database(settings.home / CATALOGUE)
    dense = OwnedIndex(settings.home, database, ExactIndex(database), settings.chroma_url)
    index = dense if owner else None
    readers = Readers(database, SecondReader(database.path))
    model = partial(_model, settings.cache, tell, jobs)
    embedder = FollowingEmbedder(model, settings.embedding_model)
    stop = Stop()
    fetcher = _fetcher(settings, stop)
    catalogue, follow = Catalogue(database), embedder.follow
    try:
        with database.telling():
            yield App(
                settings,
                database,
                catalogue,
                embedder,
                index,
                fetcher,
                stop,
                follow,
                dense,
                readers,
            )
    finally:
        readers.close()
        dense.close()
        database.close()
