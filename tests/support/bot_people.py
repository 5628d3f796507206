"""The part of the remote control that acts for people."""

from typing import Any

from tests.support import bot_chats
from tests.support.bot_remote import Remote
from tests.support.people import Place, ask_inline, edit, post, press, react, say


class PeopleRemote(Remote):
    """People write, press, ask and leave; every method is thread-safe."""

    def open_chat(self, chat: int) -> None:
        """Let the bot write to a chat in which nobody has written yet."""
        self._loop.call(lambda: self._world.open_chat(chat))

    # -- messages ---------------------------------------------------------------

    def user_sends(
        self,
        text: str,
        *,
        chat: int,
        user: int | None = None,
        reply_to: int | None = None,
        thread: int | None = None,
        user_language: str = "de",
        ago: int = 0,
    ) -> int:
        """Write as a user (in a private chat: its owner), so many seconds ago.

        Returns the message's id.
        """
        place = Place(chat, _user_in(chat, user), reply_to, thread, user_language, ago)
        return self._loop.call(lambda: say(self._world, text, place))

    def user_edits(self, text: str, *, chat: int, message_id: int, user: int | None = None) -> None:
        """Change an own message; the same text again is what a link preview does."""
        user_id = _user_in(chat, user)
        self._loop.call(lambda: edit(self._world, text, chat, message_id, user_id))

    def user_sends_media(
        self,
        chat: int,
        user: int | None = None,
        *,
        reply_to: int | None = None,
        thread: int | None = None,
        user_language: str = "de",
        **content: Any,
    ) -> int:
        """Send something else than text: `photo=[...]`, `voice={...}`, `caption="..."`.

        bot_media.sample("voice") has content to send. Returns the message's id.
        """
        place = Place(chat, _user_in(chat, user), reply_to, thread, user_language)
        return self._loop.call(lambda: post(self._world, content, place))

    def user_sends_document(
        self,
        name: str,
        data: bytes,
        *,
        chat: int,
        user: int | None = None,
        mime: str | None = None,
        caption: str | None = None,
        size: int | None = None,
        reply_to: int | None = None,
        user_language: str = "de",
    ) -> int:
        """Send a file that the bot can fetch; returns the message's id.

        The size told may lie; getFile goes by the larger of the two. Without a mime
        type, the name decides.
        """
        place = Place(chat, _user_in(chat, user), reply_to, None, user_language)

        def send() -> int:
            document = self._world.files.add(name, data, mime=mime, size=size)
            content = {"document": document} | ({"caption": caption} if caption else {})
            return post(self._world, content, place)

        return self._loop.call(send)

    # -- the rest -----------------------------------------------------------------

    def press_button(
        self, data: str, *, chat: int, message_id: int, user: int | None = None
    ) -> str:
        """Press the button with this callback data; returns the callback query's id."""
        user_id = _user_in(chat, user)
        return self._loop.call(
            lambda: press(
                self._world, chat_id=chat, message_id=message_id, data=data, user_id=user_id
            )
        )

    def asks_inline(self, query: str, *, user: int, language: str = "de") -> str:
        """Type "@bot query" in any chat; returns the inline query's id."""
        return self._loop.call(lambda: ask_inline(self._world, query, user, language))

    def reacts(self, emoji: str, *, chat: int, message_id: int) -> None:
        """React to a message in a private chat; "" takes the reaction back."""
        self._loop.call(lambda: react(self._world, emoji, chat, message_id))

    # -- chats ----------------------------------------------------------------------

    def blocks(self, chat: int) -> None:
        """The owner of a private chat blocks the bot."""
        self._loop.call(lambda: bot_chats.block(self._world, chat))

    def unblocks(self, chat: int) -> None:
        """The owner of a private chat lets the bot write again."""
        self._loop.call(lambda: bot_chats.let_in(self._world, chat, chat))

    def leaves_group(self, chat: int, *, user: int = 1) -> None:
        """The bot is thrown out of a group by a user."""
        self._loop.call(lambda: bot_chats.throw_out(self._world, chat, user))

    def joins_group(self, chat: int, *, user: int = 1) -> None:
        """The bot is added to a group by a user."""
        self._loop.call(lambda: bot_chats.let_in(self._world, chat, user))

    def migrates(self, group: int, to: int, *, user: int = 1) -> None:
        """A group becomes a supergroup with another id."""
        self._loop.call(lambda: bot_chats.migrate(self._world, group, to, user))


def _user_in(chat: int, user: int | None) -> int:
    """Who acts: in a private chat its owner, in a group user 1 unless one is named."""
    return user or (chat if chat > 0 else 1)
