"""Files that are there whole or not at all, whatever ends the process or the power."""

import os
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Replaces a file's text in one step; OSError if it can't be written."""
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    publish(draft, path)


def publish(draft: Path, path: Path) -> None:
    """Gives a finished draft its name, in place of what had it; both on the same disk."""
    sync(draft)
    draft.replace(path)
    sync_folder(path.parent)


def sync(path: Path) -> None:
    """Waits until a file's content is on the disk."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Waits until the names in a folder are on the disk, where folders can be opened."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows
        return
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
