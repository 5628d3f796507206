"""CSV to rows by column, one at a time. Pure but for the stream it is given."""

import csv
import io
from collections.abc import Iterator
from typing import TextIO

from ingest.articles import LONGEST
from vectorstore.errors import SourceError

DELIMITERS = (",", ";", "\t", "|")
WIDEST = 2 * LONGEST  # characters of a field, and of a line: more than an article may have
SAMPLE = 65_536  # characters at the start in which the delimiter is looked for


def rows(text: TextIO) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of the row's last line, and its cells by the names in the first row.

    Columns without a name and empty cells are left out. SourceError if the table breaks off.
    """
    csv.field_size_limit(WIDEST)  # of the whole process
    sample = text.read(SAMPLE)
    delimiter = sniffed(sample)
    reader = csv.reader(_lines(sample, text), delimiter=delimiter)
    names: list[str] | None = None
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            reason = f"line {reader.line_num}: {error}"
            raise SourceError(f"The table can't be read any further ({reason}).") from error
        if not any(cell.strip() for cell in cells):
            continue
        if names is None:
            names = [cell.strip().lstrip("\ufeff") for cell in cells]
            continue
        pairs = zip(names, cells, strict=False)
        yield reader.line_num, {name: cell for name, cell in pairs if name and cell.strip()}


def sniffed(sample: str) -> str:
    """The delimiter that cuts the first row into most columns; a comma if none does."""
    first = next((line for line in sample.splitlines(keepends=True) if line.strip()), "")

    def columns(delimiter: str) -> int:
        try:
            return len(next(csv.reader(io.StringIO(first), delimiter=delimiter), []))
        except csv.Error:
            return 0

    return max(DELIMITERS, key=columns)


def _lines(sample: str, rest: TextIO) -> Iterator[str]:
    """The lines of both, of which the sample may end in the middle of one."""
    lines = io.StringIO(sample, newline="").readlines()
    yield from lines[:-1]
    line = (lines[-1] if lines else "") + rest.readline(WIDEST)
    while line:
        if len(line) >= WIDEST:
            raise SourceError(f"The table holds a line of more than {WIDEST:,} characters.")
        yield line
        line = rest.readline(WIDEST)
