"""The Bot API methods this server knows, by name."""

from collections.abc import Awaitable, Callable

from tests.support import bot_chat_methods, bot_methods, bot_update_methods, message_methods
from tests.support.api_error import ApiError
from tests.support.params import Params
from tests.support.world import World

Method = Callable[[World, Params], Awaitable[object]]

_METHODS: dict[str, Method] = {
    "getMe": bot_methods.get_me,
    "getChat": bot_chat_methods.get_chat,
    "getUpdates": bot_update_methods.get_updates,
    "setWebhook": bot_update_methods.set_webhook,
    "deleteWebhook": bot_update_methods.delete_webhook,
    "getWebhookInfo": bot_update_methods.get_webhook_info,
    "getChatMember": bot_chat_methods.get_chat_member,
    "leaveChat": bot_chat_methods.leave_chat,
    "getFile": bot_chat_methods.get_file,
    "setMyName": bot_methods.set_my_name,
    "getMyName": bot_methods.get_my_name,
    "setMyCommands": bot_methods.set_my_commands,
    "getMyCommands": bot_methods.get_my_commands,
    "deleteMyCommands": bot_methods.delete_my_commands,
    "setMyDescription": bot_methods.set_my_description,
    "getMyDescription": bot_methods.get_my_description,
    "setMyShortDescription": bot_methods.set_my_short_description,
    "getMyShortDescription": bot_methods.get_my_short_description,
    "sendMessage": message_methods.send_message,
    "sendDocument": message_methods.send_document,
    "editMessageText": message_methods.edit_message_text,
    "editMessageReplyMarkup": message_methods.edit_message_reply_markup,
    "deleteMessage": message_methods.delete_message,
    "sendChatAction": message_methods.send_chat_action,
    "answerCallbackQuery": message_methods.answer_callback_query,
    "answerInlineQuery": message_methods.answer_inline_query,
    "setMessageReaction": message_methods.set_message_reaction,
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
