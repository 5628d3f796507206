"""What the user names to a stream of articles and failures: files, folders, standard input."""

import logging
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ingest import formats
from vectorstore.errors import SourceError
from vectorstore.models import Article

STANDARD_INPUT = "-"
LARGEST = 64 * 2**20  # bytes of one file that holds one article; JSONL files have no limit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be taken in, and why, in words for the user."""

    source: str
    error: str


def origin(source: str) -> str:
    """The name under which the catalogue remembers what a source brought."""
    return source if source == STANDARD_INPUT else _name(os.path.realpath(source))


def read(source: str, stdin: BinaryIO) -> Iterator[Article | Failure]:
    """Everything that a source brings, one at a time, in a fixed order."""
    if source == STANDARD_INPUT:
        yield from _json_lines(stdin, "-")
        return
    path = Path(source)
    try:
        if path.is_dir():
            yield from _folder(path)
        elif path.exists():
            yield from _file(path)
        else:
            yield Failure(_name(source), "There is no such file or folder.")
    except OSError as error:
        yield Failure(_name(source), f"It can't be read ({error.strerror or error}).")


def _folder(folder: Path) -> Iterator[Article | Failure]:
    """Every file of a known format below a folder; hidden ones are passed over."""
    found = False
    refused: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if not name.startswith(".") and path.suffix.lower() in formats.SUFFIXES:
                found = True
                yield from _file(path)
    for error in refused:
        yield Failure(_name(error.filename), f"It can't be read ({error.strerror or error}).")
    if not found and not refused:
        yield Failure(_name(folder), f"The folder holds no article ({_known()}).")


def _file(path: Path) -> Iterator[Article | Failure]:
    kind = formats.SUFFIXES.get(path.suffix.lower())
    try:
        if kind is None:
            raise SourceError(f"Files of this kind are not understood ({_known()} are).")
        if kind == "jsonl":
            with path.open("rb") as file:
                yield from _json_lines(file, _name(path))
            return
        if path.stat().st_size > LARGEST:
            raise SourceError(f"The file is larger than {LARGEST // 2**20} MB.")
        article = _understood(partial(_READERS[kind], path.read_bytes(), path))
    except SourceError as error:
        yield Failure(_name(path), str(error))
    except OSError as error:
        yield Failure(_name(path), f"The file can't be read ({error.strerror or error}).")
    else:
        yield article


def _understood(read_article: Callable[[], Article]) -> Article:
    """The article, or a SourceError: no parser's bug may cost the rest of an ingest."""
    try:
        return read_article()
    except (SourceError, OSError):
        raise
    except Exception as error:
        log.exception("a parser failed")
        raise SourceError(f"It can't be understood ({type(error).__name__}).") from error


def _json_lines(file: BinaryIO, name: str) -> Iterator[Article | Failure]:
    """Lines end in LF only: JSON text may hold U+2028 and U+0085."""
    empty = True
    for number, line in enumerate(file, 1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.strip():
            continue
        empty = False
        try:
            article = _understood(partial(formats.from_json_line, content))
        except SourceError as error:
            yield Failure(f"{name}:{number}", str(error))
        else:
            yield article
    if empty:
        yield Failure(name, "There are no articles in it.")


_READERS: dict[str, Callable[[bytes, Path], Article]] = {
    "text": formats.from_text,
    "markdown": formats.from_markdown,
    "html": formats.from_html,
}


def _known() -> str:
    return ", ".join(sorted(formats.SUFFIXES))


def _name(path: str | Path) -> str:
    """A path fit to be shown and stored, whatever bytes its name is made of."""
    return str(path).encode(errors="surrogateescape").decode(errors="replace")
