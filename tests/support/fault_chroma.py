"""What can happen to Chroma's folder in a home, from outside. Each `Damage` is done to a home."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.support.kill_persist import sync
from tests.support.kill_processes import elsewhere

Damage = Callable[[Path], None]


def file_of(home: Path, name: str) -> Path:
    """The one file of this name in Chroma's folder."""
    (found,) = (home / "chroma").rglob(name)
    return found


def cut(name: str, share: float) -> Damage:
    def damage(home: Path) -> None:
        path = file_of(home, name)
        with path.open("r+b") as file:
            file.truncate(int(share * path.stat().st_size))

    return damage


def flip(name: str, dice: random.Random) -> Damage:
    def damage(home: Path) -> None:
        path = file_of(home, name)
        content = bytearray(path.read_bytes())
        if content:
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        path.write_bytes(content)

    return damage


def remove(name: str) -> Damage:
    return lambda home: file_of(home, name).unlink()


def remove_all(home: Path) -> None:
    shutil.rmtree(home / "chroma")


def remove_store(home: Path) -> None:
    shutil.rmtree(file_of(home, "chroma.sqlite3").parent)


def remove_graph(home: Path) -> None:
    shutil.rmtree(file_of(home, "header.bin").parent)


def file_instead(home: Path) -> None:
    remove_all(home)
    (home / "chroma").write_text("no folder")


def file_instead_of_store(home: Path) -> None:
    folder = file_of(home, "chroma.sqlite3").parent
    shutil.rmtree(folder)
    folder.write_text("no folder")


def folder_instead_of(name: str) -> Damage:
    def damage(home: Path) -> None:
        path = file_of(home, name)
        path.unlink()
        path.mkdir()

    return damage


def forbid(name: str) -> Damage:
    return lambda home: file_of(home, name).chmod(0)


def forbid_store(home: Path) -> None:
    file_of(home, "chroma.sqlite3").parent.chmod(0)


def forbid_writing(home: Path) -> None:
    store = file_of(home, "chroma.sqlite3").parent
    for path in (store, *store.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def set_back(home: Path) -> None:
    """A copy of the folder from before later articles came, as a partial backup may bring it."""
    shutil.copytree(home / "chroma", home.parent / "earlier", dirs_exist_ok=True)
    elsewhere(sync, home)
    remove_all(home)
    shutil.move(home.parent / "earlier", home / "chroma")


def foreign(other: Path, under_its_name: bool) -> Damage:
    def damage(home: Path) -> None:
        name = file_of(home, "chroma.sqlite3").parent.name
        remove_all(home)
        shutil.copytree(other / "chroma", home / "chroma")
        if under_its_name:
            file_of(home, "chroma.sqlite3").parent.rename(home / "chroma" / name)

    return damage


def foreign_store(other: Path) -> Damage:
    """Only the store is another's; the mark beside it is its own."""

    def damage(home: Path) -> None:
        folder = file_of(home, "chroma.sqlite3").parent
        shutil.rmtree(folder)
        shutil.copytree(file_of(other, "chroma.sqlite3").parent, folder)

    return damage
