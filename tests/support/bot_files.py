"""Files on Telegram's servers: sent by people or by the bot, fetched by id."""

import mimetypes
import re
from dataclasses import dataclass
from itertools import count
from typing import Any

from tests.support.api_error import ApiError, bad_request

MAX_DOWNLOAD = 20 * 2**20
_EXTENSION = re.compile(r"\.[A-Za-z0-9]{1,10}$")


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file; the size told may differ from that of the data."""

    document: dict[str, Any]
    path: str
    data: bytes

    @property
    def too_big(self) -> bool:
        """Whether Telegram refuses to hand it to a bot."""
        told: int = self.document["file_size"]
        return max(told, len(self.data)) > MAX_DOWNLOAD


class Files:
    """The files of one server."""

    def __init__(self) -> None:
        self._files: dict[str, StoredFile] = {}
        self._numbers = count(1)

    def add(
        self, name: str, data: bytes, *, mime: str | None = None, size: int | None = None
    ) -> dict[str, Any]:
        """Keep a file; returns the Document that stands for it in a message."""
        number = next(self._numbers)
        extension = _EXTENSION.search(name)
        file_id = f"BQACAgIAAxkBAAI{number:06d}"
        document = {
            "file_id": file_id,
            "file_unique_id": f"AgAD{number:06d}",
            "file_name": name,
            "mime_type": mime or mimetypes.guess_type(name)[0] or "application/octet-stream",
            "file_size": len(data) if size is None else size,
        }
        path = f"documents/file_{number}{extension[0] if extension else ''}"
        self._files[file_id] = StoredFile(document, path, data)
        return document

    def document(self, file_id: str) -> dict[str, Any]:
        """The Document of a file that is sent again."""
        if file_id not in self._files:
            raise bad_request("wrong remote file identifier specified: Wrong string length")
        return self._files[file_id].document

    def described(self, file_id: str) -> dict[str, Any]:
        """The answer to getFile."""
        file = self._files.get(file_id)
        if file is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        if file.too_big:
            raise bad_request("file is too big")
        kept = ("file_id", "file_unique_id", "file_size")
        return {**{key: file.document[key] for key in kept}, "file_path": file.path}

    def data(self, file_id: str) -> bytes:
        """What is in a file."""
        return self._files[file_id].data

    def at(self, path: str) -> bytes:
        """What is at a path that getFile told."""
        for file in self._files.values():
            if file.path == path and not file.too_big:
                return file.data
        raise ApiError(404, "Not Found")
