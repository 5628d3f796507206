"""Articles that could be read of a damaged catalogue into the restored one, embedded anew."""

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ingest.exchange import to_line
from ingest.found import Failure
from ingest.importing import Import
from ingest.run import Progress
from ingest.sources import STANDARD_INPUT
from vectorstore.catalogue import Catalogue
from vectorstore.embedder import Embedder
from vectorstore.history import History, Version, expected
from vectorstore.salvage import Saved, salvage

LINES = 1_000  # articles that wait as lines; they are embedded and stored in smaller batches


@dataclass(frozen=True, slots=True)
class Rescued:
    """What a damaged catalogue had to give: ids of articles.

    `saved` are those of which the restored one lacked a version. `lost` are those whose newest
    version was in neither; `nameless` counts texts that belong to none. `deleted` are those of
    the restored one that the damaged one didn't have any more, as far as it says. What could be
    read but not be stored has `failed`.
    """

    saved: tuple[str, ...]
    lost: tuple[str, ...]
    nameless: int
    deleted: tuple[str, ...]
    failed: tuple[Failure, ...]


def rescue(damaged: Path, catalogue: Catalogue, embedder: Embedder, progress: Progress) -> Rescued:
    """Takes what is left of a damaged catalogue into this one; begun anew, it goes on.

    IndexMismatch if this one's index was made with something else than is set now.
    """
    before = [listed.article.id for listed in catalogue.articles()]
    found = salvage(damaged, catalogue.database)
    lacking = [one for one in found.saved if expected(catalogue, _history(one)) is not None]
    failed: list[Failure] = []
    for at in range(0, len(lacking), LINES):
        lines = b"".join(
            to_line(version) for one in lacking[at : at + LINES] for version in _history(one)
        )
        taking = Import(catalogue, embedder, progress)
        taking.take(STANDARD_INPUT, BytesIO(lines))
        failed.extend(taking.report(0.0).failed)
    deleted = () if found.listed is None else tuple(i for i in before if i not in found.listed)
    saved = tuple(one.versions[-1].id for one in lacking)
    return Rescued(saved, found.lost, found.nameless, deleted, tuple(failed))


def _history(saved: Saved) -> History:
    *earlier, last = saved.versions
    return (*map(Version, earlier), Version(last, saved.gone, saved.origins))
