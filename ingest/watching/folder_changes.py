"""In which of some folders something has changed, told as soon as it is quiet there again."""

import logging
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.files import formats
from ingest.watching.stopping import Stop

QUIET = 400  # milliseconds without a change, after which a file counts as written
GATHERED = 5_000  # milliseconds after which changes are told although more are coming
LOOK = 1.0  # seconds between two looks whether the folders are still those that are watched
RETRY = 60.0  # seconds until folders that can't be watched are tried again

log = logging.getLogger(__name__)

Places = dict[str, tuple[str, int, int]]
"""Each folder that is there: its real path, and the device and inode that it is known by."""


def changed_folders(folders: Sequence[str], stop: Stop, apart: Path) -> Iterator[set[str]]:
    """The folders of which files came, changed or went; ends when it is told to stop.

    Those that are there come once for a start, as soon as no change of them can escape notice, and
    again whenever one of them appears or is put in another's place. Nothing `apart` counts: it is
    the home, which Beleg itself writes to.
    """
    while not stop.is_set():
        places = _places(folders)
        try:
            if places:
                yield from _watched(places, folders, stop, os.path.realpath(apart))
            else:
                stop.wait(LOOK)
        except (OSError, RuntimeError) as error:  # too many folders for the system, say
            log.warning("changes in folders are not noticed, only at each interval: %s", error)
            stop.wait(RETRY)


def _watched(places: Places, folders: Sequence[str], stop: Stop, apart: str) -> Iterator[set[str]]:
    """First all of them, then what changes, until a folder comes, goes or is replaced."""
    from watchfiles import watch

    roots = {folder: place[0] for folder, place in places.items()}
    seen = False
    for changes in watch(
        *sorted(set(roots.values())),
        watch_filter=None,
        debounce=GATHERED,
        step=QUIET,
        stop_event=stop,
        rust_timeout=int(LOOK * 1000),
        yield_on_timeout=True,
        raise_interrupt=False,
        ignore_permission_denied=True,
    ):
        paths = [path for _, path in changes if not _is_below(path, apart)]
        found = {f for f, root in roots.items() if any(_is_read(path, root) for path in paths)}
        if not seen or found:
            yield found if seen else set(roots)
        seen = True
        if _places(folders) != places:
            return


def _is_read(path: str, root: str) -> bool:
    """Whether an ingest would look there; of what is gone nobody knows whether it was a folder."""
    if not _is_below(path, root):
        return False
    parts = Path(os.path.relpath(path, root)).parts
    if any(part.startswith(".") and part != "." for part in parts):
        return False
    return bool(formats.kind_of(os.path.basename(path))[0]) or not os.path.isfile(path)


def _is_below(path: str, root: str) -> bool:
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def _places(folders: Sequence[str]) -> Places:
    found: Places = {}
    for folder in folders:
        real = os.path.realpath(folder)
        try:
            state = os.stat(real)
        except (OSError, ValueError):
            continue
        found[folder] = (real, state.st_dev, state.st_ino)
    return found
