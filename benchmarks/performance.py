"""docs/performance.md and its charts, from what the benchmarks of one run have measured.

    python benchmarks/performance.py FIGURES.jsonl

Each line of FIGURES is what a benchmark prints with --json; `make bench` gathers them (`make bench
SCALE=250000` also what grows, which takes hours). The page has a table for each benchmark, and for
"scale" a chart for each figure that grows with the passages. It is printed as well.
"""

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
LIMITS = Path(__file__).with_name("limits.md")  # what no benchmark says: what limits each stage
CHARTED = (
    "p50 ms",
    "p95 ms",
    "resident MB",
    "cold ask s",
    "update next question ms",
)
PACKAGES = ("torch", "chromadb", "sentence-transformers", "numpy")
WIDTH, HEIGHT, EDGE = 480, 220, 48


def main() -> None:
    figures = [json.loads(line) for line in Path(sys.argv[1]).read_text().splitlines() if line]
    scale = [one for one in figures if one.get("benchmark") == "scale"]
    parts = [f"# Performance\n\n{_machine()}\n"]
    for one in figures:
        if one.get("benchmark") != "scale":
            parts.append(f"## {str(one.get('benchmark')).capitalize()}\n\n{_table([one])}\n")
    if scale:
        parts.append(f"## Scale\n\n{_table(scale)}\n")
        for name in CHARTED:
            if len(scale) > 1 and all(isinstance(one.get(name), int | float) for one in scale):
                file = f"performance-{name.replace(' ', '-').replace('/', '-a-')}.svg"
                points = [(float(one["passages"]), float(one[name])) for one in scale]
                (DOCS / file).write_text(_chart(name, points))
                parts.append(f"![{name}]({file})\n")
    parts.append(LIMITS.read_text())
    page = "\n".join(parts)
    (DOCS / "performance.md").write_text(page)
    print(page)


def _machine() -> str:
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"Written by `make bench`. {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, {packages}."
    )


def _table(runs: Sequence[Mapping[str, object]]) -> str:
    names = list(dict.fromkeys(name for run in runs for name in run if name != "benchmark"))
    lines = ["| |" + " |" * len(runs), "|---|" + "---|" * len(runs)]
    for name in names:
        lines.append(f"| {name} | " + " | ".join(str(run.get(name, "")) for run in runs) + " |")
    return "\n".join(lines)


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
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif" font-size="11"><title>{name}</title>'
        f'<text x="{WIDTH / 2}" y="16" text-anchor="middle">{name} by passages</text>'
        f'<path d="M{EDGE} {EDGE}V{HEIGHT - EDGE}H{WIDTH - EDGE}" fill="none" stroke="#888"/>'
        f'<polyline points="{line}" fill="none" stroke="#2a6" stroke-width="2"/>{marks}</svg>\n'
    )


if __name__ == "__main__":
    main()
