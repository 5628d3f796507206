"""A home that can't be written to still answers; what would have to write says so in a sentence."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from bot.answer import Answer
from tests.support.embedding import HashingEmbedder
from tests.support.fault_command import Fault, beleg, belegs
from tests.support.fault_kernel import drop_rights, mount_read_only, part_mounts, why_no_mounts
from tests.support.kill_inspection import inspect_home
from tests.support.kill_ledger import Ledger
from tests.support.kill_processes import elsewhere, ended, forked
from tests.support.kill_work import news, write_lines

TEXTS = {f"a{n}": news(n) for n in range(6)}
LATER = {"b0": news(20), "b1": news(21)}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home that was closed, and one whose last articles are only in its log."""
    folder = tmp_path_factory.mktemp("made")
    said = beleg(folder / "closed", "ingest", write_lines(folder / "news.jsonl", TEXTS))
    assert said.code == 0, said.err
    shutil.copytree(folder / "closed", folder / "killed")
    later = write_lines(folder / "later.jsonl", LATER)
    with forked(leave_a_log, folder / "killed", later) as process:
        assert ended(process) == 9
    assert (folder / "killed" / "catalogue.db-wal").stat().st_size > 0
    write_lines(folder / "new.jsonl", {"new": news(30)})
    (folder / "watch.toml").write_text('[[source]]\nfolder = "watched"\n')
    (folder / "watched").mkdir()
    return folder


def leave_a_log(home: Path, source: str) -> None:
    """Takes a source in and ends without closing anything, as after a kill."""
    from tests.support.kill_work import Open

    Open.at(home).take_in(source)
    os._exit(9)


def expected(name: str) -> dict[str, str]:
    return TEXTS if name == "closed" else TEXTS | LATER


# -- what may still be asked ----------------------------------------------------------------------


def asked(home: Path, texts: dict[str, str], faults: Sequence[Fault]) -> Iterator[str]:
    """Complaints of commands over a home in processes to which faults are done."""
    article_id, text = list(texts.items())[-1]
    listed, shown, found, answer, copied = belegs(
        home,
        ["articles", "--json"],
        ["show", article_id, "--json"],
        ["search", text[:200], "--json"],
        ["ask", text[:70], "--json"],
        ["backup", str(home.parent / "copy.db"), "--json"],
        faults=faults,
    )
    if listed.code or {record["id"] for record in listed.records} != set(texts):
        yield f"articles: {listed}"
    if shown.code or shown.records[0]["text"] != text:
        yield f"show: {shown}"
    if found.code or article_id not in {hit["article_id"] for hit in found.records[0]["hits"]}:
        yield f"search: {found}"
    if answer.code not in (0, 3) or not (
        answer.records[0]["citations"] or answer.records[0]["nearest"]
    ):
        yield f"ask: {answer}"
    if copied.code or copied.records[0]["articles"] != len(texts):
        yield f"backup: {copied}"


def refused(home: Path, made: Path, faults: Sequence[Fault]) -> Iterator[str]:
    """Complaints of commands that would have to write."""
    new, watched = str(made / "new.jsonl"), str(made / "watch.toml")
    commands = [["ingest", new], ["delete", "a1"], ["reindex"], ["watch", "--once", watched]]
    commands += [["restore", str(home.parent / "copy.db")]]
    for command, said in zip(commands, belegs(home, *commands, faults=faults), strict=True):
        yield from (f"{command[0]}: {told}" for told in said.complaints("BELEG_HOME"))


def examined(home: Path, faults: Sequence[Fault]) -> Iterator[str]:
    """Complaints of a doctor who doesn't notice."""
    said = beleg(home, "doctor", "--json", faults=faults)
    if said.code not in (0, 1) or len(said.out.splitlines()) != 1:
        yield f"doctor: {said}"
    elif not any(
        "writ" in f"{check['state']} {check['advice']}" for check in said.records[0]["checks"]
    ):
        yield f"doctor doesn't say that the home can't be written to: {said}"


@pytest.mark.parametrize("name", ["closed", "killed"])
def test_a_home_without_the_right_to_write_is_asked_but_not_changed(
    made: Path, name: str, tmp_path: Path, ledger: Ledger
) -> None:
    home, faults = shutil.copytree(made / name, tmp_path / "home"), [(drop_rights,)]
    before = contents(home)
    lock(home)
    try:
        with ledger("read-only home: no right to write") as fault:
            fault.tried(asked(home, expected(name), faults))
            fault.tried(refused(home, made, faults))
            fault.tried(elsewhere(engine_answers, home, expected(name)))
            if contents(home) != before:
                fault.tried(["it was written to"])
    finally:
        unlock(home)
    assert inspect_home(home, expected(name)) == []


@pytest.fixture
def _own_disks() -> None:
    """Skips where no disk can be mounted."""
    if reason := why_no_mounts():
        pytest.skip(reason)


@pytest.mark.usefixtures("_own_disks")
@pytest.mark.parametrize("name", ["closed", "killed"])
def test_a_home_on_a_disk_that_can_not_be_written_to_is_asked_but_not_changed(
    made: Path, name: str, tmp_path: Path, ledger: Ledger
) -> None:
    home = shutil.copytree(made / name, tmp_path / "home")
    before = contents(home)
    faults = [(part_mounts,), (mount_read_only, home)]
    with ledger("read-only home: its disk") as fault:
        fault.tried(asked(home, expected(name), faults))
        fault.tried(refused(home, made, faults))
        if contents(home) != before:
            fault.tried(["it was written to"])
    assert inspect_home(home, expected(name)) == []


def test_a_log_that_can_not_be_read_is_not_passed_over(
    made: Path, tmp_path: Path, ledger: Ledger
) -> None:
    """Without the file beside it SQLite can't read a log where it can't write."""
    home = shutil.copytree(made / "killed", tmp_path / "home")
    (home / "catalogue.db-shm").unlink()
    lock(home)
    try:
        with ledger("read-only home: a log that can't be read") as fault:
            for command in (["articles"], ["show", "b0"], ["ask", TEXTS["a0"][:70]]):
                said = beleg(home, *command, faults=[(drop_rights,)])
                whole = said.code == 0 and "b0" in said.out
                fault.tried([] if whole else said.complaints("BELEG_HOME"), command[0])
    finally:
        unlock(home)


@pytest.mark.parametrize("name", ["closed", "killed"])
def test_doctor_says_that_a_home_can_not_be_written_to(
    made: Path, name: str, tmp_path: Path, ledger: Ledger
) -> None:
    home = shutil.copytree(made / name, tmp_path / "home")
    lock(home)
    try:
        with ledger("read-only home: doctor") as fault:
            fault.tried(examined(home, [(drop_rights,)]))
    finally:
        unlock(home)


def contents(home: Path) -> dict[str, bytes]:
    return {str(p.relative_to(home)): p.read_bytes() for p in home.rglob("*") if p.is_file()}


def lock(home: Path) -> None:
    """Takes away everybody's right to write."""
    for path in (home, *home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)


def unlock(home: Path) -> None:
    for path in (home, *home.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


# -- the bot's engine -----------------------------------------------------------------------------


def engine_answers(home: Path, texts: dict[str, str]) -> list[str]:
    """Complaints of an engine as the bot has it, with its index kept in step meanwhile."""
    from bot import bootstrap
    from bot.settings import load_settings

    drop_rights()
    os.environ["BELEG_HOME"] = str(home)
    bootstrap._model = lambda cache, tell, jobs, name: HashingEmbedder()
    found = []
    with bootstrap.app(load_settings(), owner=True) as app:
        assert app.index is not None
        app.index.keep_in_step()
        engine = app.engine()
        for article_id, text in texts.items():
            sentence = text.split(". ")[0] + "."
            answer: Answer = engine.ask(sentence)
            named = [*answer.citations, *answer.nearest]
            if article_id not in {one.article_id for one in named}:
                found.append(f"the engine doesn't name {article_id}: {answer.text}")
    return found
