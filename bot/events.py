"""What happens while a question is answered, in its order: searched, found, said, done."""

from dataclasses import dataclass

from bot.answer import Answer, Citation, Nearest


@dataclass(frozen=True, slots=True)
class Searching:
    """The question is understood; so many articles are searched."""

    articles: int


@dataclass(frozen=True, slots=True)
class Found:
    """Articles that speak to the question, the nearest first; `enough` to answer from."""

    nearest: tuple[Nearest, ...]
    enough: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence that is shown, its numbers behind it, and the sources that come new with it."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer. What was said before is part of it, unless it says otherwise."""

    answer: Answer


Event = Searching | Found | Said | Done
