"""How far an answer is, as its message shows it. Pure but for what it has seen so far."""

from dataclasses import dataclass, field

from bot.answer import Answer, Citation, Status
from bot.events import Event, Found, Said, Searching
from bot.tg.rendering import answer_messages, own_words
from bot.words import number, say


@dataclass(slots=True)
class Progress:
    """What events have told so far of the answer to a question, for somebody of a language."""

    question: str
    language: str
    _texts: list[str] = field(default_factory=list)
    _cited: list[Citation] = field(default_factory=list)

    def waiting(self, ahead: int) -> str:
        """So many are answered before."""
        key = "one_ahead" if ahead == 1 else "many_ahead"
        return self._said(say(key, self.language, count=number(ahead, self.language)))

    def in_line(self, place: int) -> str:
        """It is the second, third ... question of this person."""
        return self._said(say("in_line", self.language, place=place))

    def after(self, event: Event) -> str | None:
        """The HTML to show after an event; None if that is nothing new."""
        if isinstance(event, Searching):
            count = number(event.articles, self.language)
            return self._said(say("searching", self.language, count=count))
        if isinstance(event, Found) and event.enough:
            return self._said(say("reading", self.language, count=len(event.nearest)))
        if isinstance(event, Said):
            self._texts.append(event.text)
            self._cited += event.citations
            return f"{answer_messages(self._so_far())[0]}\n…"
        return None

    def _said(self, words: str) -> str:
        return own_words(words)[0]

    def _so_far(self) -> Answer:
        text, cited = "\n".join(self._texts), tuple(self._cited)
        return Answer(
            self.question, Status.ANSWERED, text, cited, (), 0.0, "any", 0.0, self.language
        )
