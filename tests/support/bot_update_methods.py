"""The Bot API methods by which updates come to the bot."""

import re
from urllib.parse import urlsplit

from tests.support.api_error import bad_request
from tests.support.params import Params
from tests.support.world import Json, World

_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
_PORTS = (None, 80, 88, 443, 8443)
_LOOPBACK = "http://127.0.0.1:"  # Telegram wants https; here tests may do without
_LONGEST_POLL = 50
_MOST_UPDATES = 100
_MOST_CONNECTIONS = 100
_USUAL_CONNECTIONS = 40


async def get_updates(world: World, params: Params) -> list[Json]:
    """getUpdates: asking for an offset confirms all the updates below it."""
    updates = world.updates
    updates.refuse_with_webhook()
    if "allowed_updates" in params:
        updates.allow(params.names("allowed_updates"))
    updates.confirm_before(params.integer("offset"))
    limit = min(max(params.integer("limit", _MOST_UPDATES), 1), _MOST_UPDATES)
    return await updates.poll(limit, min(params.integer("timeout"), _LONGEST_POLL))


async def set_webhook(world: World, params: Params) -> bool:
    """setWebhook"""
    url, secret = params.text("url"), params.text("secret_token")
    if url:
        _check_address(url)
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections", _USUAL_CONNECTIONS)
    if not 1 <= connections <= _MOST_CONNECTIONS:
        raise bad_request("max_connections is out of range")  # this wording is a guess
    if "allowed_updates" in params:
        world.updates.allow(params.names("allowed_updates"))
    _drop_pending(world, params)
    world.webhook.set(url, secret)
    return True


async def delete_webhook(world: World, params: Params) -> bool:
    """deleteWebhook"""
    world.webhook.set("", "")
    _drop_pending(world, params)
    return True


async def get_webhook_info(world: World, params: Params) -> Json:
    """getWebhookInfo"""
    info: Json = {
        "url": world.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(world.updates.pending()),
    }
    if world.updates.allowed:
        info["allowed_updates"] = sorted(world.updates.allowed)
    if world.webhook.last_error:
        info["last_error_date"], info["last_error_message"] = world.webhook.last_error
    return info


def _check_address(url: str) -> None:
    if url.startswith(_LOOPBACK):
        return
    if not url.startswith("https://"):
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if urlsplit(url).port not in _PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")


def _drop_pending(world: World, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        world.updates.clear()
