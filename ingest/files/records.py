"""Files that hold many articles as records: JSON lines, JSON and CSV."""

import codecs
import io
from collections.abc import Iterable, Iterator
from functools import partial
from typing import BinaryIO

from ingest.files import formats, tables
from ingest.files.decoding import decode
from ingest.files.mapping import FieldMapping
from ingest.files.reading import LARGEST, File, understood, whole
from ingest.found import Failure, Found
from vectorstore.errors import SourceError

BLOCK = 2**20  # bytes read at a time
EMPTY = "There are no articles in it."


def json_lines(file: Iterable[bytes], name: str, mapping: FieldMapping | None) -> Iterator[Found]:
    """Lines end in LF only: JSON text may hold U+2028 and U+0085."""
    empty = True
    for number, line in enumerate(file, 1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not content.strip():
            continue
        empty = False
        try:
            if mapping is None:
                yield understood(partial(formats.from_json_line, content))
            else:
                record = mapping.record(formats.json_value(content))
                yield understood(partial(formats.from_record, record))
        except SourceError as error:
            yield Failure(f"{name}:{number}", str(error))
    if empty:
        yield Failure(name, EMPTY)


def bounded_lines(file: BinaryIO, most: int = LARGEST) -> Iterator[bytes]:
    """The lines of a file that is unpacked as it is read; SourceError if one has no end."""
    while line := file.readline(most + 1):
        if len(line) > most:
            raise SourceError(f"It holds a line of more than {most // 2**20} MB.")
        yield line


def json_file(file: File, data: bytes, mapping: FieldMapping | None) -> Iterator[Found]:
    """One article, a list of them, or a list within, which the mapping names."""
    shape = mapping or FieldMapping()
    document = formats.json_value(decode(data), "The file")
    records = shape.records_in(document)
    if not records:
        yield Failure(file.name, EMPTY)
    for number, found in enumerate(records, 1):
        try:
            record = shape.record(found)
            if found is document:  # the file is the article: its place is an identity
                yield understood(partial(formats.from_record, record, file.path, file.place))
            else:
                yield understood(partial(formats.from_record, record))
        except SourceError as error:
            name = file.name if found is document else f"{file.name}:{number}"
            yield Failure(name, str(error))


def csv_file(file: File, mapping: FieldMapping | None) -> Iterator[Found]:
    """A row is an article. What is UTF-8 is read row by row, however large it is."""
    shape = mapping or FieldMapping()
    empty = True
    if not file.packed and _is_utf8(file):
        text: io.TextIOBase = io.TextIOWrapper(file.open(), encoding="utf-8-sig", newline="")
    else:
        text = io.StringIO(decode(whole(file)), newline="")
    with text:
        for number, row in tables.rows(text):  # type: ignore[arg-type]
            empty = False
            try:
                yield understood(partial(formats.from_record, shape.record(row)))
            except SourceError as error:
                yield Failure(f"{file.name}:{number}", str(error))
    if empty:
        yield Failure(file.name, EMPTY)


def _is_utf8(file: File) -> bool:
    """Whether all of it is, and none of it binary; reads it once, a block at a time."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with file.open() as stream:
        try:
            while block := stream.read(BLOCK):
                if b"\0" in block:
                    return False
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True
