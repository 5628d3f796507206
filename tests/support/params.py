"""The parameters of one Bot API request."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.support.api_error import bad_request

_TRUE = ("true", "yes", "1")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with the request."""

    name: str
    data: bytes
    mime: str


class Params:
    """Typed access to the parameters, which all travel as text, but for files.

    Malformed numbers are refused here, where Telegram may quietly read a zero.
    """

    def __init__(
        self, values: Mapping[str, str], uploads: Mapping[str, Upload] | None = None
    ) -> None:
        self.values = dict(values)
        self._uploads = dict(uploads or {})

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> "Params":
        """Parameters of a JSON body: what is not text is kept as its JSON."""
        return cls({key: v if isinstance(v, str) else json.dumps(v) for key, v in body.items()})

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def text(self, name: str) -> str:
        """A text, empty if absent."""
        return self.values.get(name, "")

    def upload(self, name: str) -> Upload | None:
        """A file, sent under that name or under another one that "attach://" tells."""
        return self._uploads.get(self.text(name).removeprefix("attach://") or name)

    def flag(self, name: str) -> bool:
        """A Boolean, false if absent."""
        return self.text(name).lower() in _TRUE

    def integer(self, name: str, default: int = 0) -> int:
        """A whole number."""
        if name not in self.values:
            return default
        try:
            return int(self.values[name])
        except ValueError:
            raise bad_request(f'parameter "{name}" must be an integer') from None

    def object(self, name: str, called: str | None = None) -> dict[str, Any]:
        """A JSON object, empty if absent."""
        return self._json(name, dict, called or name, "object") or {}

    def array(self, name: str) -> list[dict[str, Any]]:
        """A JSON array of objects, empty if absent."""
        items = self._json(name, list, name, "array") or []
        if not all(isinstance(item, dict) for item in items):
            raise bad_request(f"can't parse {name} JSON array")
        return items

    def names(self, name: str) -> list[str]:
        """A JSON array of texts, empty if absent."""
        return [str(item) for item in self._json(name, list, name, "array") or []]

    def _json(self, name: str, kind: type, called: str, shape: str) -> Any:
        if not self.text(name):
            return None
        try:
            value = json.loads(self.values[name])
        except ValueError:
            value = None
        if not isinstance(value, kind):
            raise bad_request(f"can't parse {called} JSON {shape}")
        return value
