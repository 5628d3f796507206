"""Chroma's folder cut, deleted, replaced, flipped, locked: it is rebuilt and nothing is lost."""

import random
import shutil
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from tests.support.fault_chroma import (
    Damage,
    cut,
    file_instead,
    file_instead_of_store,
    file_of,
    flip,
    folder_instead_of,
    forbid,
    forbid_store,
    forbid_writing,
    foreign,
    foreign_store,
    remove,
    remove_all,
    remove_graph,
    remove_store,
    set_back,
)
from tests.support.fault_command import beleg
from tests.support.fault_kernel import drop_rights
from tests.support.kill_inspection import inspect_catalogue, inspect_home
from tests.support.kill_ledger import Fault, Ledger
from tests.support.kill_persist import sheets, store_sheets, sync
from tests.support.kill_processes import FORKED, PATIENCE, Died, elsewhere, ended, forked
from tests.support.kill_work import Open
from vectorstore.exact import ExactIndex
from vectorstore.passages import Passages

TEXTS = sheets(0, 11)
CLOSE = ("lock", "clean")
STORE = ("chroma.sqlite3", "data_level0.bin", "header.bin", "length.bin", "link_lists.bin")
PERSISTED = ("index_metadata.pickle",)
FILES = (*CLOSE, *STORE, *PERSISTED)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose Chroma holds 1,100 passages, of which it has persisted a thousand."""
    home = tmp_path_factory.mktemp("whole") / "home"
    elsewhere(store_sheets, home, TEXTS)
    elsewhere(sync, home)
    for name in FILES:
        assert file_of(home, name).exists()
    return home


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another home with as many passages."""
    home = tmp_path_factory.mktemp("other") / "home"
    elsewhere(store_sheets, home, sheets(40, 11))
    elsewhere(sync, home)
    return home


def try_all(
    fault: Fault, whole: Path, folder: Path, damages: Iterable[tuple[str, Damage]], thorough: int
) -> None:
    """Damages a copy in each of these ways; every `thorough`-th home is looked through."""
    for nth, (name, damage) in enumerate(damages):
        home = copied(whole, folder / "home")
        damage(home)
        try:
            found = elsewhere(use, home)
        except Died as died:
            found = [str(died)]
        if nth % thorough == 0:
            unlock(home)
            found += inspect_home(home, TEXTS, searched=4)
        fault.tried(found, name)


def copied(whole: Path, home: Path) -> Path:
    unlock(home)
    shutil.rmtree(home, ignore_errors=True)
    return shutil.copytree(whole, home)


def use(home: Path) -> list[str]:
    """Complaints of the next owner, who is asked before and after it has caught up."""
    drop_rights()
    here = Open.at(home)
    try:
        found = [*_answers(here, "at once")]
        if not here.index.own():
            return [*found, "nobody can own Chroma"]
        if not here.index.catch_up():
            found.append(f"it isn't rebuilt: {here.index.trouble}")
        live = {row[0] for row in here.database.read().execute("SELECT id FROM chunks")}
        if here.index.store.ids() != live:
            found.append("it holds others than the catalogue")
        return [*found, *_answers(here, "caught up")]
    finally:
        here.close()


def _answers(here: Open, when: str) -> Iterator[str]:
    passages, exact = Passages(here.database), ExactIndex(here.database)
    seqs, vectors = passages.vectors(passages.seqs()[::137])
    for seq, vector in zip(seqs.tolist(), vectors, strict=True):
        if set(exact.nearest(vector, 1)) - set(here.index.nearest(vector, 10)):
            yield f"{when}, passage {seq} is not found"


def unlock(home: Path) -> None:
    for path in sorted(home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


# -- tests ----------------------------------------------------------------------------------------


def usual(other: Path) -> Iterator[tuple[str, Damage]]:
    yield "deleted", remove_all
    yield "its store deleted", remove_store
    yield "another home's under its name", foreign(other, True)
    yield "another home's", foreign(other, False)
    yield "another home's store", foreign_store(other)
    yield "its graph deleted", remove_graph
    yield "set back", set_back
    yield "a file instead of its store", file_instead_of_store
    yield "no right to write to it", forbid_writing


def test_a_store_that_may_not_be_read_is_rebuilt_beside_it(
    whole: Path, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("Chroma's folder deleted, foreign or forbidden") as fault:
        try_all(fault, whole, tmp_path, [("no right to its store", forbid_store)], thorough=1)


def test_a_chroma_that_is_gone_or_another_s_is_rebuilt(
    whole: Path, other: Path, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("Chroma's folder deleted, foreign or forbidden") as fault:
        try_all(fault, whole, tmp_path, list(usual(other))[::2], thorough=5)


@pytest.mark.slow
def test_a_chroma_that_is_gone_or_another_s_in_any_way_is_rebuilt(
    whole: Path, other: Path, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("Chroma's folder deleted, foreign or forbidden") as fault:
        try_all(fault, whole, tmp_path, usual(other), thorough=1)


def test_a_chroma_of_which_a_file_is_cut_or_flipped_is_rebuilt(
    whole: Path, tmp_path: Path, ledger: Ledger
) -> None:
    dice = random.Random(1)
    with ledger("Chroma's files cut, gone or flipped") as fault:
        damages = [(f"{name} flipped", flip(name, dice)) for name in (*STORE[:2], *PERSISTED)]
        damages += [(f"{name} cut", cut(name, 0.5)) for name in ("data_level0.bin", "length.bin")]
        try_all(fault, whole, tmp_path, damages, thorough=5)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_chroma_of_which_any_file_is_damaged_in_any_way_is_rebuilt(
    whole: Path, tmp_path: Path, ledger: Ledger
) -> None:
    dice = random.Random(2)
    damages = [
        *((f"{n} cut to {share}", cut(n, share)) for n in FILES for share in (0, 0.1, 0.9, 0.999)),
        *((f"{n} flipped, {k}", flip(n, dice)) for n in FILES for k in range(4)),
        *((f"{n} gone", remove(n)) for n in FILES),
        *((f"{n} forbidden", forbid(n)) for n in FILES if n != "lock"),
        *((f"{n} a folder", folder_instead_of(n)) for n in FILES if n not in CLOSE),
    ]
    with ledger("Chroma's files cut, gone or flipped") as fault:
        try_all(fault, whole, tmp_path, damages, thorough=10)


UNUSABLE: dict[str, Damage] = {
    "a file instead": file_instead,
    "forbidden": lambda home: (home / "chroma").chmod(0),
    "lock forbidden": forbid("lock"),
}


def test_a_folder_that_can_not_be_used_costs_no_answer(
    whole: Path, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("Chroma's folder can't be used at all") as fault:
        for name, damage in UNUSABLE.items():
            home = copied(whole, tmp_path / "home")
            damage(home)
            found = elsewhere(only_ask, home)
            unlock(home)
            fault.tried([*found, *inspect_catalogue(home, TEXTS)], name)


@pytest.mark.parametrize("name", UNUSABLE)
def test_doctor_says_that_the_folder_can_not_be_used(
    whole: Path, tmp_path: Path, name: str
) -> None:
    home = copied(whole, tmp_path / "home")
    UNUSABLE[name](home)
    said = beleg(home, "doctor", "--json", faults=[(drop_rights,)])
    unlock(home)
    states = {check["name"]: check for check in said.records[0]["checks"]}
    assert not states["chroma"]["ok"]


def only_ask(home: Path) -> list[str]:
    """Complaints of one who tries to own Chroma and asks, whether or not that succeeds."""
    drop_rights()
    here = Open.at(home)
    try:
        if here.index.own():
            here.index.catch_up()
        return [*_answers(here, "at once")]
    finally:
        here.close()


# -- while it is open -----------------------------------------------------------------------------


def damage_while_open(home: Path, damage: Damage) -> list[str]:
    """Complaints of an owner whose folder is damaged while it works."""
    here = Open.at(home)
    try:
        assert here.index.own()
        assert here.index.catch_up()
        damage(home)
        found = [*_answers(here, "damaged while open")]
        here.catalogue.delete(["sheet3"])
        here.index.catch_up()
        here.index.catch_up()
        return [*found, *_answers(here, "caught up")]
    finally:
        here.close()


OPEN = {
    "deleted": remove_all,
    "its store deleted": remove_store,
    "its graph deleted": remove_graph,
    "its catalogue cut": cut("chroma.sqlite3", 0.5),
    "its vectors cut": cut("data_level0.bin", 0.5),
}


def do_damage_while_open(home: Path, name: str) -> list[str]:
    return damage_while_open(home, OPEN[name])


def try_open(fault: Fault, whole: Path, folder: Path, names: Iterable[str]) -> None:
    left = {i: text for i, text in TEXTS.items() if i != "sheet3"} | {"sheet3": None}
    fell = 0
    for name in names:
        home = copied(whole, folder / "home")
        try:
            found = elsewhere(do_damage_while_open, home, name)
        except Died:  # Chroma reads its files where they lie; once, then the mark is away
            fell, found = fell + 1, []
        complaints = inspect_home(home, left, searched=4)
        if any("the next owner of Chroma fell" in one for one in complaints):
            fell, complaints = fell + 1, inspect_home(home, left, searched=4)
        fault.tried([*found, *complaints], name)
    fault.remark = f"{fell} fell once"


def test_a_chroma_that_is_damaged_while_it_is_open_costs_no_answer(
    whole: Path, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("Chroma's folder damaged while it is open") as fault:
        try_open(fault, whole, tmp_path, ["deleted", "its vectors cut"])


@pytest.mark.slow
def test_a_chroma_that_is_damaged_in_any_way_while_it_is_open_costs_no_answer(
    whole: Path, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("Chroma's folder damaged while it is open") as fault:
        try_open(fault, whole, tmp_path, OPEN)


# -- two owners -----------------------------------------------------------------------------------


def remote(home: Path, wire: Connection) -> None:
    """A process over a home that does what it is told, until it is told to close."""
    here = Open.at(home)
    wire.send("open")
    while (told := wire.recv()) != "close":
        if told == "catch up":
            wire.send(here.index.own() and here.index.catch_up())
        elif told == "ask":
            wire.send([*_answers(here, "meanwhile")])
        else:
            wire.send(here.catalogue.delete([told]))
    here.close()


def test_two_owners_after_the_folder_was_deleted_with_its_lock_cost_no_answer(
    whole: Path, tmp_path: Path, ledger: Ledger
) -> None:
    home = copied(whole, tmp_path / "home")
    wires = [FORKED.Pipe() for _ in range(2)]
    found: list[str] = []

    def tell(number: int, told: str) -> object:
        wires[number][0].send(told)
        assert wires[number][0].poll(PATIENCE)
        return wires[number][0].recv()

    with (
        ledger("Chroma's folder deleted, so that two own it") as fault,
        forked(remote, home, wires[0][1]) as first,
        forked(remote, home, wires[1][1]) as second,
    ):
        assert [wire.recv() for wire, _ in wires] == ["open", "open"]
        assert tell(0, "catch up")
        remove_all(home)
        for number, told in enumerate(["sheet3", "sheet4", "sheet5", "sheet6"]):
            for which in (1, 0):
                tell(which, "catch up")
                found += tell(which, "ask")
            tell(number % 2, told)
        for wire, _ in wires:
            wire.send("close")
        found += [f"it ended with {ending}" for p in (first, second) if (ending := ended(p))]
        gone = dict.fromkeys(("sheet3", "sheet4", "sheet5", "sheet6"))
        fault.tried([*found, *inspect_home(home, TEXTS | gone, searched=4)])
