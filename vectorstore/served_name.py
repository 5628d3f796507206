"""The name that a home's collection has on a Chroma server, kept in a file of the home."""

import json
import os
import uuid
from pathlib import Path


class ServedName:
    """Made once and kept when the home is moved; a copy of the home gets one of its own."""

    def __init__(self, root: Path) -> None:
        self._file = root / "server.json"
        self._home = str(root.resolve())

    def known(self) -> str | None:
        """The name, if this home has one."""
        name, home = _read(self._file)
        return name if home == self._home else None

    def own(self) -> str:
        """The name, made if there is none; OSError if it can't be kept. For the owner."""
        name, home = _read(self._file)
        if name is None or home is None or (home != self._home and self._is_at(home, name)):
            name, home = f"beleg-{uuid.uuid4().hex}", None
        if home != self._home:
            draft = self._file.with_suffix(".draft")
            with draft.open("w", encoding="utf-8") as file:
                json.dump({"collection": name, "home": self._home}, file)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._file)
        return name

    def _is_at(self, home: str, name: str) -> bool:
        return _read(Path(home) / self._file.name)[0] == name


def _read(file: Path) -> tuple[str | None, str | None]:
    """The name and whose it is; Nones from a file that is missing or broken."""
    try:
        held = json.loads(file.read_text("utf-8"))
        return str(held["collection"]), str(held["home"])
    except (OSError, ValueError, TypeError, KeyError):
        return None, None
