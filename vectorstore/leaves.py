"""Rows straight from the pages of an SQLite file, for one that SQLite itself can't read any more.

A table's rows lie in its leaf pages, each whole but for long values, whose ends lie in chains of
other pages. So rows can be read without the page that lists the tables and without those that
lead to the leaves. What comes out is only worth what its reader can check: any page that looks
like a leaf is taken for one. (sqlite.org/fileformat2.html)
"""

import mmap
import struct
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import TypeAlias

Value: TypeAlias = int | float | str | bytes | None
Row: TypeAlias = tuple[Value, ...]

TABLE, INDEX = 0x0D, 0x0A  # the first bytes of pages with a table's rows, an index's entries
LONGEST = 1 << 30  # bytes of a row, which SQLite limits too

_MAGIC = b"SQLite format 3\0"
_LOG_MAGIC = (0x377F0682, 0x377F0683)
_INTEGERS = {1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8}  # bytes of a serial type
_GARBAGE = (IndexError, KeyError, ValueError, struct.error)


def rows(catalogue: Path, wanted: Mapping[int, Collection[int]]) -> Iterator[tuple[int, Row]]:
    """Rows of tables, each with its number, and entries of indexes, with number 0, in no order.

    `wanted` says of which kind of page (TABLE, INDEX), and how many columns they have.
    The log beside the file is read too: what was committed there is newer than the file.
    """
    with ExitStack() as stack:
        pages = _Pages(_mapped(catalogue, stack), _mapped(_log_of(catalogue), stack))
        for number in pages.numbers():
            yield from _rows(pages, number, wanted)


def _log_of(catalogue: Path) -> Path:
    return catalogue.with_name(catalogue.name + "-wal")


def _mapped(path: Path, stack: ExitStack) -> bytes | mmap.mmap:
    if not path.is_file() or path.stat().st_size == 0:
        return b""
    file = stack.enter_context(path.open("rb"))
    return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


class _Pages:
    """The pages of a file, the newest committed image of each."""

    def __init__(self, file: bytes | mmap.mmap, log: bytes | mmap.mmap) -> None:
        self._file = file
        self._log = log
        self.size = _page_size(file, log)
        self._newest = dict(self._committed())

    def numbers(self) -> Iterator[int]:
        last = len(self._file) // self.size
        yield from range(1, last + 1)
        yield from (number for number in self._newest if number > last)

    def page(self, number: int) -> bytes:
        """A page's bytes; empty if there is none."""
        at = self._newest.get(number)
        if at is not None:
            return self._log[at : at + self.size]
        if number < 1:
            return b""
        return self._file[(number - 1) * self.size : number * self.size]

    def _committed(self) -> Iterator[tuple[int, int]]:
        """Page numbers and where in the log they lie, up to the last transaction that ended."""
        if len(self._log) < 32:
            return
        salt, at, open_ = self._log[16:24], 32, list[tuple[int, int]]()
        while at + 24 + self.size <= len(self._log) and self._log[at + 8 : at + 16] == salt:
            number, ends = struct.unpack(">II", self._log[at : at + 8])
            open_.append((number, at + 24))
            if ends:
                yield from open_
                open_.clear()
            at += 24 + self.size


def _page_size(file: bytes | mmap.mmap, log: bytes | mmap.mmap) -> int:
    if len(log) >= 32 and struct.unpack(">I", log[:4])[0] in _LOG_MAGIC:
        found = struct.unpack(">I", log[8:12])[0]
    elif file[:16] == _MAGIC:
        found = struct.unpack(">H", file[16:18])[0]
        found = 65536 if found == 1 else found
    else:
        found = 0
    return found if found in {2**n for n in range(9, 17)} else 4096


def _rows(
    pages: _Pages, number: int, wanted: Mapping[int, Collection[int]]
) -> Iterator[tuple[int, Row]]:
    page = pages.page(number)
    start = 100 if number == 1 else 0
    if len(page) < pages.size or page[start] not in wanted:
        return
    (count,) = struct.unpack(">H", page[start + 3 : start + 5])
    for nth in range(min(count, pages.size // 4)):
        at = start + 8 + 2 * nth
        try:
            (cell,) = struct.unpack(">H", page[at : at + 2])
            found = _row(pages, page, cell, page[start], wanted[page[start]])
        except _GARBAGE:
            continue
        if found is not None:
            yield found


def _row(
    pages: _Pages, page: bytes, at: int, kind: int, columns: Collection[int]
) -> tuple[int, Row] | None:
    length, at = _varint(page, at)
    number, at = _varint(page, at) if kind == TABLE else (0, at)
    if not 0 < length <= LONGEST:
        return None
    local = _local(length, pages.size, kind)
    payload = page[at : at + local]
    types = _types(payload)
    if len(types) not in columns:
        return None
    if local < length:
        (onward,) = struct.unpack(">I", page[at + local : at + local + 4])
        payload += _chain(pages, onward, length - local)
    return number, tuple(_values(payload, types))


def _local(length: int, size: int, kind: int) -> int:
    """How many bytes of a row lie in its leaf."""
    most = size - 35 if kind == TABLE else (size - 12) * 64 // 255 - 23
    if length <= most:
        return length
    least = (size - 12) * 32 // 255 - 23
    kept = least + (length - least) % (size - 4)
    return kept if kept <= most else least


def _chain(pages: _Pages, number: int, length: int) -> bytes:
    parts, left = list[bytes](), length
    while left > 0:
        page = pages.page(number)
        (number,) = struct.unpack(">I", page[:4])
        parts.append(page[4 : 4 + left])
        left -= pages.size - 4
    return b"".join(parts)


def _types(payload: bytes) -> list[int]:
    end, at = _varint(payload, 0)
    if end > len(payload):
        raise ValueError("the header is longer than what there is")
    types = []
    while at < end:
        kind, at = _varint(payload, at)
        types.append(kind)
    return types


def _values(payload: bytes, types: list[int]) -> Iterator[Value]:
    at, _ = _varint(payload, 0)
    for kind in types:
        if kind >= 12:
            size = (kind - 12) // 2
            value = payload[at : at + size]
            if len(value) < size:
                raise ValueError("the value is cut off")
            yield value.decode() if kind % 2 else value
        elif kind in _INTEGERS:
            size = _INTEGERS[kind]
            yield int.from_bytes(payload[at : at + size], "big", signed=True)
        elif kind == 7:
            size = 8
            yield float(struct.unpack(">d", payload[at : at + 8])[0])
        else:
            size = 0
            yield {0: None, 8: 0, 9: 1}[kind]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number of one to nine bytes, and what comes behind it."""
    value = 0
    for _ in range(8):
        byte = data[at]
        at += 1
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            return value, at
    return value << 8 | data[at], at + 1
