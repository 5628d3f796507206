"""Runs the standard list of sets and writes what it measured to docs/scorecard.md.

    python benchmarks/scorecard.py EVAL_FOLDER [--limit N] [--only NAME ...] [--out FILE]

EVAL_FOLDER holds the sets (DATA below), each a folder as `beleg eval` takes it. Every row of the
page is what `beleg eval` measures, through the same functions. The whole list takes some 25 minutes
on 2 cores. The page is written anew after every row; until the last one, or with --limit or --only,
it says that it shows a part.
"""

import argparse
import shlex
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from bot.evalrun import Measured, machine, measure, versions
from bot.evalset import Perturbation, Trial
from bot.measures import MEASURES, Figure
from bot.settings import load_settings
from vectorstore.errors import BelegError

ROOT = Path(__file__).parent.parent

DATA = {
    "xquad_de, xquad_en": "240 paragraphs of Wikipedia and 1,190 questions a language, ids "
    "parallel. XQuAD-R, CC BY-SA 4.0",
    "omos_de_dev, omos_en_dev": "pages of German public services and 654 questions a language, "
    "18 % of them not answered by their page. OMoS-QA, CC BY 4.0",
    "wikinews_dev": "850 dated German news articles, as distractors. German news quotation "
    "attribution 2024, CC BY-NC-SA 4.0",
}

TABLES = {
    "Finding": ("retrieval",),
    "Quoting": ("citations",),
    "Refusing": ("refusal",),
    "Speed and size": ("collection", "latency"),
}

CONDITIONS = """\
- *withheld*: every second article is left out, so that half of the questions have no answer in the
  collection and should be refused.
- *without umlauts*, *lower case*, *typing errors*: the questions are changed (ä becomes ae, ß
  becomes ss; no capitals; two letters swapped inside the longest word).
- *German questions*: the questions of xquad_de, on the English paragraphs. The known answers are
  German too, which English quotes seldom hold: only finding says something there.
- *with wikinews_dev*: 850 further articles in the same collection, as distractors.
"""

CAUTION = """\
All of these are development sets: weights and thresholds were chosen while looking at them, and
answers were fitted on XQuAD-R and OMoS-QA (`benchmarks/fit_answers.py`). Expect less of articles
that nobody has looked at. Some questions whose article was withheld are answered by another
article; their answers count as false all the same. Times depend on the machine and its other work.
"""


@dataclass(frozen=True)
class Row:
    """One trial of the list, by the name that the page gives it."""

    name: str
    trial: Trial


def rows(folder: Path) -> list[Row]:
    """The standard list."""
    german, english = folder / "xquad_de", folder / "xquad_en"
    return [
        Row("xquad_de", Trial(german)),
        Row("xquad_en", Trial(english)),
        Row("xquad_en, German questions", Trial(english, questions_from=german)),
        Row("xquad_de with wikinews_dev", Trial(german, more=(folder / "wikinews_dev",))),
        Row("omos_de_dev", Trial(folder / "omos_de_dev")),
        Row("omos_en_dev", Trial(folder / "omos_en_dev")),
        Row("xquad_de, withheld", Trial(german, withhold=True)),
        Row("xquad_en, withheld", Trial(english, withhold=True)),
        Row("xquad_de, without umlauts", Trial(german, perturb=Perturbation.ASCII)),
        Row("xquad_de, lower case", Trial(german, perturb=Perturbation.LOWER)),
        Row("xquad_de, typing errors", Trial(german, perturb=Perturbation.TYPO)),
    ]


def page(measured: Mapping[str, Measured], made: Mapping[str, str], part: bool) -> str:
    """The page in Markdown: tables, what the figures mean, how they were made."""
    return "\n".join(
        [
            "# Scorecard",
            "",
            "How well Beleg finds, quotes and refuses, on questions whose answers are known.",
            "This page was made by `benchmarks/scorecard.py`; a change by hand is lost.",
            *(["", "**It shows a part of the standard list, or of its questions.**"] * part),
            *_tables(measured),
            "",
            "## What the rows mean",
            "",
            CONDITIONS,
            CAUTION,
            "## What the figures mean",
            "",
            *(f"- `{name}`: {known.meaning}" for name, known in MEASURES.items()),
            "",
            "Shares are from 0 to 1. A dash: nothing of the kind was asked or answered.",
            "",
            "## How it was made",
            "",
            *(f"- {name}: {value}" for name, value in made.items()),
            "",
            "Each row by itself, from within the folder of the sets:",
            "",
            *(f"    {one.trial.command}" for one in measured.values()),
            "",
            "## Data",
            "",
            *(f"- {name}: {told}." for name, told in DATA.items()),
            "",
            "None of this data is part of Beleg, whole or in part.",
            "",
        ]
    )


def _tables(measured: Mapping[str, Measured]) -> Iterator[str]:
    for heading, groups in TABLES.items():
        names = [name for name, known in MEASURES.items() if known.group in groups]
        yield from ("", f"## {heading}", "")
        yield _line(["", *names])
        yield _line(["---", *["---:"] * len(names)])
        for row, one in measured.items():
            yield _line([row, *(_shown(name, one.figures[name]) for name in names)])


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(name: str, figure: Figure) -> str:
    """Shares with three decimals, counts with commas, all else with one decimal."""
    if figure is None:
        return "–"
    if isinstance(figure, int):
        return f"{figure:,}"
    share = MEASURES[name].group in ("retrieval", "citations", "refusal")
    few = name in ("quote_chars", "quotes_per_answer")
    return f"{figure:.3f}" if share and not few else f"{figure:,.1f}"


def _made(command: str, model: str, date: str) -> dict[str, str]:
    told = ", ".join(f"{name} {number}" for name, number in versions().items())
    return {
        "command": f"`{command}`",
        "date": date,
        "commit": _commit(),
        "versions": told,
        "embedding model": model,
        "machine": machine(),
    }


def _commit() -> str:
    """The state of the source; "-dirty" if files differ from the commit."""
    asked = ["git", "describe", "--always", "--dirty"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "unknown"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, metavar="EVAL_FOLDER")
    parser.add_argument("--limit", type=int, help="only the first questions of each set")
    parser.add_argument("--only", action="append", help="only this row; repeatable")
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "scorecard.md")
    given = parser.parse_args()
    every = rows(given.folder)
    chosen = [row for row in every if not given.only or row.name in given.only]
    if unknown := set(given.only or ()) - {row.name for row in every}:
        parser.error(f"no such row: {unknown}; there are {[row.name for row in every]}")
    command = "python benchmarks/scorecard.py EVAL_FOLDER"
    command += f" --limit {given.limit}" if given.limit else ""
    command += "".join(f" --only {shlex.quote(name)}" for name in given.only or ())
    date = datetime.now().astimezone().isoformat(timespec="minutes")
    measured: dict[str, Measured] = {}
    for row in chosen:
        print(f"{row.name} ...", file=sys.stderr, flush=True)
        try:
            one = measure(replace(row.trial, limit=given.limit), load_settings())
        except BelegError as error:
            sys.exit(f"{row.name}: {error}")
        measured[row.name] = one
        part = bool(given.limit) or len(measured) < len(every)
        given.out.write_text(page(measured, _made(command, one.model, date), part), "utf-8")
    print(f"{given.out} is written.", file=sys.stderr)


if __name__ == "__main__":
    main()
