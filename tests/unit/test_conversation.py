"""What a chat remembers, and for how long."""

import pytest

from bot.answer import Answer, Citation, Status
from bot.conversation import LONGEST, TURNS, Conversation, Turn, read_turns
from vectorstore.errors import SourceError


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def answer(question: str, status: Status = Status.ANSWERED, searched: str | None = None) -> Answer:
    cited = Citation(1, "a", 1, "Das Bad", None, None, None, None, "Im Mai.", 0, 7)
    citations = (cited, cited) if status is Status.ANSWERED else ()
    told = "Im Mai. [1]" if citations else "Dazu steht nichts in den Artikeln."
    return Answer(
        question, status, told, citations, (), 0.9, None, 0.1, "de", searched=searched or question
    )


def test_an_answer_is_remembered_with_its_titles_once_and_the_question_that_was_searched() -> None:
    conversation = Conversation(Clock())
    conversation.note(answer("Wann?", searched="Wann öffnet das Bad?"))
    assert conversation.turns == (
        Turn("Wann?", "Wann öffnet das Bad?", "Im Mai. [1]", ("Das Bad",)),
    )


def test_of_a_refusal_only_the_question_is_remembered() -> None:
    conversation = Conversation(Clock())
    conversation.note(answer("Wann?", Status.NO_EVIDENCE))
    assert conversation.turns == (Turn("Wann?", "Wann?"),)


def test_only_the_last_turns_are_remembered() -> None:
    conversation = Conversation(Clock())
    for number in range(TURNS + 3):
        conversation.note(answer(f"Frage {number}?"))
    assert [turn.question for turn in conversation.turns] == [
        f"Frage {number}?" for number in range(3, TURNS + 3)
    ]


def test_what_was_said_long_ago_is_forgotten() -> None:
    clock = Clock()
    conversation = Conversation(clock)
    conversation.note(answer("Alt?"))
    clock.now = LONGEST / 2
    conversation.note(answer("Neu?"))
    clock.now = LONGEST + 1
    assert [turn.question for turn in conversation.turns] == ["Neu?"]


def test_earlier_turns_are_read_from_lines() -> None:
    lines = b'\n{"question": " Wer\\nfragt? ", "answer": "Ich."}\n{"question": "Und?"}'
    assert read_turns(b"\xef\xbb\xbf" + lines) == (
        Turn("Wer fragt?", "Wer fragt?", "Ich."),
        Turn("Und?", "Und?"),
    )


@pytest.mark.parametrize(
    "line", [b"{", b"[]", b"\xff", b'{"question": 1}', b'{"question": ""}', b"[" * 100_000]
)
def test_a_line_that_holds_no_turn_is_named(line: bytes) -> None:
    with pytest.raises(SourceError, match=r"^Line 2 of the context"):
        read_turns(b'{"question": "Wer?"}\n' + line)
