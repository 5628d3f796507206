"""docs/performance.md and its charts, from what the benchmarks of one run have measured.

    python benchmarks/performance.py FIGURES.jsonl

Each line of FIGURES is what a benchmark prints with --json; `make bench` gathers them, at sizes up
to SCALE passages (`make bench SCALE=250000` takes an hour). The page has a table for each
benchmark, for "scale" with the power of the passages that each figure grows with and with a chart
for some, and a chart of a question's stages. It is printed as well.
"""

import json
import os
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from scale import exponent

DOCS = Path(__file__).parents[1] / "docs"
TERMS = Path(__file__).with_name("terms.md")  # what the figures are called
LIMITS = Path(__file__).with_name("limits.md")  # what no benchmark says: what limits each stage
CHARTED = ("p50 ms", "p95 ms", "resident MB", "cold ask s", "update next question ms")
STAGES = ("embedding", "fetch", "sentences", "lexical", "dense", "quotes", "spelling", "rest")
PEERS = "what"  # the figure that names who took articles in, in benchmarks/against_peers.py
PACKAGES = ("torch", "chromadb", "sentence-transformers", "numpy")
WIDTH, HEIGHT, EDGE = 480, 220, 48


def main() -> None:
    figures = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines() if line]
    scale = [one for one in figures if one.get("benchmark") == "scale"]
    peers = [one for one in figures if PEERS in one]
    parts = [f"# Performance\n\n{_machine()}\n", TERMS.read_text()]
    for one in figures:
        if one not in scale and one not in peers:
            parts.append(f"## {_heading(one)}\n\n{_table([one])}\n")
        if one.get("benchmark") == "warm":
            stages = [(name, float(str(one.get(f"{name} ms", 0)))) for name in STAGES]
            parts.append(_written("stages", _bars("a question's stages, ms", stages)))
    if peers:
        parts.append(f"## Beside other pipelines\n\n{_table(peers)}\n")
    if scale:
        parts.append(f"## Scale\n\n{_table(scale)}\n")
        parts.extend(_charts(scale))
    parts.append(LIMITS.read_text())
    page = "\n".join(parts)
    (DOCS / "performance.md").write_text(page)
    print(page)


def _heading(one: Mapping[str, object]) -> str:
    return str(one.get("benchmark")).replace("_", " ").capitalize()


def _charts(scale: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """A chart for each figure that is to be seen growing."""
    for name in CHARTED:
        if len(scale) > 1 and all(isinstance(one.get(name), int | float) for one in scale):
            points = [(float(str(one["passages"])), float(str(one[name]))) for one in scale]
            yield _written(name, _chart(name, points))


def _written(name: str, svg: str) -> str:
    file = f"performance-{name.replace(' ', '-')}.svg"
    (DOCS / file).write_text(svg)
    return f"![{name}]({file})\n"


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Written by `make bench`. {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}."
    )


def _table(runs: Sequence[Mapping[str, object]]) -> str:
    """A column a run; of several that grow, one more for the power of the passages."""
    names = list(dict.fromkeys(name for run in runs for name in run if name != "benchmark"))
    grown = len(runs) > 1 and all("passages" in run for run in runs)
    heads = [""] * len(runs) + (["grows with the power"] if grown else [])
    lines = ["| |" + "".join(f" {head} |" for head in heads), "|---|" + "---|" * len(heads)]
    for name in names:
        values = [run.get(name, "") for run in runs]
        cells = [_cell(value) for value in values]
        if grown:
            numbers = [float(v) for v in values if isinstance(v, int | float)]
            sizes = [float(str(run["passages"])) for run in runs]
            power = exponent(sizes, numbers) if len(numbers) == len(runs) else None
            cells.append("" if power is None or name == "passages" else f"{power:+.2f}")
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return str(value)


def _bars(title: str, stages: Sequence[tuple[str, float]]) -> str:
    """A bar for each stage, the longest one first."""
    stages = sorted(stages, key=lambda stage: -stage[1])
    most, step = stages[0][1] or 1.0, 20
    rows = "".join(
        f'<text x="90" y="{44 + step * n}" text-anchor="end">{name}</text>'
        f'<rect x="96" y="{34 + step * n}" width="{ms / most * 300:.1f}" height="13" fill="#2a6"/>'
        f'<text x="{100 + ms / most * 300:.1f}" y="{44 + step * n}">{ms:g}</text>'
        for n, (name, ms) in enumerate(stages)
    )
    return _svg(title, rows, 40 + step * len(stages))


def _chart(name: str, points: Sequence[tuple[float, float]]) -> str:
    """A line through the points, both axes from 0."""
    most_x, most_y = (max(values) or 1.0 for values in zip(*points, strict=True))
    places = [
        (
            EDGE + x / most_x * (WIDTH - 2 * EDGE),
            HEIGHT - EDGE - y / most_y * (HEIGHT - 2 * EDGE),
        )
        for x, y in points
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    marks = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
        f'<text x="{x:.1f}" y="{y - 8:.1f}" text-anchor="middle">{value:g}</text>'
        f'<text x="{x:.1f}" y="{HEIGHT - EDGE + 16}" text-anchor="middle">{count / 1000:g}k</text>'
        for (x, y), (count, value) in zip(places, points, strict=True)
    )
    return _svg(
        f"{name} by passages",
        f'<path d="M{EDGE} {EDGE}V{HEIGHT - EDGE}H{WIDTH - EDGE}" fill="none" stroke="#888"/>'
        f'<polyline points="{line}" fill="none" stroke="#2a6" stroke-width="2"/>{marks}',
        HEIGHT,
    )


def _svg(title: str, drawn: str, height: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'font-family="sans-serif" font-size="11"><title>{title}</title>'
        f'<text x="{WIDTH / 2}" y="16" text-anchor="middle">{title}</text>{drawn}</svg>\n'
    )


if __name__ == "__main__":
    main()
