"""Notes in which a newspaper says that it has changed or corrected an article. Pure."""

import re

from vectorstore.models import Span

LONGEST = 600  # characters of a line that is a note and not a paragraph about one

_OPENS = re.compile(
    r"""^\W{0,3}(?:
    (?:Korrektur(?:hinweis)?|Berichtigung|Richtigstellung|Klarstellung|Aktualisierung|Update|
       Nachtrag|Correction|Corrections|Clarification|Amendment)\b
       [^:.\n]{0,40}\s*[:.–—]
    |(?:Anmerkung|Hinweis)\s+der\s+Redaktion\b
    |Editor[’']?s[’']?\s+note\b
    )""",
    re.X | re.I,
)
_TELLS = re.compile(
    r"""\bin\s+(?:einer|der)\s+(?:früheren|vorherigen|ursprünglichen|ersten|älteren)\s+
        (?:Version|Fassung)\b
    |\bin\s+einer\s+vorherigen\s+Version\b
    |\ban?\s+(?:earlier|previous)\s+version\s+of\s+this\s+(?:article|story|report|page)\b
    |\bthis\s+(?:article|story)\s+(?:has\s+been|was)\s+(?:corrected|amended|updated|edited)\b
    |\bwir\s+haben\s+(?:den|diesen)\s+(?:Fehler|Text|Artikel|Absatz)\s+(?:\w+\s+)?
        (?:korrigiert|berichtigt|geändert|angepasst)\b
    """,
    re.X | re.I,
)


_MISTAKE = re.compile(
    r"""\b(?:früheren|vorherigen|ursprünglichen|ersten|älteren)\s+(?:Version|Fassung)\b
    |\b(?:zunächst|ursprünglich|zuerst|irrtümlich|fälschlich(?:erweise)?)\b
    |\b(?:earlier|previous)\s+version\b|\b(?:originally|initially|incorrectly|mis-?stated)\b
    """,
    re.X | re.I,
)


def retells_mistake(text: str, sentence: Span) -> bool:
    """Whether a sentence of a note says what was wrong before, which must not be quoted as true."""
    if not _MISTAKE.search(text, sentence.start, sentence.end):
        return False
    notes = correction_notes(text)
    return any(note.start <= sentence.start < note.end for note in notes)


def correction_notes(text: str) -> tuple[Span, ...]:
    """The lines of an article that are such notes, in order, without outer blanks."""
    found = []
    for match in re.finditer(r"[^\n]*\S[^\n]*", text):
        line = match[0].strip()
        start = match.start() + match[0].index(line)
        if len(line) <= LONGEST and (_OPENS.match(line) or _TELLS.search(line)):
            found.append(Span(start, start + len(line)))
    return tuple(found)
