"""The same faults to `beleg` as it is installed, with its model: full, read-only, damaged."""

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.command import BELEG, Beleg, Done
from tests.support.fault_command import Said
from tests.support.kill_ledger import Ledger
from tests.support.kill_work import news, write_lines

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

PAGE = 4096
ROOT = Path(__file__).parents[3]
POWERLESS = """
from tests.support.fault_kernel import drop_rights
drop_rights()
from bot.cli.main import run
run()
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home of the sample articles, its backup, and one more article."""
    folder = tmp_path_factory.mktemp("real")
    beleg = Beleg(folder / "home")
    assert beleg("ingest", str(ROOT / "examples" / "articles")).code == 0
    assert beleg("backup", str(folder / "backup.db")).code == 0
    write_lines(folder / "more.jsonl", {"more": news(1, paragraphs=40)})
    return folder


@pytest.fixture
def beleg(made: Path, tmp_path: Path) -> Beleg:
    """Over a copy of that home."""
    return Beleg(shutil.copytree(made / "home", tmp_path / "home"))


def run(beleg: Beleg, command: Sequence[str]) -> Done:
    done = subprocess.run(
        command, capture_output=True, env=beleg.environment, timeout=120, check=False, cwd=ROOT
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def refusal(done: Done, *named: str) -> list[str]:
    return Said(done.code, done.out, done.err).complaints(*named)


def listed(beleg: Beleg) -> list[str]:
    return sorted(record["id"] for record in beleg("articles", "--json").records)


def answers(beleg: Beleg, done: Done | None = None) -> list[str]:
    """Complaints of an answer whose quotes don't stand in the articles."""
    done = done or beleg("ask", "Worum geht es in den Artikeln?", "--json")
    if done.code not in (0, 3):
        return [str(done)]
    found = []
    for quote in done.records[0]["citations"]:
        (article,) = beleg("show", quote["article_id"], "--json").records
        if article["text"][quote["start"] : quote["end"]] != quote["quote"]:
            found.append(f"a quote that doesn't stand there: {quote}")
    return found


def test_beleg_on_a_full_disk(beleg: Beleg, made: Path, ledger: Ledger) -> None:
    before, source = listed(beleg), str(made / "more.jsonl")
    blocks = (beleg.home / "catalogue.db").stat().st_size // 512 // 8
    limited = ["sh", "-c", f'ulimit -f {blocks}; exec "$0" "$@"', BELEG]
    with ledger("full disk: beleg as installed") as fault:
        fault.tried(refusal(run(beleg, [*limited, "ingest", source]), "free space"))
        fault.tried([] if listed(beleg) == before else ["others are listed"])
        done = beleg("ingest", source)
        fault.tried([] if done.code == 0 else [str(done)])
        done = beleg("doctor")
        fault.tried([] if done.code == 0 else [str(done)])


def test_beleg_over_a_home_that_can_not_be_written_to(
    beleg: Beleg, made: Path, ledger: Ledger
) -> None:
    for path in (beleg.home, *beleg.home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    powerless = [sys.executable, "-c", POWERLESS]
    try:
        with ledger("read-only home: beleg as installed") as fault:
            asked = run(beleg, [*powerless, "ask", "Worum geht es in den Artikeln?", "--json"])
            fault.tried(answers(beleg, asked))
            more = str(made / "more.jsonl")
            fault.tried(refusal(run(beleg, [*powerless, "ingest", more]), "BELEG_HOME"))
            done = run(beleg, [*powerless, "doctor"])
            told = done.code == 1 and "can only be read" in done.out
            fault.tried([] if told else [str(done)])
    finally:
        for path in (beleg.home, *beleg.home.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


def test_beleg_with_a_damaged_catalogue(beleg: Beleg, ledger: Ledger) -> None:
    before = listed(beleg)
    path = beleg.home / "catalogue.db"
    content = bytearray(path.read_bytes())
    content[5 * PAGE : 8 * PAGE] = b"\xa5" * (3 * PAGE)
    path.write_bytes(content)
    with ledger("damaged catalogue: beleg as installed") as fault:
        done = beleg("doctor")
        fault.tried([] if done.code == 1 and "damaged" in done.out else [str(done)])
        done = beleg("restore")
        fault.tried([] if done.code == 0 else [str(done)])
        fault.tried([] if listed(beleg) == before else ["others are listed"])
        fault.tried(answers(beleg))
        done = beleg("doctor")
        fault.tried([] if done.code == 0 else [str(done)])
