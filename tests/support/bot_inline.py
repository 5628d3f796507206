"""Inline queries and what Telegram refuses about the answers to them."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.api_error import ApiError, bad_request
from tests.support.entity import Entity
from tests.support.inline_keyboard import read_inline_keyboard
from tests.support.message_text import MessageText, read_text
from tests.support.params import Params

_MAX_RESULTS = 50
_MAX_ID_BYTES = 64
_MAX_OFFSET_BYTES = 64
_DEFAULT_CACHE_TIME = 300
_START = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, slots=True)
class InlineResult:
    """One article the user can choose, with the message it would send."""

    id: str
    title: str
    description: str
    text: str
    entities: tuple[Entity, ...]
    reply_markup: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What the bot answered to an inline query."""

    query_id: str
    query: str
    user: int
    results: tuple[InlineResult, ...]
    cache_time: int
    is_personal: bool
    next_offset: str
    button: dict[str, Any] | None
    at: float  # by time.monotonic()


class InlineQueries:
    """The inline queries that wait, and the answers so far."""

    def __init__(self) -> None:
        self.open: dict[str, dict[str, Any]] = {}
        self.answers: list[InlineAnswer] = []

    def answer(self, params: Params) -> None:
        """Check an answer and keep it; each query is answered once."""
        results = _results(params)
        next_offset = params.text("next_offset")
        if len(next_offset.encode()) > _MAX_OFFSET_BYTES:
            raise bad_request("NEXT_OFFSET_INVALID")
        button = _button(params)
        query = self.open.pop(params.text("inline_query_id"), None)
        if query is None:
            raise bad_request(
                "query is too old and response timeout expired or query ID is invalid"
            )
        self.answers.append(
            InlineAnswer(
                query_id=query["id"],
                query=query["query"],
                user=query["from"]["id"],
                results=results,
                cache_time=params.integer("cache_time", _DEFAULT_CACHE_TIME),
                is_personal=params.flag("is_personal"),
                next_offset=next_offset,
                button=button,
                at=time.monotonic(),
            )
        )


def _results(params: Params) -> tuple[InlineResult, ...]:
    if "results" not in params:
        raise bad_request("inline query results are not specified")  # this wording is a guess
    given = params.array("results")
    if len(given) > _MAX_RESULTS:
        raise bad_request("too many inline query results specified")
    results = tuple(_result(item) for item in given)
    if len({result.id for result in results}) != len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    return results


def _result(item: Mapping[str, Any]) -> InlineResult:
    if item.get("type") != "article":
        raise ApiError(501, "Not Implemented: this test server knows inline articles only")
    for field in ("id", "title"):
        if field not in item:
            raise _unreadable(f'Can\'t find field "{field}"')
    result_id = str(item["id"])
    if not 1 <= len(result_id.encode()) <= _MAX_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    if not str(item["title"]).strip():
        raise bad_request("ARTICLE_TITLE_EMPTY")
    message = _message(item)
    markup = {"reply_markup": item["reply_markup"]} if item.get("reply_markup") else {}
    return InlineResult(
        result_id,
        str(item["title"]),
        str(item.get("description", "")),
        message.text,
        message.entities,
        read_inline_keyboard(Params.from_json(markup), required_inline=True),
    )


def _message(item: Mapping[str, Any]) -> MessageText:
    content = item.get("input_message_content")
    if not isinstance(content, dict):
        raise _unreadable("Input message content is not specified")
    if "message_text" not in content:
        raise ApiError(501, "Not Implemented: this test server knows inline texts only")
    given = Params.from_json({**content, "text": content["message_text"]})
    given.object("link_preview_options")
    return read_text(given, too_long="MESSAGE_TOO_LONG")


def _button(params: Params) -> dict[str, Any] | None:
    button = params.object("button", "InlineQueryResultsButton")
    if not button:
        return None
    if not button.get("text"):
        raise bad_request("can't parse inline query results button: Can't find field \"text\"")
    if "web_app" not in button and not _START.fullmatch(str(button.get("start_parameter", ""))):
        raise bad_request("START_PARAM_INVALID")
    return button


def _unreadable(reason: str) -> ApiError:
    return bad_request(f"can't parse InlineQueryResult: {reason}")
