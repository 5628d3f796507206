"""How the bot gets into chats and out of them."""

import time
from typing import Any

from tests.support.api_error import ApiError, bad_request
from tests.support.world import Json, World

_GONE: Json = {"status": "kicked", "until_date": 0}
_LEFT: Json = {"status": "left"}
_IN: Json = {"status": "member"}


def block(world: World, chat_id: int) -> None:
    """The owner of a private chat blocks the bot."""
    assert chat_id > 0, "only people can block a bot; a group throws it out"
    chat = world.open_chat(chat_id)
    world.bar(chat_id, lambda: ApiError(403, "Forbidden: bot was blocked by the user"))
    _tell(world, chat, chat_id, _IN, _GONE)


def throw_out(world: World, chat_id: int, user_id: int) -> None:
    """Someone removes the bot from a group."""
    assert chat_id < 0, "nobody can throw a bot out of a private chat"
    chat = world.open_chat(chat_id)
    reason = f"Forbidden: bot was kicked from the {chat['type']} chat"
    world.bar(chat_id, lambda: ApiError(403, reason))
    _tell(world, chat, user_id, _IN, _GONE)


def leave(world: World, chat: Json) -> None:
    """The bot goes by itself."""
    reason = f"Forbidden: bot is not a member of the {chat['type']} chat"
    world.bar(chat["id"], lambda: ApiError(403, reason))
    _tell(world, chat, world.me["id"], _IN, _LEFT)


def let_in(world: World, chat_id: int, user_id: int) -> None:
    """The bot may write (again)."""
    chat = world.open_chat(chat_id)
    before = _GONE if world.is_barred(chat_id) else _LEFT
    world.unbar(chat_id)
    _tell(world, chat, user_id, before, _IN)


def migrate(world: World, group: int, to: int, user_id: int) -> None:
    """A group moves to a new id as a supergroup; both sides get a service message."""
    old, new = world.open_chat(group), world.open_chat(to)
    old["type"], new["type"] = "group", "supergroup"
    sender = world.person(user_id)
    for chat, service in (
        (old, {"migrate_to_chat_id": to}),
        (new, {"migrate_from_chat_id": group}),
    ):
        world.updates.push("message", world.add_message(chat, sender, service))
    reason = "group chat was upgraded to a supergroup chat"
    world.bar(group, lambda: bad_request(reason, migrate_to_chat_id=to))


def _tell(world: World, chat: Json, user_id: int, before: Json, after: Json) -> None:
    actor = world.me if user_id == world.me["id"] else world.person(user_id)
    change: dict[str, Any] = {
        "chat": chat,
        "from": actor,
        "date": int(time.time()),
        "old_chat_member": {"user": world.me, **before},
        "new_chat_member": {"user": world.me, **after},
    }
    world.updates.push("my_chat_member", change)
