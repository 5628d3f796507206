"""Failures a test orders in advance."""

from dataclasses import dataclass
from typing import Literal

from tests.support.api_error import ApiError

Drop = Literal["request", "response"]

_REASONS = {
    400: "Bad Request",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass
class Fault:
    """What goes wrong with the next `times` calls of a method, in one chat or in any.

    The method "*" is every one but getUpdates.

    First the delay; then the connection is dropped, or the error is answered, or
    (with neither) the call goes on as usual. A dropped "request" was never carried
    out; a dropped "response" was, but the bot cannot know it.
    """

    method: str
    error_code: int | None = None
    description: str | None = None
    retry_after: int | None = None
    delay: float = 0.0
    drop: Drop | None = None
    times: int = 1
    chat: int | None = None

    def meets(self, method: str, chat_id: str) -> bool:
        """Whether this call is one of those that go wrong."""
        if self.times < 1 or (self.chat is not None and chat_id != str(self.chat)):
            return False
        any_of_them = self.method == "*" and method != "getUpdates"
        return any_of_them or self.method.lower() == method.lower()

    def error(self) -> ApiError | None:
        """The error to answer with, if there is one."""
        code = self.error_code or (429 if self.retry_after is not None else None)
        if code is None:
            return None
        description = self.description or _REASONS.get(code, "Error")
        if self.description is None and self.retry_after is not None:
            description += f": retry after {self.retry_after}"
        return ApiError(code, description, retry_after=self.retry_after)


class Faults:
    """The faults still to come, in the order they were ordered."""

    def __init__(self) -> None:
        self._pending: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Order a fault."""
        self._pending.append(fault)

    def take(self, method: str, chat_id: str) -> Fault | None:
        """The fault this call meets."""
        for fault in self._pending:
            if fault.meets(method, chat_id):
                fault.times -= 1
                return fault
        return None

    def clear(self) -> None:
        """Let everything go well from now on."""
        self._pending.clear()
