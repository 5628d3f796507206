"""The one error a Bot API method answers with."""

from typing import Any


class ApiError(Exception):
    """An unsuccessful answer: the HTTP status and Telegram's own description."""

    def __init__(
        self,
        code: int,
        description: str,
        *,
        retry_after: int | None = None,
        migrate_to_chat_id: int | None = None,
    ) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after
        self.migrate_to_chat_id = migrate_to_chat_id

    def response(self) -> dict[str, Any]:
        """The JSON body that Telegram sends for this error."""
        body: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        parameters = {
            "retry_after": self.retry_after,
            "migrate_to_chat_id": self.migrate_to_chat_id,
        }
        told = {name: value for name, value in parameters.items() if value is not None}
        return body | ({"parameters": told} if told else {})


def bad_request(reason: str, *, migrate_to_chat_id: int | None = None) -> ApiError:
    """A 400 in Telegram's wording."""
    return ApiError(400, f"Bad Request: {reason}", migrate_to_chat_id=migrate_to_chat_id)


def too_many_requests(retry_after: int) -> ApiError:
    """A 429 in Telegram's wording."""
    description = f"Too Many Requests: retry after {retry_after}"
    return ApiError(429, description, retry_after=retry_after)
