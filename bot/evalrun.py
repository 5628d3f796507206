"""Runs a trial: takes a set into a home of its own, asks an engine, notes the figures."""

import os
import platform
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

from bot.bootstrap import App, app
from bot.engine import Engine, cleaned
from bot.evalset import Material, Trial, name_of, read_trial
from bot.evaluation import Outcome, Question, citations, latency, refusal, retrieval
from bot.measures import Figures
from bot.settings import Settings
from ingest.run import IngestReport
from ingest.sources import STANDARD_INPUT
from vectorstore.errors import BelegError, QuestionError

DEPTH = 50  # passages of a search
PACKAGES = ("beleg", "sentence-transformers", "torch")

Tell = Callable[[str], None]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of a trial and the embedding model they were measured with."""

    trial: Trial
    model: str
    figures: Figures


def measure(trial: Trial, settings: Settings, tell: Tell = lambda line: None) -> Measured:
    """Measures the engine as the settings make it, in a temporary home; theirs isn't touched.

    Everything is warm before it is timed. `tell` hears what is about to take long and which
    articles could not be taken in. BelegError for a missing or malformed set.
    """
    material = read_trial(trial)
    for question in material.questions:
        _require_askable(question)
    with tempfile.TemporaryDirectory(prefix="beleg-eval-") as folder:
        apart = settings.model_copy(update={"home": Path(folder)})
        with app(apart, tell=tell) as parts:
            engine = parts.engine()
            engine.warm_up()
            report = _taken_in(parts, material, tell)
            tell(f"Asking {len(material.questions):,} questions ...")
            outcomes = _outcomes(engine, material.questions)
            model = parts.embedder.identity().name
    figures = {
        **_collection(material, report),
        **retrieval(outcomes),
        **citations(outcomes, material.texts),
        **refusal(outcomes),
        **latency(outcomes),
    }
    return Measured(trial, model, figures)


def record(measured: Measured, date: str) -> dict[str, Any]:
    """The figures with all that they depend on, as it is saved and printed with --json."""
    trial = measured.trial
    return {
        "set": name_of(trial.folder),
        "with": [name_of(folder) for folder in trial.more],
        "questions_from": name_of(trial.questions_from) if trial.questions_from else None,
        "withhold": trial.withhold,
        "perturb": trial.perturb.value if trial.perturb else None,
        "limit": trial.limit,
        "date": date,
        "beleg": version("beleg"),
        "embedding_model": measured.model,
        "machine": machine(),
        "figures": dict(measured.figures),
    }


def machine() -> str:
    """The processor, how many of them, and the system, as far as they can be known."""
    try:
        told = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        told = []
    names = (line.partition(":")[2].strip() for line in told if line.startswith("model name"))
    processor = next(names, platform.processor() or platform.machine())
    return f"{processor}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}"


def versions() -> dict[str, str]:
    """What the figures were measured with."""
    return {"Python": platform.python_version(), **{name: version(name) for name in PACKAGES}}


def _taken_in(parts: App, material: Material, tell: Tell) -> IngestReport:
    tell(f"Taking in {len(material.lines):,} articles ...")
    feed = BytesIO(b"\n".join(material.lines))
    report = parts.pipeline().ingest([STANDARD_INPUT], stdin=feed)
    for failure in report.failed:
        tell(f"An article is left out ({failure.source}): {failure.error}")
    return report


def _require_askable(question: Question) -> None:
    try:
        cleaned(question.text)
    except QuestionError as error:
        raise BelegError(f"The question {question.id!r} can't be asked: {error}") from error


def _outcomes(engine: Engine, questions: Sequence[Question]) -> list[Outcome]:
    """All searches, then all answers; one of each before, which loads what is loaded late."""
    engine.search(questions[0].text, DEPTH)
    engine.ask(questions[0].text)
    searches = [_timed(lambda text: engine.search(text, DEPTH), q.text) for q in questions]
    answers = [_timed(lambda text: engine.ask(text), q.text) for q in questions]
    return [
        Outcome(question, tuple(hit.article.id for hit in hits), answer, searching, asking)
        for question, (hits, searching), (answer, asking) in zip(
            questions, searches, answers, strict=True
        )
    ]


def _timed(ask: Callable[[str], Found], text: str) -> tuple[Found, float]:
    """What was found, and the seconds it took."""
    started = time.perf_counter()
    found = ask(text)
    return found, time.perf_counter() - started


def _collection(material: Material, report: IngestReport) -> Figures:
    unanswerable = sum(not question.has_answer for question in material.questions)
    speed = report.chunks / report.seconds if report.seconds else None
    return {
        "articles": report.added,
        "passages": report.chunks,
        "questions": len(material.questions),
        "unanswerable": unanswerable,
        "ingest_seconds": round(report.seconds, 1),
        "passages_per_second": speed and round(speed, 1),
    }
