"""PDF and DOCX to text and metadata, each opened in a bounded child process."""

import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from ingest.files import archives
from ingest.files.document_child import ENCRYPTED
from ingest.files.pdf_text import PdfLine, joined, largest
from ingest.pages.plain import one_line
from vectorstore.errors import SourceError

SECONDS = 120.0  # of wall time for one document
MOST = 64 * 2**20  # bytes that the child may answer
DAMAGED = "It is damaged or too large to be read."
_CHILD = Path(__file__).with_name("document_child.py")
_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH")  # no secrets
_MADE_BY = ("microsoft word", "powerpoint", "untitled", "unbenannt", "ohne titel")
_JUNK = ("word document", "document", "dokument", "word-dokument", "print", "title", "titel")
_TEMPLATE = "python-docx"  # its template names itself as the author, and a day of 2013


@dataclass(frozen=True, slots=True)
class Document:
    """What a document says, and what it says of itself; dates in ISO 8601."""

    text: str
    title: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str | None = None


def read_pdf(data: bytes) -> Document:
    """Paragraphs in reading order, without what repeats on the pages' edges."""
    if b"%PDF-" not in data[:1_024]:
        raise SourceError("It is no PDF.")
    return _understood(_pdf, _opened("pdf", data))


def read_docx(data: bytes) -> Document:
    """Headings and paragraphs a blank line apart, a table's rows one a line, cells a tab apart."""
    archives.refuse_bomb(data)
    return _understood(_docx, _opened("docx", data))


def _understood(make: Callable[[dict[str, Any]], Document], found: dict[str, Any]) -> Document:
    """The document; SourceError if the child, taken over or not, gave no such thing."""
    try:
        return make(found)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise SourceError(DAMAGED) from error


def _pdf(found: dict[str, Any]) -> Document:
    if found.get("error") == ENCRYPTED:
        raise SourceError("The PDF is locked with a password. Save a copy without one.")
    pages = [[PdfLine(*line) for line in page] for page in found["pages"]]
    text = joined(pages)
    if not text:
        raise SourceError("The PDF holds no text, only pictures of it. Run OCR on it first.")
    properties = found["properties"]
    return Document(
        text=text,
        title=_title(properties.get("Title")) or largest(pages),
        authors=_authors(properties.get("Author")),
        published=_pdf_date(properties.get("CreationDate")),
    )


def _docx(found: dict[str, Any]) -> Document:
    parts: list[str] = []
    previous, heading = "", None
    for style, content in found["blocks"]:
        if not content.strip():
            continue
        if heading is None and style in ("Title", "Heading 1"):
            heading = one_line(content)
        parts += ["\n" if style == previous == "table" else "\n\n", content]
        previous = style
    if not parts:
        raise SourceError("The document holds no text.")
    properties = found["properties"]
    made = properties["author"] != _TEMPLATE or not properties["created"].startswith("2013-12-23")
    return Document(
        text="".join(parts[1:]),
        title=_title(properties["title"]) or heading,
        authors=_authors(properties["author"]),
        published=properties["created"] or None if made else None,
        language=properties["language"] or None,
    )


def _opened(kind: str, data: bytes) -> dict[str, Any]:
    """What the child found; SourceError if it failed, crashed, or took or said too much."""
    answer, late = _asked(kind, data)
    if late:
        raise SourceError(f"It takes longer than {SECONDS:.0f} s to read.")
    try:
        found = json.loads(answer) if len(answer) <= MOST else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise SourceError(DAMAGED)
    return found


def _asked(kind: str, data: bytes) -> tuple[bytes, bool]:
    """The child's answer, and whether it was stopped for being late."""
    late = threading.Event()
    with subprocess.Popen(
        [sys.executable, "-I", str(_CHILD), kind],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(SECONDS, stop)
        writer = threading.Thread(target=_fed, args=(child.stdin, data), daemon=True)
        clock.start()
        writer.start()
        try:
            answer = child.stdout.read(MOST + 1)
        finally:
            clock.cancel()
            child.kill()
            writer.join()
    return answer, late.is_set()


def _fed(stdin: IO[bytes], data: bytes) -> None:
    with contextlib.suppress(OSError):  # the child is gone: its answer says so
        stdin.write(data)
    with contextlib.suppress(OSError):
        stdin.close()


def _title(value: str | None) -> str | None:
    """The title, unless a program put it there."""
    title = one_line(value)
    if title is None or len(title) < 3:
        return None
    plain = title.lower()
    named_as_file = " " not in title and Path(plain).suffix[1:5].isalpha()
    junk = plain in _JUNK or plain.startswith(_MADE_BY) or named_as_file
    return None if junk or plain.endswith((".doc", ".docx", ".pdf", ".indd")) else title


def _authors(value: str | None) -> tuple[str, ...]:
    names = (one_line(name) for name in (value or "").replace("\n", ";").split(";"))
    return tuple(name for name in names if name and name != _TEMPLATE)


def _pdf_date(value: str | None) -> str | None:
    """ "D:20260315103000+01'00'" as 2026-03-15T10:30:00+01:00."""
    digits = (value or "").removeprefix("D:")
    day, clock, zone = digits[:8], digits[8:14], digits[14:].replace("'", ":").rstrip(":")
    if len(day) != 8 or not day.isdigit():
        return None
    written = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    if len(clock) != 6 or not clock.isdigit():
        return written
    return f"{written}T{clock[:2]}:{clock[2:4]}:{clock[4:]}" + ("Z" if zone[:1] == "Z" else zone)
