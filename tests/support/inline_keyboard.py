"""Inline keyboards and what Telegram refuses about them."""

from typing import Any

from tests.support.api_error import ApiError, bad_request
from tests.support.links import checked_link
from tests.support.params import Params

_MAX_BUTTONS = 100
_MAX_CALLBACK_BYTES = 64
_MAX_COPIED_CHARACTERS = 256
_ACTIONS = (
    "url",
    "callback_data",
    "copy_text",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
)


def read_inline_keyboard(params: Params, *, required_inline: bool) -> dict[str, Any] | None:
    """The checked inline keyboard of a request, or None if it has none.

    Other reply markups are accepted where a message may have them; they do not
    show up in the message, so there is nothing to keep.
    """
    markup = params.object("reply_markup", "reply keyboard markup")
    if not markup:
        return None
    if "inline_keyboard" not in markup:
        if required_inline:
            raise bad_request("inline keyboard expected")
        return None
    rows = _rows(markup["inline_keyboard"])
    buttons = [button for row in rows for button in row]
    if len(buttons) > _MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    for button in buttons:
        _check(button)
    return {"inline_keyboard": rows} if buttons else None


def _rows(value: Any) -> list[list[dict[str, Any]]]:
    if not isinstance(value, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if not all(isinstance(row, list) for row in value):
        raise _unreadable("Field must be of type Array")
    if not all(isinstance(button, dict) for row in value for button in row):
        raise _unreadable("InlineKeyboardButton must be an Object")
    return [row for row in value if row]


def _check(button: dict[str, Any]) -> None:
    if "text" not in button:
        raise _unreadable('Can\'t find field "text"')
    if not isinstance(button["text"], str):
        raise _unreadable('Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not any(_has(button, action) for action in _ACTIONS):
        raise _unreadable("Text buttons are unallowed in the inline keyboard")
    if len(str(button.get("callback_data", "")).encode()) > _MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url is not None and checked_link(str(url)) is None:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    if "copy_text" in button:
        _check_copy_text(button["copy_text"])


def _has(button: dict[str, Any], action: str) -> bool:
    """Whether the button does this; an empty inline query is one, empty data is none."""
    return action in button and (button[action] != "" or action.startswith("switch_"))


def _check_copy_text(value: Any) -> None:
    text = value.get("text", "") if isinstance(value, dict) else ""
    if not 1 <= len(text) <= _MAX_COPIED_CHARACTERS:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")
