"""One file of any kind to its articles, a stream of them where it holds many."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from ingest.files import archives, formats, listings, records
from ingest.files.feeds import is_feed
from ingest.files.mapping import FieldMapping
from ingest.files.reading import DAMAGED, File, understood, unpacked, whole
from ingest.files.url_list import addresses_in
from ingest.found import Failure, Follow, Found
from vectorstore.errors import SourceError
from vectorstore.models import Article


@dataclass(frozen=True, slots=True)
class Wanted:
    """How the user wants sources read."""

    mapping: FieldMapping | None = None
    follow: Follow = listings.nowhere


def known() -> str:
    """The suffixes of all kinds, for messages."""
    return ", ".join(sorted(formats.SUFFIXES))


def on_disk(path: Path, name: str) -> File:
    """A file that has a path of its own."""

    def opened() -> BinaryIO:
        return path.open("rb")

    return File(name, path, opened, packed=formats.kind_of(path.name)[1])


def read_file(file: File, wanted: Wanted) -> Iterator[Found]:
    """Everything that a file brings; what can't be read is a Failure."""
    kind, _ = formats.kind_of(file.path.name)
    try:
        yield from (_unknown if kind is None else _READERS[kind])(file, wanted)
    except SourceError as error:
        yield Failure(file.name, str(error))
    except DAMAGED:
        yield Failure(file.name, "It is damaged: it can't be unpacked to its end.")
    except OSError as error:
        yield Failure(file.name, f"The file can't be read ({error.strerror or error}).")


def _unknown(file: File, wanted: Wanted) -> Iterator[Found]:
    """A list of addresses may have any name; nothing else is guessed at."""
    data = whole(file)
    addresses = None if b"\0" in data else addresses_in(data.decode("utf-8", "replace"))
    if addresses is None:
        raise SourceError(f"Files of this kind are not understood ({known()} are).")
    yield from listings.followed(addresses, file.name, wanted.follow)


def _article(
    reader: Callable[[bytes, Path, str | None], Article], file: File, wanted: Wanted
) -> Iterator[Found]:
    yield understood(partial(reader, whole(file), file.path, file.place))


def _text(file: File, wanted: Wanted) -> Iterator[Found]:
    yield from listings.text_or_addresses(file, whole(file), wanted.follow)


def _xml(file: File, wanted: Wanted) -> Iterator[Found]:
    yield from listings.listed(file, whole(file), wanted.follow)


def _json_lines(file: File, wanted: Wanted) -> Iterator[Found]:
    with unpacked(file).open() as stream:
        lines = records.bounded_lines(stream)
        yield from records.json_lines(lines, file.name, wanted.mapping)


def _json(file: File, wanted: Wanted) -> Iterator[Found]:
    data = whole(file)
    if wanted.mapping is None and is_feed(data):
        yield from listings.listed(file, data, wanted.follow)
    else:
        yield from records.json_file(file, data, wanted.mapping)


def _csv(file: File, wanted: Wanted) -> Iterator[Found]:
    yield from records.csv_file(file, wanted.mapping)


def _zip(file: File, wanted: Wanted) -> Iterator[Found]:
    """The members of known kinds; an archive in an archive is not opened."""
    if file.place is not None:
        raise SourceError("It is an archive within an archive. Unpack the outer one first.")
    found = False
    for member in archives.members(file.path):
        kind, packed = formats.kind_of(member.name)
        if kind is not None:
            found = True
            yield from read_file(_member(file, member, packed), wanted)
    if not found:
        yield Failure(file.name, f"The archive holds no article ({known()}).")


def _member(file: File, member: archives.Member, packed: bool) -> File:
    """Its name is a path for its last part only: nothing ever opens it."""
    name = member.name.replace("\\", "/").rpartition("/")[2]

    def opened() -> BinaryIO:
        return member.open()

    place = f"{file.path.resolve()}!{member.name}"
    return File(f"{file.name}!{member.name}", Path(name), opened, place, packed)


_READERS: dict[str, Callable[[File, Wanted], Iterator[Found]]] = {
    "text": _text,
    "markdown": partial(_article, formats.from_markdown),
    "html": partial(_article, formats.from_html),
    "jsonl": _json_lines,
    "json": _json,
    "csv": _csv,
    "xml": _xml,
    "pdf": partial(_article, formats.from_pdf),
    "docx": partial(_article, formats.from_docx),
    "zip": _zip,
}
