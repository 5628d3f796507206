"""`@bot question` in any chat: quotes to send, looked for at every keystroke without a model."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha256

from telegram import (
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    Update,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest
from telegram.ext import ContextTypes

from bot.answer import Citation
from bot.quoting import quoted
from bot.tg.markup import good_link, messages, one_line, shortened, text, words
from bot.tg.rendering import LONGEST_QUOTE, titled, whereabouts
from bot.words import say
from vectorstore.errors import QuestionError

SHORTEST = 3  # characters of a question that is looked for
PAUSE = 0.25  # seconds without a further keystroke
AT_ONCE = 1  # searches; questions go before
CACHED = 60  # seconds for which Telegram may show the same again

_QUIET = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Inline:
    """Answers inline queries with what `quotes` finds."""

    quotes: Callable[[str], tuple[Citation, ...]]
    _latest: dict[int, str] = field(default_factory=dict)
    _turns: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    async def asked(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Somebody types a question; only the latest of each person is answered."""
        query = update.inline_query
        if query is None:
            return
        person, text = query.from_user.id, " ".join(query.query.split())
        self._latest[person] = query.id
        await asyncio.sleep(PAUSE if text else 0)
        if self._latest.get(person) != query.id:
            return
        del self._latest[person]
        language = query.from_user.language_code or "en"
        cited: tuple[Citation, ...] = ()
        if len(text) >= SHORTEST:
            try:
                async with self._turns:
                    cited = await asyncio.to_thread(self.quotes, text)
            except QuestionError:
                cited = ()
        hint = None
        if not cited:
            key = "inline_nothing" if len(text) >= SHORTEST else "inline_how"
            hint = InlineQueryResultsButton(say(key, language), start_parameter="inline")
        results = [_result(one, language) for one in cited]
        try:
            await query.answer(results, cache_time=CACHED, is_personal=True, button=hint)
        except BadRequest as error:
            if "too old" not in error.message.lower():  # who asked types on
                raise


def _result(cited: Citation, language: str) -> InlineQueryResultArticle:
    named = f"{cited.article_id}\0{cited.version}\0{cited.start}\0{cited.end}"
    content = InputTextMessageContent(
        _message(cited, language), ParseMode.HTML, link_preview_options=_QUIET
    )
    return InlineQueryResultArticle(
        sha256(named.encode()).hexdigest()[:32],
        one_line(cited.title or "", 120) or say("untitled", language),
        content,
        description=one_line(f"{cited.quote} {whereabouts(cited, language)}", 200),
    )


def _message(cited: Citation, language: str) -> str:
    """A quote as somebody sends it to others: with where it stands."""
    href = good_link(cited.link) or good_link(cited.url)
    quote = quoted(shortened(cited.quote, LONGEST_QUOTE), language)
    source = titled(cited, href, language) + text(whereabouts(cited, language))
    return messages([[*words(quote), text("\n")], [source]])[0]
