"""What the fault suite counts: of each fault the tries, the homes that survived, what was lost.

    with ledger("kill -9 somewhere") as fault:
        ...
        fault.tried(inspect_home(home, acknowledged), "statement 17")

The block fails at its end if anything was lost, and the table at the end of the run shows it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

PROPERTY = "fault"


@dataclass(slots=True)
class Fault:
    """One fault's tries. `remark` is one short thing more that the table shows."""

    name: str
    tries: int = 0
    survived: int = 0
    complaints: list[str] = field(default_factory=list)
    remark: str = ""

    def tried(self, complaints: Iterable[str], where: str = "") -> None:
        """Counts one try; it survived if there is nothing to complain of."""
        found = [f"{where}: {complaint}" if where else complaint for complaint in complaints]
        self.tries += 1
        self.survived += not found
        self.complaints += found


class Ledger:
    """The faults of one test, kept where pytest-xdist carries them to the one who reports."""

    def __init__(self, properties: list[tuple[str, object]]) -> None:
        self._properties = properties

    @contextmanager
    def __call__(self, name: str) -> Iterator[Fault]:
        """Counts what is tried in the block; AssertionError at its end if anything was lost."""
        fault = Fault(name)
        try:
            yield fault
        finally:
            row = (name, fault.tries, fault.survived, len(fault.complaints), fault.remark)
            self._properties.append((PROPERTY, list(row)))
        assert not fault.complaints, "\n".join(fault.complaints[:40])


def table(reports: Iterable[pytest.TestReport]) -> list[str]:
    """The faults of all tests as lines of a table; none if there were none."""
    rows: dict[str, list[int]] = {}
    remarks: dict[str, list[str]] = {}
    for report in reports:
        for key, value in report.user_properties if report.when == "call" else ():
            if key == PROPERTY:
                name, *counts, remark = value
                rows[name] = [a + b for a, b in zip(rows.get(name, [0] * 3), counts, strict=True)]
                remarks.setdefault(name, []).extend([remark] if remark else [])
    if not rows:
        return []
    width = max(map(len, rows))
    lines = [f"{'fault':{width}}  tries  survived  lost"]
    for name, (tries, survived, lost) in sorted(rows.items()):
        remark = "; ".join(remarks[name])
        lines.append(f"{name:{width}}  {tries:5}  {survived:8}  {lost:4}  {remark}".rstrip())
    return lines


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the table. pytest calls it because tests/conftest.py has it by this name."""
    reports = [
        report
        for found in terminalreporter.stats.values()
        for report in found
        if isinstance(report, pytest.TestReport)
    ]
    if lines := table(reports):
        terminalreporter.section("faults")
        for line in lines:
            terminalreporter.write_line(line)
