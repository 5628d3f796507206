"""What the bot does with a message: let it in, answer it, or say kindly why not."""

import asyncio
import logging
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from telegram import Message, Update
from telegram.constants import ChatType
from telegram.error import BadRequest, Forbidden, TelegramError
from telegram.ext import (
    ApplicationHandlerStop,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    TypeHandler,
    filters,
)

from bot.answer import Answer
from bot.conversation import Conversations, Turn
from bot.engine import LONGEST_QUESTION
from bot.tg.polling import TelegramApplication
from bot.tg.rendering import answer_messages, own_words
from bot.tg.sending import reply, typing
from bot.words import say
from vectorstore.errors import QuestionError
from vectorstore.language import detect

Context = ContextTypes.DEFAULT_TYPE

_NEW = filters.UpdateType.MESSAGE
_PRIVATE = _NEW & filters.ChatType.PRIVATE
_WRITTEN = filters.TEXT & ~filters.COMMAND

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers over whatever answers a question; `allowed` ids empty means everyone.

    `ask` is given a question, whose it is, and what was asked before in its chat and topic.
    """

    ask: Callable[[str, str, Sequence[Turn]], Answer]
    allowed: frozenset[int]
    conversations: Conversations = field(default_factory=Conversations)

    def register(self, application: TelegramApplication) -> None:
        """Adds them to an application; in each group the first that matches acts."""
        application.add_handler(TypeHandler(Update, self.admit), group=-1)
        application.add_handlers(
            [
                CommandHandler("start", self.start, _NEW),
                CommandHandler("help", self.help, _NEW),
                CommandHandler(["neu", "new"], self.anew, _NEW),
                CommandHandler(["frage", "ask"], self.command, _NEW),
                MessageHandler(_PRIVATE & _WRITTEN, self.question),
                MessageHandler(_PRIVATE & filters.COMMAND, self.help),
                MessageHandler(_PRIVATE & ~filters.StatusUpdate.ALL, self.other),
                MessageHandler(
                    _NEW & filters.ChatType.GROUPS & filters.REPLY & _WRITTEN, self.follow_up
                ),
            ]
        )
        application.add_error_handler(failed)

    async def admit(self, update: Update, context: Context) -> None:
        """Stops what comes from nobody allowed; only a private chat hears of it."""
        message = update.effective_message
        if message is None:
            raise ApplicationHandlerStop
        person = message.from_user.id if message.from_user else message.chat_id
        if self.allowed and not self.allowed & {person, message.chat_id}:
            if message.chat.type == ChatType.PRIVATE:
                try:
                    await _say(message, "not_allowed")
                except Exception:  # raised on, it would let the message in
                    log.warning("a refusal could not be sent", exc_info=True)
            raise ApplicationHandlerStop

    async def start(self, update: Update, context: Context) -> None:
        """/start, which begins anew."""
        message = _message(update)
        self.conversations.forget(_place(message))
        await _say(message, "start")

    async def anew(self, update: Update, context: Context) -> None:
        """/neu and /new: what was asked before is forgotten."""
        message = _message(update)
        self.conversations.forget(_place(message))
        await _say(message, "forgotten")

    async def help(self, update: Update, context: Context) -> None:
        """/help, and in private any unknown command."""
        await _say(_message(update), "help")

    async def other(self, update: Update, context: Context) -> None:
        """A picture, a voice message and the like, in private."""
        await _say(_message(update), "only_text")

    async def question(self, update: Update, context: Context) -> None:
        """A text in private."""
        message = _message(update)
        await self._answer(message, message.text or "")

    async def follow_up(self, update: Update, context: Context) -> None:
        """A reply in a group, which is a question if it replies to this bot."""
        message = _message(update)
        if _is_by(message.reply_to_message, context.bot.id):
            await self._answer(message, message.text or "")

    async def command(self, update: Update, context: Context) -> None:
        """/frage and /ask: the question follows, or is what somebody wrote before."""
        message = _message(update)
        question = " ".join(context.args or ())
        replied = message.reply_to_message
        if not question and replied and not _is_by(replied, context.bot.id):
            part = message.quote  # what of the other message is quoted, if not all
            question = (part.text if part else replied.text or replied.caption) or ""
        if question:
            await self._answer(message, question)
        else:
            await _say(message, "ask_how")

    async def _answer(self, message: Message, question: str) -> None:
        conversation = self.conversations.of(_place(message))
        try:
            async with typing(message):
                turns = conversation.turns
                answer = await asyncio.to_thread(self.ask, question, _person(message), turns)
        except QuestionError:
            readable = any(c.isalnum() for c in question)
            key = "long_question" if readable else "empty_question"
            await _say(message, key, most=LONGEST_QUESTION)
        except asyncio.CancelledError:  # the bot stops and can't wait any longer
            await _say(message, "interrupted")
            raise
        else:
            conversation.note(answer)
            await reply(message, answer_messages(answer))


async def failed(update: object, context: Context) -> None:
    """Logs whatever a handler raised under an id, and tells the id to who asked."""
    error = context.error
    message = update.effective_message if isinstance(update, Update) else None
    if isinstance(error, Forbidden):
        log.info("chat %s does not want to hear: %s", message and message.chat_id, error)
        return
    number = secrets.token_hex(4)
    log.error("error %s in chat %s", number, message and message.chat_id, exc_info=error)
    reachable = isinstance(error, BadRequest) or not isinstance(error, TelegramError)
    if message and reachable:
        await _say(message, "failed", id=number)


async def _say(message: Message, key: str, **values: object) -> None:
    """One of Beleg's own sentences, in the language of the person or else of the message."""
    person = message.from_user
    language = (person and person.language_code) or detect(message.text or "", ("de", "en"))
    await reply(message, own_words(say(key, language, **values)))


def _message(update: Update) -> Message:
    """The message that the handlers' filters have made sure of."""
    assert update.message is not None
    return update.message


def _place(message: Message) -> tuple[int, int | None]:
    """The chat, and its topic if it has some: elsewhere a thread is only a chain of replies."""
    return message.chat_id, message.message_thread_id if message.is_topic_message else None


def _person(message: Message) -> str:
    """Whose question it is: a person's, or a chat's that writes as itself."""
    return f"telegram:{message.from_user.id if message.from_user else message.chat_id}"


def _is_by(message: Message | None, person: int) -> bool:
    return bool(message and message.from_user and message.from_user.id == person)
