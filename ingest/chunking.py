"""An article to passages: whole sentences packed to about 600 characters, with exact offsets."""

from collections.abc import Iterator, Sequence

from ingest.layout import Layout
from ingest.sentences import sentences
from vectorstore.models import Article, Chunk, Span
from vectorstore.records import chunk_identity

VERSION = 2
"""Raise when an article would be cut or embedded otherwise: the index has to be made anew."""

TARGET = 600  # characters of a passage (docs/decisions.md)


def chunk_article(article: Article, layout: Layout) -> list[Chunk]:
    """The passages of an article in order. A sentence that stood before is no second evidence."""
    seen: set[str] = set()
    packs: list[list[Span]] = []
    for stretch in layout.evidence():
        found = sentences(article.text, stretch.start, stretch.end, article.language)
        fresh = [s for s in found if _is_new(article.text[s.start : s.end], seen)]
        packs.extend(_packed(fresh))
    return [_chunk(article, ordinal, pack) for ordinal, pack in enumerate(packs)]


def _is_new(sentence: str, seen: set[str]) -> bool:
    key = " ".join(sentence.split()).casefold()
    if key in seen or not any(c.isalnum() for c in key):
        return False
    seen.add(key)
    return True


def _packed(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """Runs of sentences of about equal length, none longer than TARGET if it can be helped."""
    if not spans:
        return
    length = spans[-1].end - spans[0].start
    parts = -(-length // TARGET)
    share = length / parts
    pack: list[Span] = []
    for span in spans:
        if pack and _is_full(pack, span, share):
            yield pack
            pack = []
        pack.append(span)
    yield pack


def _is_full(pack: list[Span], following: Span, share: float) -> bool:
    start, end = pack[0].start, pack[-1].end
    if following.end - start > TARGET:
        return True
    return end - start >= share


def _chunk(article: Article, ordinal: int, pack: list[Span]) -> Chunk:
    return Chunk(
        id=chunk_identity(article.id, article.version, ordinal),
        article_id=article.id,
        version=article.version,
        ordinal=ordinal,
        start=pack[0].start,
        end=pack[-1].end,
        sentences=tuple(pack),
    )
