"""What a home holds: articles as they were told, their passages, postings, copies."""

from collections.abc import Iterator, Mapping, Sequence

from bot.bootstrap import App
from bot.doctor.check import Check, Mendable
from ingest import chunking
from ingest.embedding import contract, embedded
from ingest.layout import read_layout
from vectorstore import faults, lexical, mending
from vectorstore.faults import IndexFaults
from vectorstore.models import Article, Chunk
from vectorstore.posting_faults import of_postings

TOGETHER = 64  # articles that are embedded and stored at a time
SHOWN = 3  # articles that are named


def faults_of_articles(app: App) -> list[str]:
    """What is broken in the catalogue itself, which nothing can be derived from then."""
    with app.database.snapshot():
        return faults.of_articles(app.database.read())


def catalogue(app: App) -> Check:
    """How much a sound catalogue holds."""
    counts = app.catalogue.counts()
    state = (
        f"{counts.articles} articles, {counts.versions} versions, {counts.chunks} passages, "
        f"{counts.pending} waiting for Chroma"
    )
    return Check("catalogue", True, state)


# -- passages -----------------------------------------------------------------------------


def passages(app: App, repair: bool) -> Check:
    """Whether every article has all its passages, and each all that belongs to it."""

    def sound() -> str:
        return f"each of {app.catalogue.counts().chunks} is whole"

    def find() -> str | None:
        return _wrong(app, _faults(app))

    def mend() -> str:
        return _mend_passages(app, _faults(app))

    advice = "embeds those articles anew"
    return Mendable("passages", find, sound, mend, advice).check(repair)


def _faults(app: App) -> IndexFaults:
    """What is wrong with the live index. An article that says nothing rightly has no passages."""
    held = app.catalogue.contract()
    with app.database.snapshot():
        found = faults.of_index(app.database.read(), held.dimension if held else None)
        suspects = faults.passages_of(app.database.read(), None if found.orphans else found.silent)
    wrong = dict.fromkeys(_lacking(app, suspects), "a passage is missing") | found.articles
    return IndexFaults(wrong, orphans=found.orphans)


def _lacking(app: App, suspects: Mapping[int, int]) -> Iterator[int]:
    """Those of these articles, given with the count of their passages, that should have others.

    What is left over of a passage says that one is lost, but not whose it was.
    """
    for number, article in mending.articles(app.database, suspects):
        if len(_cut(article)[1]) != suspects[number]:
            yield number


def _wrong(app: App, found: IndexFaults) -> str | None:
    told = []
    if found.articles:
        some = mending.articles(app.database, list(found.articles)[:SHOWN])
        names = [f"{article.id!r}: {found.articles[number]}" for number, article in some]
        more = ", ..." if len(found.articles) > SHOWN else ""
        told.append(f"wrong in {len(found.articles)} articles ({', '.join(names)}{more})")
    if found.orphans:
        told.append(f"{found.orphans} rows belong to nothing")
    return "; ".join(told) or None


def _mend_passages(app: App, found: IndexFaults) -> str:
    """Embeds what is broken anew; IndexMismatch if that takes another model than is set."""
    done = []
    if found.orphans:
        mending.drop_orphans(app.database)
        done.append(f"{found.orphans} rows that belonged to nothing were removed")
    if found.articles:
        made = contract(app.embedder)
        app.catalogue.require(made)
        numbers = list(found.articles)
        for at in range(0, len(numbers), TOGETHER):
            batch = mending.articles(app.database, numbers[at : at + TOGETHER])
            prepared = embedded(app.embedder, [_cut(article) for _, article in batch])
            mending.replace_passages(app.database, made, prepared)
        some = [article.id for _, article in mending.articles(app.database, numbers[:SHOWN])]
        done.append(f"{len(numbers)} articles were embedded anew ({_listed(some, len(numbers))})")
    mending.rebuild_postings(app.database)  # those of what was taken out are still there
    return "; ".join([*done, "the postings were made anew"])


def _cut(article: Article) -> tuple[Article, list[Chunk]]:
    return article, chunking.chunk_article(article, read_layout(article.text, article.title))


def _listed(names: Sequence[str], count: int) -> str:
    return ", ".join([*names, *(["..."] if count > len(names) else [])])


# -- postings -----------------------------------------------------------------------------


def postings(app: App, repair: bool) -> Check:
    """Whether the words of all passages, and no others, are found."""

    def find() -> str | None:
        held = app.catalogue.contract()
        own = held is None or held.lexical == lexical.VERSION
        return of_postings(app.database, thorough=repair, own=own)

    def mend() -> str:
        mending.rebuild_postings(app.database)
        return "the postings were made anew from the texts"

    def sound() -> str:
        return "they agree with the texts"

    return Mendable("postings", find, sound, mend, "makes them anew from the texts").check(repair)


# -- copies -------------------------------------------------------------------------------


def copies(app: App, repair: bool) -> Check:
    """Whether it is known of every article whose copy it is."""

    def broken() -> frozenset[int]:
        with app.database.snapshot():
            return faults.of_copies(app.database.read())

    def find() -> str | None:
        count = len(broken())
        return f"not known, or not whole, of {count} articles" if count else None

    def mend() -> str:
        wrong = broken()
        mending.compare_again(app.database, wrong)
        return f"{len(wrong)} articles were compared with the others again"

    def sound() -> str:
        return "known of every article"

    return Mendable("copies", find, sound, mend, "compares those articles again").check(repair)
