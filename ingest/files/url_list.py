"""A file that holds nothing but web addresses: a list of pages to read. Pure."""

from urllib.parse import urlsplit

from ingest.articles import web_address

COMMENT = "#"


def is_address(text: str) -> bool:
    """Whether it names something on the web rather than a file."""
    return text.lower().startswith(("http://", "https://"))


def shown(address: str) -> str:
    """The address without name and password, which belong in no message and no catalogue."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:  # of the port: a password with a slash in it passes for one
        return f"{address.partition('://')[0]}://…{address.rpartition('@')[2]}"
    if "@" not in parts.netloc:
        return address
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def addresses_in(text: str) -> tuple[str, ...] | None:
    """The addresses, each once and in order; None if any line is something else, or none is."""
    found: dict[str, None] = {}
    for line in text.lstrip("\ufeff").splitlines():
        address = line.strip()
        if not address or address.startswith(COMMENT):
            continue
        if not is_address(address) or web_address(address) is None:
            return None
        found[address] = None
    return tuple(found) or None
