"""The command that measures: eval."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.answering import Json
from bot.cli.start import tell
from bot.evalset import Perturbation, Trial
from bot.evaluation import Change, changes
from bot.measures import MEASURES, Figure, Figures
from vectorstore.errors import BelegError

CONDITIONS = (
    "set", "with", "questions_from", "withhold", "perturb", "limit", "embedding_model", "machine",
)  # fmt: skip
"""What has to be the same, or else a difference says nothing of the engine."""

Saved = Mapping[str, Any]

Set = Annotated[
    Path, typer.Argument(metavar="SET", help="A folder with articles.jsonl and questions.jsonl.")
]
With = Annotated[
    list[Path] | None,
    typer.Option("--with", metavar="SET", help="Further articles, as distractors. Repeatable."),
]
QuestionsFrom = Annotated[
    Path | None,
    typer.Option(metavar="SET", help="Ask the questions of this set, whose articles' ids match."),
]
Withhold = Annotated[
    bool, typer.Option("--withhold", help="Leave out every second article: half to be refused.")
]
Perturb = Annotated[
    Perturbation | None,
    typer.Option(help="Ask without umlauts, without capitals, or with a typing error."),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first questions.")]
Baseline = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Compare with what --save wrote there.")
]
Save = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the figures there, as JSON.")
]


def eval(
    folder: Set,
    more: With = None,
    questions_from: QuestionsFrom = None,
    withhold: Withhold = False,
    perturb: Perturb = None,
    limit: Limit = None,
    baseline: Baseline = None,
    save: Save = None,
    json_: Json = False,
) -> None:
    """Measure the answers on a set whose answers are known. Your own articles aren't touched."""
    from bot.cli.records import print_json
    from bot.evalrun import measure, record
    from bot.redaction import set_up_logging
    from bot.settings import load_settings

    settings = load_settings()
    set_up_logging(settings.log_level)
    before = _saved(baseline) if baseline else None
    trial = Trial(folder, tuple(more or ()), questions_from, withhold, perturb, limit)
    measured = measure(trial, settings, tell)
    now = record(measured, datetime.now().astimezone().isoformat(timespec="seconds"))
    compared = changes(now["figures"], before["figures"]) if before else {}
    if json_:
        shown = {name: asdict(change) for name, change in compared.items()}
        print_json({**now, "changes": shown} if before else now)
    else:
        _print_figures(now["figures"], compared)
    if before:
        _tell_conditions(now, before)
    if save:
        _save(now, save)


def _saved(file: Path) -> Saved:
    """What an earlier `--save` wrote; BelegError if the file is anything else."""
    try:
        saved = json.loads(file.read_bytes())
    except OSError as error:
        raise BelegError(f"{file} can't be read ({error.strerror or error}).") from error
    except (ValueError, RecursionError):
        saved = None
    if isinstance(saved, dict) and _are_figures(saved.get("figures")):
        return saved
    raise BelegError(f"{file} is no baseline: `beleg eval SET --save FILE` writes one.")


def _are_figures(value: object) -> bool:
    return isinstance(value, dict) and all(
        figure is None or isinstance(figure, int | float) for figure in value.values()
    )


def _save(now: Saved, file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(now, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise BelegError(f"{file} can't be written ({error.strerror or error}).") from error


def _tell_conditions(now: Saved, before: Saved) -> None:
    """Warns of differences that have other reasons than the engine."""
    differing = [
        f"{key} was {before[key]}, is {now[key]}"
        for key in CONDITIONS
        if key in before and before[key] != now[key]
    ]
    if differing:
        tell(f"The baseline was measured under other conditions: {'; '.join(differing)}.")


def _print_figures(figures: Figures, compared: Mapping[str, Change]) -> None:
    """A table, group by group; beside each figure the earlier one, if there are any."""
    from rich.table import Table
    from rich.text import Text

    from bot.cli.display import console

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column("", style="dim")
    for heading in ("", "now", *(("before", "difference") if compared else ())):
        table.add_column(heading, justify="left" if heading == "" else "right", no_wrap=True)
    table.add_column("")
    group = ""
    for name, figure in figures.items():
        told = MEASURES[name].group
        cells = [Text(told if told != group else ""), Text(name), Text(_shown(figure))]
        group = told
        if change := compared.get(name):
            cells += [Text(_shown(change.before)), Text(_shown(change.difference, "+"))]
            cells.append(Text("worse" if change.worse else "", style="red"))
        table.add_row(*cells)
    console().print(table)


def _shown(figure: Figure, sign: str = "") -> str:
    """A figure with four significant digits; a dash where there is none."""
    if figure is None:
        return "-"
    return f"{figure:{sign},}" if isinstance(figure, int) else f"{figure:{sign},.4g}"


COMMANDS = (eval,)
