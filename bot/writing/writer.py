"""A chat model writes, code decides what is shown: only sentences that their passages support.

What fails is dropped; if nothing is left, the model is asked once more. A model never writes a
quote: for each sentence the spans that support it are cut from the articles.
"""

import logging
import random
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from bot.writing import declining
from bot.writing.declining import Reply
from bot.writing.labels import SentenceParser, Written
from bot.writing.model import ChatFailed, ChatModels, Metered
from bot.writing.orders import gives_orders, leads_away
from bot.writing.prompt import Prompt, again, prompt_of
from bot.writing.verification import Verdict
from vectorstore.models import Hit, Span

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

MOST_SENTENCES = 6

log = logging.getLogger(__name__)


class Ending(StrEnum):
    """How the writing of an answer ended."""

    WRITTEN = "written"
    REFUSED = "refused"
    """The model says that the passages hold no answer."""
    UNSUPPORTED = "unsupported"
    """Nothing that it wrote is supported."""
    FAILED = "failed"
    """It could not be asked, or fell silent before a sentence was whole."""
    SPENT = "spent"
    """The budget of tokens for today is spent."""


@dataclass(frozen=True, slots=True)
class Supported:
    """A sentence that may be shown, and the spans of passages that say it."""

    text: str
    support: tuple[tuple[Hit, Span], ...]


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of the writing: what was said, by which model, for how many tokens.

    `whole` is False if the reply broke off; `dropped` whether sentences were that are not shown.
    """

    ending: Ending
    said: tuple[Supported, ...] = ()
    model: str | None = None
    tokens: int = 0
    whole: bool = True
    dropped: bool = False


Check = Callable[[str, Sequence[Hit]], Verdict]


@dataclass(slots=True)
class _Draft:
    """What has come of the replies so far."""

    said: list[Supported] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    refused: bool = False
    declined: bool = False
    tokens: int = 0
    model: str | None = None
    reply: str = ""
    before: frozenset[tuple[str, Span]] = frozenset()
    """What supports the sentences of a reply that broke off: another one needn't say it again."""


def write(
    models: ChatModels | Metered,
    question: str,
    hits: Sequence[Hit],
    language: str,
    check: Check,
    chance: random.Random,
) -> Generator[Supported, None, Finished]:
    """The sentences of an answer as they prove to be supported; returns how it ended."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    shown = [hit for hit in hits if not gives_orders(hit.article)]
    if not shown:
        log.warning("no chat model is asked: all articles that were found give it orders")
        return Finished(Ending.UNSUPPORTED)
    prompt = prompt_of(question, shown, language, chance)
    messages = [SystemMessage(prompt.system), HumanMessage(prompt.user)]
    draft = _Draft()
    try:
        yield from _replied(models, messages, prompt, check, draft)
        if not draft.said and draft.failed and not draft.refused:
            more = [AIMessage(draft.reply), HumanMessage(again(draft.failed))]
            draft.failed.clear()
            draft.declined = False
            yield from _replied(models, [*messages, *more], prompt, check, draft)
    except ChatFailed as error:
        log.info("the answer is not written to its end: %s", error)
        return replace(_finished(Ending.FAILED, draft), whole=False)
    refused = draft.refused or (draft.declined and not draft.failed)
    return _finished(Ending.REFUSED if refused else Ending.UNSUPPORTED, draft)


def _finished(ending: Ending, draft: _Draft) -> Finished:
    """`ending` is for the case that nothing was said."""
    said = tuple(draft.said)
    written, dropped = Ending.WRITTEN if said else ending, bool(draft.failed)
    return Finished(written, said, draft.model, draft.tokens, dropped=dropped)


def _replied(
    models: ChatModels | Metered,
    messages: "Sequence[BaseMessage]",
    prompt: Prompt,
    check: Check,
    draft: _Draft,
) -> Iterator[Supported]:
    """The supported sentences of one reply, and before it of those that broke off."""
    parser, draft.reply = SentenceParser(prompt.labels), ""
    for piece in models.stream(messages):
        if piece.begins:
            parser, draft.reply = SentenceParser(prompt.labels), ""
            draft.before = frozenset(_places(draft.said))
        if piece.text:
            draft.model, draft.reply = piece.model, draft.reply + piece.text
        draft.tokens += piece.tokens
        for written in parser.feed(piece.text):
            yield from _checked(written, prompt, check, draft)
    for written in parser.end():
        yield from _checked(written, prompt, check, draft)


def _checked(written: Written, prompt: Prompt, check: Check, draft: _Draft) -> Iterator[Supported]:
    cited = [prompt.labels[label] for label in written.labels]
    kind = declining.kind(written.text, bool(cited))
    if kind is not Reply.SAID:
        draft.refused = draft.refused or kind is Reply.REFUSED
        draft.declined = draft.declined or kind is Reply.DECLINED
        return
    if len(draft.said) == MOST_SENTENCES or any(s.text == written.text for s in draft.said):
        return
    if leads_away(written.text):
        log.info("a sentence is dropped: it holds a link or markup")
        draft.failed.append(written.text)
        return
    verdict = check(written.text, cited)
    if verdict.ok:
        sentence = Supported(written.text, verdict.support)
        if not draft.before or not draft.before.issuperset(_places([sentence])):
            draft.said.append(sentence)
            yield sentence
    else:
        log.info("a sentence is dropped: %s", verdict.reason)
        draft.failed.append(written.text)


def _places(said: Sequence[Supported]) -> Iterator[tuple[str, Span]]:
    """What supports sentences, as places in articles."""
    return ((hit.article.id, span) for one in said for hit, span in one.support)
