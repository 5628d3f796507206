"""The Bot API methods about chats, who is in them, and files."""

from tests.support import bot_chats
from tests.support.api_error import bad_request
from tests.support.params import Params
from tests.support.world import Json, World


async def get_chat(world: World, params: Params) -> Json:
    """getChat"""
    return {
        **world.known_chat(params.text("chat_id")),
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": {
            "unlimited_gifts": True,
            "limited_gifts": True,
            "unique_gifts": True,
            "premium_subscription": True,
            "gifts_from_channels": True,
        },
    }


async def get_chat_member(world: World, params: Params) -> Json:
    """getChatMember: the bot, or someone who has written there."""
    chat, user_id = world.chat(params.text("chat_id")), params.integer("user_id")
    if user_id == world.me["id"]:
        return {"status": "member", "user": world.me}
    if not world.is_member(chat["id"], user_id) and chat["id"] != user_id:
        raise bad_request("PARTICIPANT_ID_INVALID")
    return {"status": "member", "user": world.person(user_id)}


async def leave_chat(world: World, params: Params) -> bool:
    """leaveChat"""
    chat = world.chat(params.text("chat_id"))
    if chat["type"] == "private":
        raise bad_request("chat member status can't be changed in private chats")
    bot_chats.leave(world, chat)
    return True


async def get_file(world: World, params: Params) -> Json:
    """getFile"""
    return world.files.described(params.text("file_id"))
