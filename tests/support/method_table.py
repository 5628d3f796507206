"""The Bot API methods this server knows, by name."""

from collections.abc import Awaitable, Callable

from tests.support import bot_methods, message_methods
from tests.support.api_error import ApiError
from tests.support.params import Params
from tests.support.world import World

Method = Callable[[World, Params], Awaitable[object]]

_METHODS: dict[str, Method] = {
    "getMe": bot_methods.get_me,
    "getChat": bot_methods.get_chat,
    "getUpdates": bot_methods.get_updates,
    "setWebhook": bot_methods.set_webhook,
    "deleteWebhook": bot_methods.delete_webhook,
    "setMyCommands": bot_methods.set_my_commands,
    "getMyCommands": bot_methods.get_my_commands,
    "deleteMyCommands": bot_methods.delete_my_commands,
    "setMyDescription": bot_methods.set_my_description,
    "getMyDescription": bot_methods.get_my_description,
    "setMyShortDescription": bot_methods.set_my_short_description,
    "getMyShortDescription": bot_methods.get_my_short_description,
    "sendMessage": message_methods.send_message,
    "editMessageText": message_methods.edit_message_text,
    "editMessageReplyMarkup": message_methods.edit_message_reply_markup,
    "deleteMessage": message_methods.delete_message,
    "sendChatAction": message_methods.send_chat_action,
    "answerCallbackQuery": message_methods.answer_callback_query,
}
_SPELLING = {name.lower(): name for name in _METHODS}


def canonical(name: str) -> str:
    """The usual spelling of a method's name: Telegram ignores the case."""
    return _SPELLING.get(name.lower(), name)


def method(name: str) -> Method:
    """The method of that (canonical) name, or a 404."""
    if name not in _METHODS:
        raise ApiError(404, "Not Found: method not found")
    return _METHODS[name]
