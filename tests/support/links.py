"""Which addresses Telegram accepts as a link."""

import re

_LINK = re.compile(
    r"""(?: (?P<scheme> https? | tg | ton | tonsite ) :// )?
        (?P<host> [^\s/?\#:@]+ )
        (?P<port> :\d+ )?
        (?P<rest> [/?\#] .* )?""",
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_PUBLIC_HOST = re.compile(r".*\.[^\W\d_]{2,}|\d+(\.\d+){3}")
_BLANK = re.compile(r"[\x00-\x20]")


def checked_link(url: str) -> str | None:
    """The link in Telegram's normal form, or None for one it would refuse.

    A missing scheme becomes http, a host needs a top-level domain or must be an
    IPv4 address ("localhost" is refused), and any other scheme is refused.
    """
    match = _LINK.fullmatch(url)
    if match is None:
        return None
    scheme = (match["scheme"] or "http").lower()
    rest = _BLANK.sub(lambda blank: f"%{ord(blank[0]):02X}", match["rest"] or "")
    if scheme in ("tg", "ton"):
        return f"{scheme}://{match['host']}{rest}"
    if not _PUBLIC_HOST.fullmatch(match["host"]):
        return None
    path = rest if rest.startswith("/") else f"/{rest}"
    return f"{scheme}://{match['host']}{match['port'] or ''}{path}"
