"""The Bot API methods about the bot itself, its chats and its updates."""

import json
import re

from tests.support.api_error import ApiError, bad_request
from tests.support.params import Params
from tests.support.world import Json, World

_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_SCOPES = {
    "default": (),
    "all_private_chats": (),
    "all_group_chats": (),
    "all_chat_administrators": (),
    "chat": ("chat_id",),
    "chat_administrators": ("chat_id",),
    "chat_member": ("chat_id", "user_id"),
}
_MAX_COMMANDS = 100
_MAX_COMMAND = 32
_MAX_COMMAND_DESCRIPTION = 256
_MAX_DESCRIPTION = 512
_MAX_SHORT_DESCRIPTION = 120
_LONGEST_POLL = 50
_MOST_UPDATES = 100


async def get_me(world: World, params: Params) -> Json:
    """getMe"""
    return world.me


async def get_chat(world: World, params: Params) -> Json:
    """getChat"""
    return {
        **world.chat(params.text("chat_id")),
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


# -- updates ------------------------------------------------------------------


async def get_updates(world: World, params: Params) -> list[Json]:
    """getUpdates: asking for an offset confirms all the updates below it."""
    updates = world.updates
    if "allowed_updates" in params:
        updates.allow(params.names("allowed_updates"))
    updates.confirm_before(params.integer("offset"))
    limit = min(max(params.integer("limit", _MOST_UPDATES), 1), _MOST_UPDATES)
    return await updates.poll(limit, min(params.integer("timeout"), _LONGEST_POLL))


async def set_webhook(world: World, params: Params) -> bool:
    """setWebhook: remembered, but nothing is delivered to it."""
    url = params.text("url")
    if url and not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if not _SECRET.fullmatch(params.text("secret_token")):
        raise bad_request("secret token contains unallowed characters")
    if "allowed_updates" in params:
        world.updates.allow(params.names("allowed_updates"))
    world.updates.webhook = url
    _drop_pending(world, params)
    return True


async def delete_webhook(world: World, params: Params) -> bool:
    """deleteWebhook"""
    world.updates.webhook = ""
    _drop_pending(world, params)
    return True


def _drop_pending(world: World, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        world.updates.clear()


# -- commands and descriptions --------------------------------------------------


async def set_my_commands(world: World, params: Params) -> bool:
    """setMyCommands"""
    commands = [_command(item) for item in params.array("commands")]
    if len(commands) > _MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    world.commands[_scope(params), _language(params)] = commands
    return True


async def get_my_commands(world: World, params: Params) -> list[Json]:
    """getMyCommands: exactly those of the scope and language, without a fallback."""
    return world.commands.get((_scope(params), _language(params)), [])


async def delete_my_commands(world: World, params: Params) -> bool:
    """deleteMyCommands"""
    world.commands.pop((_scope(params), _language(params)), None)
    return True


async def set_my_description(world: World, params: Params) -> bool:
    """setMyDescription"""
    return _describe(world, params, "description", _MAX_DESCRIPTION)


async def set_my_short_description(world: World, params: Params) -> bool:
    """setMyShortDescription"""
    return _describe(world, params, "short_description", _MAX_SHORT_DESCRIPTION)


async def get_my_description(world: World, params: Params) -> Json:
    """getMyDescription"""
    return {"description": world.descriptions.get(("description", _language(params)), "")}


async def get_my_short_description(world: World, params: Params) -> Json:
    """getMyShortDescription"""
    key = ("short_description", _language(params))
    return {"short_description": world.descriptions.get(key, "")}


def _describe(world: World, params: Params, kind: str, limit: int) -> bool:
    text = params.text(kind)
    if len(text) > limit:  # the wording of this refusal is a guess
        raise bad_request(f"BOT_{kind.upper()}_TOO_LONG")
    world.descriptions[kind, _language(params)] = text
    return True


def _command(item: Json) -> Json:
    command = str(item.get("command", "")).strip().removeprefix("/")
    description = str(item.get("description", "")).strip()
    for what, text, limit in (
        ("command", command, _MAX_COMMAND),
        ("command description", description, _MAX_COMMAND_DESCRIPTION),
    ):
        if not text:
            raise bad_request(f"{what} must be non-empty")
        if len(text) > limit:
            raise bad_request(f"{what} length must not exceed {limit}")
    if not _COMMAND.fullmatch(command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}


def _scope(params: Params) -> str:
    """The scope in a form that can be compared."""
    scope = params.object("scope", "BotCommandScope") or {"type": "default"}
    needed = _SCOPES.get(scope.get("type", ""))
    if needed is None:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for field in needed:
        if field not in scope:
            raise ApiError(400, f'Bad Request: can\'t parse BotCommandScope: "{field}" is missing')
    return json.dumps({key: str(scope[key]) for key in ("type", *needed)})


def _language(params: Params) -> str:
    code = params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code
