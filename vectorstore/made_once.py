"""Folders that are made once, whoever comes first: complete or absent, even after a kill.

A folder is written under another name and renamed. Several processes may do this at once: each
writes one of its own, one rename wins.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ABANDONED = 3600.0  # seconds after which a draft belongs to nobody


def new_draft(drafts: Path) -> Path:
    """An empty folder to write in; drafts that a kill left behind are removed."""
    drafts.mkdir(parents=True, exist_ok=True)
    for draft in drafts.glob(".draft-*"):
        if time.time() - draft.stat().st_mtime > ABANDONED:
            shutil.rmtree(draft, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=".draft-", dir=drafts))


def made(draft: Path, folder: Path, write: Callable[[Path], None]) -> None:
    """Has a draft written and puts it in place; OSError leaves nothing behind."""
    try:
        write(draft)
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _put_in_place(draft: Path, folder: Path) -> None:
    for path in [*(p for p in draft.rglob("*") if p.is_file()), draft]:
        handle = os.open(path, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    draft.chmod(0o755)
    try:
        draft.rename(folder)
    except OSError:
        if not folder.is_dir():  # else another process was faster, and its folder is the same
            raise
