"""A disk that is full in the middle of something: one sentence, nothing half, and it goes on."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.fault_command import beleg
from tests.support.fault_kernel import (
    limit_files,
    mount_small_disk,
    part_mounts,
    why_no_mounts,
)
from tests.support.kill_inspection import inspect_catalogue, inspect_home
from tests.support.kill_ledger import Fault, Ledger
from tests.support.kill_persist import sheets, store_sheets, sync
from tests.support.kill_processes import Died, elsewhere
from tests.support.kill_work import Open, news, write_lines
from vectorstore.backup import verify, write_backup
from vectorstore.errors import StoreError
from vectorstore.exact import ExactIndex
from vectorstore.passages import Passages

BEFORE = {f"a{n}": news(n) for n in range(4)}
PAGE = 4096
WIDE = 384  # the dimension of the real model's vectors
FREE = "Check the disk's free space"

Copied = Callable[[], Path]


class Place:
    """A home, and a source with more than it holds."""

    def __init__(self, folder: Path, more: int) -> None:
        self.home = folder / "home"
        self.more = {f"b{n}": news(10 + n) for n in range(more)}
        self.source = write_lines(folder / "more.jsonl", self.more)
        said = beleg(self.home, "ingest", write_lines(folder / "before.jsonl", BEFORE))
        assert said.code == 0, said.err
        self.size = (self.home / "catalogue.db").stat().st_size

    def copied(self, folder: Path) -> Path:
        shutil.rmtree(folder, ignore_errors=True)
        return shutil.copytree(self.home, folder)

    def takes_in_the_rest(self, home: Path) -> list[str]:
        """Complaints of a home that is to go on where there is room again."""
        said = beleg(home, "ingest", self.source)
        found = [] if said.code == 0 and not said.err else [f"no room yet: {said}"]
        return [*found, *inspect_home(home, BEFORE | self.more)]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("small"), 24)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """With so much more that an ingest stores it in two batches."""
    found = Place(tmp_path_factory.mktemp("large"), 140)
    assert found.takes_in_the_rest(found.copied(found.home.with_name("control"))) == []
    return found


# -- ingest -------------------------------------------------------------------------------------


def try_ingest(fault: Fault, place: Place, home: Path, limit: int) -> bool:
    """Ingests where no file may grow beyond a limit, then without; says whether that was felt."""
    place.copied(home)
    said = beleg(home, "ingest", place.source, faults=[(limit_files, limit)])
    under_way = {i: (None, text) for i, text in place.more.items()}
    found = inspect_catalogue(home, BEFORE, under_way)
    if said.code == 0:
        found += inspect_catalogue(home, BEFORE | place.more)
    else:
        found += said.complaints(FREE)
    found += place.takes_in_the_rest(home)
    fault.tried(found, f"files of at most {limit} bytes")
    return said.code != 0


def test_an_ingest_into_a_full_disk_says_so_and_goes_on_when_there_is_room(
    small: Place, tmp_path: Path, ledger: Ledger
) -> None:
    limits = [PAGE, small.size // 2]  # the log of what is taken in needs more than that
    with ledger("full disk: ingest") as fault:
        felt = [try_ingest(fault, small, tmp_path / "home", limit) for limit in limits]
        fault.remark = f"{sum(felt)} felt"
    assert all(felt)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_an_ingest_into_a_disk_that_is_full_at_any_moment_loses_nothing(
    large: Place, tmp_path: Path, ledger: Ledger
) -> None:
    dice = random.Random(1)
    limits = [dice.randrange(PAGE, 14 * large.size) for _ in range(16)]
    with ledger("full disk: ingest") as fault:
        felt = [try_ingest(fault, large, tmp_path / "home", limit) for limit in limits]
        fault.remark = f"{sum(felt)} felt"
    assert 4 <= sum(felt) < len(felt)


@pytest.fixture(scope="module")
def _own_disks() -> None:
    """Skips where no disk can be mounted."""
    if reason := why_no_mounts():
        pytest.skip(reason)


@pytest.mark.usefixtures("_own_disks")
def test_an_ingest_into_a_small_disk_says_so_and_goes_on_on_a_larger_one(
    small: Place, tmp_path: Path, ledger: Ledger
) -> None:
    disk, larger = tmp_path / "disk", tmp_path / "larger"
    disk.mkdir()
    under_way = {i: (None, text) for i, text in small.more.items()}
    with ledger("full disk: a small one") as fault:
        for free in (0, 20):
            shutil.rmtree(larger, ignore_errors=True)
            said = beleg(
                disk / "home",
                "ingest",
                small.source,
                faults=[(part_mounts,), (fill_disk, small.home, disk, free * PAGE)],
                after=[(shutil.copytree, disk / "home", larger)],
            )
            found = [] if said.code == 0 else said.complaints()
            found += inspect_catalogue(larger, BEFORE, under_way)
            found += small.takes_in_the_rest(larger)
            fault.tried(found, f"{free} free pages")
    assert not list(disk.iterdir())


def fill_disk(home: Path, disk: Path, free: int) -> None:
    """A disk that holds a home and has so many free bytes."""
    size = sum(-(-path.stat().st_size // PAGE) + 1 for path in home.rglob("*")) * PAGE
    mount_small_disk(disk, size + 64 * PAGE)
    shutil.copytree(home, disk / "home")
    filling = shutil.disk_usage(disk).free - free
    (disk / "filling").write_bytes(b"\0" * filling)


# -- Chroma -------------------------------------------------------------------------------------


def sync_within(home: Path, limit: int) -> tuple[bool, list[str]]:
    """Syncs Chroma where no file may grow beyond a limit, asks, then syncs without.

    Whether the first sync came to its end, and complaints of the answers.
    """
    here = Open.at(home)
    try:
        assert here.index.own()
        limit_files(limit)
        done = here.index.catch_up()
        found = _answers(here)
        limit_files(None)
        if not here.index.catch_up():
            found.append("there is room again, but Chroma can't be brought up to date")
        return done, [*found, *_answers(here)]
    finally:
        here.close()


def _answers(here: Open) -> list[str]:
    """Every hundredth passage has to be the nearest to itself, as it is by hand."""
    passages, exact = Passages(here.database), ExactIndex(here.database)
    seqs, vectors = passages.vectors(passages.seqs()[::100])
    return [
        f"passage {seq} is not found"
        for seq, vector in zip(seqs.tolist(), vectors, strict=True)
        if set(exact.nearest(vector, 1)) - set(here.index.nearest(vector, 10))
    ]


def try_sync(fault: Fault, template: Path, texts: dict[str, str], home: Path, limit: int) -> bool:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(template, home)
    try:
        done, found = elsewhere(sync_within, home, limit)
    except Died as died:
        done, found = False, [f"whoever synced fell: {died}"]
    fault.tried([*found, *inspect_home(home, texts)], f"files of at most {limit} bytes")
    return not done


@pytest.fixture(scope="module")
def unsynced(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[int], tuple[Path, dict[str, str]]]:
    """Makes a home of which Chroma holds some hundred passages and lacks 1,100."""

    def made(old: int) -> tuple[Path, dict[str, str]]:
        home, texts = tmp_path_factory.mktemp("unsynced") / "home", sheets(0, old + 11)
        elsewhere(store_sheets, home, sheets(0, old), WIDE)
        if old:
            elsewhere(sync, home)
        elsewhere(store_sheets, home, sheets(old, 11), WIDE)
        return home, texts

    return made


def test_chroma_on_a_full_disk_costs_no_answer(unsynced, tmp_path: Path, ledger: Ledger) -> None:
    home, texts = unsynced(2)
    with ledger("full disk: sync and persist of Chroma") as fault:
        felt = [
            try_sync(fault, home, texts, tmp_path / "home", limit) for limit in (PAGE, 1_000_000)
        ]
        fault.remark = f"{sum(felt)} felt"
    assert any(felt)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("old", [0, 9], ids=["rebuilding", "syncing"])
def test_chroma_on_a_disk_that_is_full_at_any_moment_costs_no_answer(
    unsynced, old: int, tmp_path: Path, ledger: Ledger
) -> None:
    home, texts = unsynced(old)
    dice = random.Random(old)
    with ledger("full disk: sync and persist of Chroma") as fault:
        felt = [
            try_sync(fault, home, texts, tmp_path / "home", dice.randrange(PAGE, 5_000_000))
            for _ in range(15)
        ]
        fault.remark = f"{sum(felt)} felt"
    assert any(felt)


# -- backup and reindex ---------------------------------------------------------------------------


def backup_within(home: Path, target: Path, limit: int) -> str | None:
    """Writes a backup where no file may grow beyond a limit; what was told, None if it is done."""
    limit_files(limit)
    try:
        write_backup(home / "catalogue.db", target)
    except StoreError as error:
        return str(error)
    return None


def test_a_backup_that_has_no_room_leaves_the_one_before_as_it_was(
    small: Place, tmp_path: Path, ledger: Ledger
) -> None:
    home, target = small.copied(tmp_path / "home"), tmp_path / "kept" / "backup.db"
    target.parent.mkdir()
    write_backup(home / "catalogue.db", target)
    before = target.read_bytes()
    with ledger("full disk: backup") as fault:
        for limit in (1, PAGE, small.size // 2, small.size - PAGE, 2 * small.size):
            told = elsewhere(backup_within, home, target, limit)
            found = [] if told is None or "free space" in told else [told]
            if told is not None and target.read_bytes() != before:
                found.append("the backup before was changed")
            if [path.name for path in target.parent.iterdir()] != [target.name]:
                found.append("a draft was left")
            if verify(target).articles != len(BEFORE):
                found.append("the backup isn't whole")
            fault.tried([*found, *inspect_catalogue(home, BEFORE)], f"{limit} bytes")
    assert told is None


def try_reindex(fault: Fault, place: Place, home: Path, limit: int) -> bool:
    place.copied(home)
    said = beleg(home, "reindex", faults=[(limit_files, limit)])
    found = [] if said.code == 0 else said.complaints(FREE)
    found += inspect_catalogue(home, BEFORE)
    again = beleg(home, "reindex")
    if again.code != 0:
        found.append(f"no reindex afterwards: {again.err}")
    fault.tried([*found, *inspect_home(home, BEFORE)], f"files of at most {limit} bytes")
    return said.code != 0


def test_a_reindex_that_has_no_room_leaves_the_live_index_and_goes_on_later(
    small: Place, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("full disk: reindex") as fault:
        felt = [
            try_reindex(fault, small, tmp_path / "home", limit)
            for limit in (PAGE, small.size + 5 * PAGE)
        ]
        fault.remark = f"{sum(felt)} felt"
    assert any(felt)
