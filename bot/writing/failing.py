"""Why a chat model has failed, in a few plain words without secrets, and whether to ask again.

Each provider's package has errors of its own, many no more than what its code stumbled over.
"""

import re

from bot.redaction import redacted

_TOLD = 160  # characters of what a server says

_STATUS = {
    401: "the key is missing, wrong, or not for this model",
    403: "the key is missing, wrong, or not for this model",
    404: "there is no such model or address",
    408: "the server was too slow",
    429: "it is busy, or its quota is used up",
}
_STUMBLES = (
    TypeError,
    AttributeError,
    LookupError,
    ValueError,
    AssertionError,
)
"""What packages raise over a reply that isn't one, JSONDecodeError and pydantic's among them."""


def reason(error: Exception, address: str | None = None) -> str:
    """What went wrong; `address` is that of the server, told if nobody answers there."""
    status, kind = getattr(error, "status_code", None), type(error).__name__
    if isinstance(status, int):  # servers say a key back, or part of it
        return _STATUS.get(status) or _of_status(status, error)
    if "Timeout" in kind:
        return "the server was too slow"
    if "Connect" in kind or "RemoteProtocol" in kind or "ReadError" in kind:
        return f"nobody answers at {without_secrets(address)}" if address else "nobody answers"
    if isinstance(error, _STUMBLES):
        return "the server's reply is malformed"
    return f"the server says: {plain(error)}"


def _of_status(status: int, error: Exception) -> str:
    if status >= 500:
        return f"the server has an error (HTTP {status})"
    return f"the server refuses (HTTP {status}): {plain(error)}"


def plain(error: Exception) -> str:
    """The first line of an error, without what might be a key or an address with one."""
    first = (str(error).strip().splitlines() or [type(error).__name__])[0]
    first = redacted(first)  # also what no pattern knows
    first = re.sub(r"(?i)\b(basic|bearer|authorization)\b\W*\S+", r"\1 ...", first)
    told = re.sub(r"https?://\S+|\b(?:sk|key|pk)-\S+|[A-Za-z0-9_-]{30,}", "...", first)
    return told[:_TOLD]


def without_secrets(address: str) -> str:
    """An address without the name, password and question that it may hold."""
    return redacted(re.sub(r"//[^/@]*@|\?.*", lambda m: "//" if m[0][0] == "/" else "", address))


def asks_for(error: Exception, too_long: float) -> float:
    """The seconds that a busy server wants to be left alone; `too_long` if it names a date."""
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", 0)))
    except ValueError:  # a date: nobody waits for that
        return too_long


def may_pass(error: Exception) -> bool:
    """Whether to ask again makes sense: of a busy or absent server, not of a refusal or silence."""
    status = getattr(error, "status_code", None)
    if not isinstance(status, int):
        return "Timeout" not in type(error).__name__
    return status in (408, 409, 429) or status >= 500
