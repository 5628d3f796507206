"""A file wherever it lies, on a disk or in an archive, opened when it is wanted."""

import gzip
import logging
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from ingest.files.compression import gunzip
from vectorstore.errors import SourceError
from vectorstore.models import Article

LARGEST = 64 * 2**20  # bytes of one file that is read whole; JSONL and UTF-8 CSV have no limit

DAMAGED = (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class File:
    """`name` is for failures, `path` gives a title and, unless there is a `place`, the identity.

    `path` is opened by nobody but `open`: of a member of an archive it isn't one.
    """

    name: str
    path: Path
    open: Callable[[], BinaryIO]
    place: str | None = None
    packed: bool = False  # gzip is around what `open` reads


def whole(file: File) -> bytes:
    """All bytes, unpacked; SourceError if they are too many, DAMAGED if they can't be had."""
    with file.open() as stream:
        data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise SourceError(f"The file is larger than {LARGEST // 2**20} MB.")
    return gunzip(data, LARGEST) if file.packed else data


def unpacked(file: File) -> File:
    """The same file whose stream is unpacked as it is read."""
    if not file.packed:
        return file

    def opened() -> BinaryIO:
        return cast(BinaryIO, _Unpacked(file.open()))

    return replace(file, open=opened, packed=False)


class _Unpacked(gzip.GzipFile):
    """A stream of what gzip packed, which closes the stream below it with itself."""

    def __init__(self, below: BinaryIO) -> None:
        super().__init__(fileobj=below)
        self._below = below

    def close(self) -> None:
        super().close()
        self._below.close()


def understood(read_article: Callable[[], Article]) -> Article:
    """The article, or a SourceError: no parser's bug may cost the rest of an ingest."""
    try:
        return read_article()
    except (SourceError, OSError):
        raise
    except Exception as error:
        log.exception("a parser failed")
        raise SourceError(f"It can't be understood ({type(error).__name__}).") from error
