"""What the user names to a stream of articles and failures: files, folders, addresses, stdin."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ingest.files import formats
from ingest.files.kinds import Wanted, known, on_disk, read_file
from ingest.files.listings import nowhere
from ingest.files.mapping import FieldMapping
from ingest.files.records import json_lines
from ingest.files.url_list import is_address, shown
from ingest.found import Failure, Follow, Found

__all__ = ["STANDARD_INPUT", "Failure", "origin", "read"]

STANDARD_INPUT = "-"


def origin(source: str) -> str:
    """The name under which the catalogue remembers what a source brought."""
    if source == STANDARD_INPUT:
        return source
    return shown(source) if is_address(source) else _name(os.path.realpath(source))


def read(
    source: str,
    stdin: BinaryIO,
    *,
    mapping: FieldMapping | None = None,
    follow: Follow | None = None,
) -> Iterator[Found]:
    """Everything that a source brings, one at a time, in a fixed order.

    `mapping` says where the fields lie in JSON and CSV; `follow` fetches what an address brings.
    """
    wanted = Wanted(mapping, follow or nowhere)
    if source == STANDARD_INPUT:
        yield from json_lines(stdin, STANDARD_INPUT, mapping)
        return
    if is_address(source):
        yield from wanted.follow(source)
        return
    path = Path(source)
    try:
        if path.is_dir():
            yield from _folder(path, wanted)
        elif path.exists():
            yield from read_file(on_disk(path, _name(path)), wanted)
        else:
            yield Failure(_name(source), "There is no such file or folder.")
    except OSError as error:
        yield Failure(_name(source), f"It can't be read ({error.strerror or error}).")


def _folder(folder: Path, wanted: Wanted) -> Iterator[Found]:
    """Every file of a known format below a folder; hidden ones are passed over."""
    found = False
    refused: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and formats.kind_of(name)[0]:
                found = True
                path = Path(root, name)
                yield from read_file(on_disk(path, _name(path)), wanted)
    for error in refused:
        yield Failure(_name(error.filename), f"It can't be read ({error.strerror or error}).")
    if not found and not refused:
        yield Failure(_name(folder), f"The folder holds no article ({known()}).")


def _name(path: str | Path) -> str:
    """A path fit to be shown and stored, whatever bytes its name is made of."""
    return str(path).encode(errors="surrogateescape").decode(errors="replace")
