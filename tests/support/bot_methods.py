"""The Bot API methods about the bot itself: its name, commands and descriptions."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.support.api_error import bad_request
from tests.support.params import Params
from tests.support.world import Json, World

_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"(?:[a-z]{2})?")
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
_MAX_NAME = 64


async def get_me(world: World, params: Params) -> Json:
    """getMe"""
    return world.me


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


async def set_my_name(world: World, params: Params) -> bool:
    """setMyName"""
    return _describe(world, params, "name", _MAX_NAME)


async def get_my_name(world: World, params: Params) -> Json:
    """getMyName: without one for the language, the name the account has."""
    name = world.descriptions.get(("name", _language(params)))
    return {"name": name or world.me["first_name"]}


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


def scope_key(scope: Mapping[str, Any]) -> str:
    """A scope in a form that can be compared."""
    needed = _SCOPES.get(scope.get("type", ""))
    if needed is None:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    for field in needed:
        if field not in scope:
            raise bad_request(f'can\'t parse BotCommandScope: "{field}" is missing')
    return json.dumps({key: str(scope[key]) for key in ("type", *needed)})


def _scope(params: Params) -> str:
    return scope_key(params.object("scope", "BotCommandScope") or {"type": "default"})


def _language(params: Params) -> str:
    code = params.text("language_code")
    if not _LANGUAGE.fullmatch(code):
        raise bad_request("invalid language code specified")
    return code
