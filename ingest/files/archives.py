"""The members of a ZIP, read in memory and never written anywhere. Names are only shown."""

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

from vectorstore.errors import SourceError

MOST_MEMBERS = 100_000
RATIO = 200  # unpacked bytes a packed byte; text has 3 to 20, a bomb a thousand
HARMLESS = 16 * 2**20  # bytes unpacked below which the ratio says nothing: blanks pack well
LARGEST_TOTAL = 16 * 2**30  # bytes unpacked, of an archive of articles
LARGEST_DOCUMENT = 512 * 2**20  # bytes unpacked, of a DOCX

_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, RuntimeError, ValueError)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive. `name` is fit to be shown, and no path of this machine."""

    name: str
    _archive: zipfile.ZipFile
    _info: zipfile.ZipInfo

    def open(self) -> BinaryIO:
        """A stream of its bytes; SourceError if it is locked, bomb-like or packed unlike any."""
        if self._info.flag_bits & 1:
            raise SourceError("It is locked with a password.")
        if self._info.compress_type not in _METHODS:
            raise SourceError("It is packed in a way that can't be unpacked here.")
        _refuse_ratio(self._info.file_size, self._info.compress_size)
        try:
            return cast(BinaryIO, self._archive.open(self._info))
        except _BROKEN as error:
            raise SourceError("It is damaged and can't be unpacked.") from error


def members(file: Path | BinaryIO) -> Iterator[Member]:
    """The files of an archive in its order, without hidden ones; SourceError if it can't be read.

    No member is unpacked before it is opened, and none further than its declared size.
    """
    with _opened(file) as archive:
        infos = archive.infolist()
        if len(infos) > MOST_MEMBERS:
            raise SourceError(f"The archive holds more than {MOST_MEMBERS:,} files.")
        _refuse_total(infos, LARGEST_TOTAL)
        for info in infos:
            parts = re.split(r"[/\\]", info.filename)
            hidden = any(part.startswith(".") and part.strip(".") for part in parts)
            if not info.is_dir() and not hidden and "__MACOSX" not in parts:
                name = _UNSHOWN.sub("\ufffd", info.filename)
                yield Member(name, archive, info)


def refuse_bomb(data: bytes) -> None:
    """SourceError if a document that is a ZIP inside is none, or would unpack to too much."""
    with _opened(io.BytesIO(data)) as archive:
        _refuse_total(archive.infolist(), LARGEST_DOCUMENT)


@contextmanager
def _opened(file: Path | BinaryIO) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(file)
    except _BROKEN as error:
        raise SourceError("It is damaged: it can't be opened as a ZIP file.") from error
    with archive:
        yield archive


def _refuse_total(infos: list[zipfile.ZipInfo], most: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    if unpacked > most:
        raise SourceError(f"Unpacked it is larger than {most // 2**20:,} MB.")
    packed_once = {info.header_offset: info.compress_size for info in infos}
    _refuse_ratio(unpacked, sum(packed_once.values()))


def _refuse_ratio(unpacked: int, packed: int) -> None:
    if unpacked > HARMLESS and unpacked > RATIO * packed:
        raise SourceError("It would unpack to far more than it could hold, as a bomb does.")
