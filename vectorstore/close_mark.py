"""The mark of a clean close: what makes an embedded Chroma worth opening.

Sampling a store proves nothing: one that was killed while it persisted may open well and crash
later. So one random mark, with a digest of all of Chroma's files, is written both beside Chroma
and into the catalogue when Chroma was closed cleanly, and is taken away before it is opened. A
process that falls with Chroma open, whatever felled it, leaves no mark.
"""

import hashlib
import os
import shutil
import uuid
from pathlib import Path

from vectorstore.database import Database

FOLDER, MARK = "chroma_folder", "chroma_mark"  # notes in the catalogue


class CloseMark:
    """The mark of a home's Chroma, in the file `clean` and in the catalogue."""

    def __init__(self, root: Path, database: Database) -> None:
        self._root = root
        self._database = database
        self._file = root / "clean"

    @property
    def folder(self) -> Path | None:
        """Where the store is that the catalogue knows of, if it knows of one."""
        name = self._database.note(FOLDER)
        return self._root / name if name else None

    def doubt(self) -> str | None:
        """Why the store may not be opened, in a few words; None if it may."""
        folder, mark = self.folder, self._database.note(MARK)
        if folder is None:
            return "it was never built"
        try:
            if not (folder / "chroma.sqlite3").is_file():
                return "its folder is missing"
            if not mark or mark != self._read():
                return "it was not closed cleanly, or belongs to another catalogue"
            changed = not mark.endswith(fingerprint(folder))
        except OSError:
            return "its files can't be read"
        return "its files have been changed" if changed else None

    def take_away(self) -> None:
        """Says that the store is open from now on; OSError if that can't be said."""
        self._file.unlink(missing_ok=True)

    def write(self) -> None:
        """Says that the store was closed cleanly; OSError or StoreError if that can't be said."""
        folder = self.folder
        if folder is None:
            return
        mark = uuid.uuid4().hex + fingerprint(folder)
        draft = self._file.with_suffix(".draft")
        with draft.open("w") as file:
            file.write(mark)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file)
        self._database.set_note(MARK, mark)

    def clear(self) -> bool:
        """Removes every store of the home, none of which is open; says whether they are gone."""
        self.take_away()
        if self.folder is not None:
            self._database.set_note(FOLDER, "")
        inside = self._root.iterdir() if self._root.is_dir() else ()
        folders = [path for path in inside if path.is_dir()]
        for path in folders:
            shutil.rmtree(path, ignore_errors=True)
        return not any(path.exists() for path in folders)

    def _read(self) -> str | None:
        try:
            return self._file.read_text()
        except (OSError, UnicodeDecodeError):
            return None


def fingerprint(folder: Path) -> str:
    """A digest of a closed store's files, names and bytes; 1 GB takes a second.

    Chroma opens without those that are missing or empty and finds less, and crashes on cut ones;
    of a flipped bit in a vector it says nothing at all.
    """
    whole = hashlib.blake2b(digest_size=16)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, hashlib.blake2b).digest()
        whole.update(repr((str(path.relative_to(folder)), digest)).encode())
    return whole.hexdigest()
