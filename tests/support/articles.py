"""Articles and hits for tests of what is pure."""

from vectorstore.models import Article, Chunk, Hit, ScoredSentence, Span, WordMatch


def article(
    article_id: str = "a",
    text: str = "Ein Satz.",
    url: str | None = None,
    title: str | None = "Titel",
    language: str = "de",
) -> Article:
    """An Article in which only what matters is said."""
    return Article(
        id=article_id,
        url=url,
        title=title,
        text=text,
        published="2026-03-18",
        updated=None,
        authors=(),
        source="Blatt",
        language=language,
        content_hash=article_id,
        version=1,
    )


def hit(of: Article, *sentences: tuple[str, float, float], score: float = 0.9) -> Hit:
    """A passage of an article; each sentence with its cosine and its coverage."""
    scored = []
    for text, dense, lexical in sentences:
        start = of.text.index(text)
        end, meant = start + len(text), 0.3 + 0.5 * lexical
        scored.append(ScoredSentence(start, end, dense, lexical, meant, dense, dense))
    spans = tuple(Span(s.start, s.end) for s in scored)
    chunk = Chunk(f"{of.id}-0", of.id, 1, 0, spans[0].start, spans[-1].end, spans)
    best = max(scored, key=lambda s: s.dense)
    words = (WordMatch("Wort", 5.0, True, best.lexical, best.words),)
    return Hit(chunk, of, score, best.dense, best.lexical, tuple(scored), words, best.lexical)
