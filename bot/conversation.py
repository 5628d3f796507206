"""What was asked and answered before in a chat, for half an hour."""

import json
import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from bot.answer import Answer, Status
from vectorstore import lexical
from vectorstore.errors import SourceError

TURNS = 6  # of a conversation that are remembered
LONGEST = 30 * 60.0  # seconds for which a turn is

_WORD = re.compile(r"[^\W_]+")
_GREETINGS = frozenset(
    """danke dankeschön dank vielen schön sehr hallo hi hey servus moin merci guten tag morgen abend
    tschüss bitte super prima toll ok okay ja yes nein no gut well thanks thank you hello good
    morning evening bye please great cool nice""".split()
)
_THANKS = frozenset("danke dankeschön dank merci thanks thank".split())

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what became of it.

    `standalone` is the question as it can be understood alone; `text` and `titles` are the
    answer's, empty if there was none.
    """

    question: str
    standalone: str
    text: str = ""
    titles: tuple[str, ...] = ()


def turn_of(answer: Answer) -> Turn:
    """What is remembered of an answer. A refusal's own words are not."""
    text = answer.text if answer.status is Status.ANSWERED else ""
    titles = dict.fromkeys(cited.title for cited in answer.citations if cited.title)
    return Turn(answer.question, answer.searched or answer.question, text, tuple(titles))


def read_turns(lines: bytes) -> tuple[Turn, ...]:
    """The last turns of JSONL, `{"question", "answer"?}` a line; SourceError names a bad line."""
    turns = []
    for number, line in enumerate(lines.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            turns.append(_read(line, number))
    return tuple(turns[-TURNS:])


def _read(line: bytes, number: int) -> Turn:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        raise SourceError(f"Line {number} of the context is no JSON.") from None
    question = told.get("question") if isinstance(told, dict) else None
    if not isinstance(question, str) or not question.strip():
        raise SourceError(f'Line {number} of the context has no "question".')
    answer = told.get("answer")
    if not isinstance(answer, str | None):
        raise SourceError(f'Line {number} of the context has an "answer" that is no text.')
    asked = " ".join(question.split())
    return Turn(asked, asked, answer or "")


def greets(text: str) -> bool:
    """Whether it is a greeting or a thank-you, German or English, and asks nothing."""
    said = [word.lower() for word in _WORD.findall(text)]
    if not said or any(lexical.asks(word) for word in said):
        return False
    thanks = "?" not in text and not _THANKS.isdisjoint(said[:2])
    return thanks or all(word in _GREETINGS for word in said)


class Conversation:
    """The last turns of one chat, in memory; `clock` counts seconds."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._turns: deque[tuple[float, Turn]] = deque(maxlen=TURNS)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Those that still count, the oldest first."""
        since = self._clock() - LONGEST
        while self._turns and self._turns[0][0] < since:
            self._turns.popleft()
        return tuple(turn for _, turn in self._turns)

    def note(self, answer: Answer) -> None:
        """Remembers an answer as the latest turn."""
        self._turns.append((self._clock(), turn_of(answer)))

    def forget(self) -> None:
        """Begins anew."""
        self._turns.clear()
