"""Runs `beleg` as a user would: as a process, with a home of its own."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BELEG = str(Path(sys.executable).with_name("beleg"))


@dataclass(frozen=True, slots=True)
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str

    @property
    def records(self) -> list[dict[str, Any]]:
        """Standard output as JSON, one object a line."""
        return [json.loads(line) for line in self.out.split("\n") if line]


@dataclass(frozen=True, slots=True)
class Beleg:
    """`beleg` over one home."""

    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """What the process sees."""
        return {**os.environ, "BELEG_HOME": str(self.home), "HF_HUB_OFFLINE": "1"}

    def __call__(self, *args: str, stdin: str | bytes = b"", timeout: float = 120) -> Done:
        fed = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [BELEG, *args],
            input=fed,
            capture_output=True,
            env=self.environment,
            timeout=timeout,
            check=False,
            cwd=self.home.parent,
        )
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *args: str) -> "subprocess.Popen[bytes]":
        """The command as a running process."""
        return subprocess.Popen(
            [BELEG, *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=self.environment,
            cwd=self.home.parent,
        )
