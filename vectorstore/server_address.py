"""The address of a Chroma server as it is set, its credentials kept apart. Pure."""

from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """`url` has no name and password, and no slash at the end: it is fit for errors and logs."""

    url: str
    credentials: tuple[str, str] | None = field(default=None, repr=False)

    @classmethod
    def parse(cls, written: str) -> "ServerAddress":
        """Reads http(s)://[name:password@]host[:port][/path]; a ValueError quotes none of it."""
        refusal = ValueError("it is no http or https address such as http://localhost:8000")
        try:
            parts = urlsplit(written.strip())
            _ = parts.port
        except ValueError:
            raise refusal from None
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise refusal
        if parts.query or parts.fragment or "@" in parts.path:
            raise ValueError("it is an address with something behind the path")
        user, _, place = parts.netloc.rpartition("@")
        name, _, password = user.partition(":")
        url = parts._replace(netloc=place).geturl().rstrip("/")
        return cls(url, (unquote(name), unquote(password)) if user else None)

    def __str__(self) -> str:
        """The address fit to show: it says that there are credentials, not which."""
        if self.credentials is None:
            return self.url
        scheme, _, rest = self.url.partition("://")
        return f"{scheme}://***@{rest}"
