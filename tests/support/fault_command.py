"""`beleg` in a forked process to which something is done first: real commands in milliseconds.

They are the commands as users have them, over an embedder that needs no model.
"""

import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from tests.support.embedding import HashingEmbedder
from tests.support.kill_processes import FORKED, elsewhere

FORKED.set_forkserver_preload(["tests.support.kill_preload", "tests.support.fault_preload"])

_PROGRESS = re.compile(r"^[\d,]+ of [\d,]+ ")

Fault = tuple[Any, ...]
"""A module's function and its arguments, called in the process before the command, or after."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said until it ended."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON, one object a line."""
        return [json.loads(line) for line in self.out.split("\n") if line]

    def complaints(self, *named: str) -> list[str]:
        """What is wrong with it as a refusal: exit code 1 and one plain line that names things.

        How far it was until then may stand in lines before.
        """
        lines = [line for line in self.err.splitlines() if not _PROGRESS.search(line)]
        found = [
            f"{name!r} isn't named: {self.err[-300:]}" for name in named if name not in self.err
        ]
        if self.code != 1:
            found.append(f"exit code {self.code}: {self.out[-200:]} {self.err[-300:]}")
        if len(lines) != 1 or "Something went wrong inside" in self.err:
            found.append(f"more than one plain line: {self.err[-300:]}")
        return found


def beleg(
    home: Path, *args: str, faults: Sequence[Fault] = (), after: Sequence[Fault] = ()
) -> Said:
    """Runs a command over a home; Died if it takes the process down."""
    said: list[Said] = elsewhere(_run, home, [args], faults, after)
    return said[0]


def belegs(home: Path, *commands: Sequence[str], faults: Sequence[Fault] = ()) -> list[Said]:
    """Runs commands one after the other, each over a home opened anew, all in one process."""
    said: list[Said] = elsewhere(_run, home, commands, faults, ())
    return said


def _run(
    home: Path, commands: Sequence[Sequence[str]], faults: Sequence[Fault], after: Sequence[Fault]
) -> list[Said]:
    from bot import bootstrap

    bootstrap._model = _no_model
    os.environ["BELEG_HOME"] = str(home)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        os.dup2(out.fileno(), 1)
        os.dup2(err.fileno(), 2)
        for function, *given in faults:
            function(*given)
        said = [_say(args, out, err) for args in commands]
        for function, *given in after:
            function(*given)
        return said


def _say(args: Sequence[str], out: IO[bytes], err: IO[bytes]) -> Said:
    from bot.cli import main

    for file in (out, err):
        file.seek(0)
        file.truncate()
    sys.argv = ["beleg", *args]
    code = None
    try:
        main.run()
    except SystemExit as left:
        code = left.code
    sys.stdout.flush()
    sys.stderr.flush()
    assert isinstance(code, int)
    return Said(code, _text(out), _text(err))


def _no_model(
    cache: Path, tell: Callable[[str], None], jobs: int | None, name: str | None
) -> HashingEmbedder:
    return HashingEmbedder()


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return str(file.read(), "utf-8")
