"""Answers and their citations for tests of how they are shown."""

from typing import Any

from bot.answer import Answer, Citation, Status


def citation(
    number: int = 1, quote: str = "Die Mauer ist 41 Meter hoch.", **fields: Any
) -> Citation:
    """A citation in which only what matters is said."""
    url = fields.pop("url", f"https://example.org/{number}")
    defaults = {
        "article_id": f"a{number}",
        "version": 1,
        "title": f"Titel {number}",
        "url": url,
        "link": f"{url}#:~:text=Mauer" if url else None,
        "published": "2025-03-18",
        "source": "Anzeiger",
        "start": 0,
        "end": len(quote),
    }
    return Citation(number=number, quote=quote, **(defaults | fields))


def answer(*citations: Citation, **fields: Any) -> Answer:
    """The answer that quotes what it cites, or that there is none."""
    defaults = {
        "question": "?",
        "status": Status.ANSWERED if citations else Status.NO_EVIDENCE,
        "text": "\n".join(f"{' '.join(c.quote.split())} [{c.number}]" for c in citations),
        "citations": citations,
        "nearest": (),
        "confidence": 0.9,
        "model": None,
        "seconds": 0.1,
        "language": "de",
    }
    return Answer(**(defaults | fields))
