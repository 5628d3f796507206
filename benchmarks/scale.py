"""How everything grows with the number of passages: time, memory, disk, and whether it's found.

    python benchmarks/scale.py [--passages 250000] [--home HOME]
    python benchmarks/scale.py --measure HOME

One home of varied articles is filled in steps and measured after each (`--measure`: a home as it
is). Prints a line of JSON for each step, then a table with the exponent of growth: 0 stays, 1 grows
with the passages, 2 with their square. "cpu" is what the processor worked, all threads together,
which other processes disturb less than the clock. What is measured in a process that stays is
measured in a fresh one. The baseline of "recall@10" is exact search in the same run.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from varied import REAL, Filler, article, facts
from varied_questions import questions
from warm import as_the_bot, ask, home_of, one_asker

from bot.bootstrap import App, app
from vectorstore.embedder import EmbeddedQuestion, Embedder
from vectorstore.exact import ExactIndex
from vectorstore.models import NO_FILTERS, content_digest
from vectorstore.retriever import Retriever

STEPS = (5_000, 25_000, 100_000, 250_000)
K, QUESTIONS, CHANGED = 10, 200, 9
BENCHMARKS = Path(__file__).parent


class Remembering:
    """An embedder that embeds each question once, so that the second time shows the rest."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, EmbeddedQuestion] = {}

    def encode_question(self, question: str) -> EmbeddedQuestion:
        if question not in self._known:
            self._known[question] = self._embedder.encode_question(question)
        return self._known[question]

    def __getattr__(self, name: str) -> object:
        return getattr(self._embedder, name)


def measured(home: Path) -> dict[str, object]:
    """All figures of a home, each group in a process of its own."""
    result: dict[str, object] = {}
    for part in ("chroma", "bot", "changes"):
        result |= _in_a_process("--part", part, "--measure", str(home))
    return result | _cold(home) | _disk(home, int(str(result["passages"])))


def chroma(parts: App) -> dict[str, object]:
    """Chroma built anew, and what is found with it and without."""
    assert parts.index is not None
    parts.index.own()
    passages = parts.catalogue.counts().chunks
    started, used = time.perf_counter(), time.process_time()
    parts.index.store.rebuild()
    took, cpu = time.perf_counter() - started, time.process_time() - used
    parts.index.catch_up()
    embedder = Remembering(parts.embedder)
    hybrid = Retriever(parts.database, embedder, parts.index)
    exact = Retriever(parts.database, embedder, ExactIndex(parts.database))
    found = expected = 0
    for text in dict.fromkeys(asked.text for asked in questions(QUESTIONS)):
        best, wanted = (
            {hit.chunk.id for hit in one.search(text, K, NO_FILTERS)} for one in (hybrid, exact)
        )
        found, expected = found + len(best & wanted), expected + len(wanted)
    return {
        "passages": passages,
        "Chroma rebuild passages/s": round(passages / took),
        "Chroma rebuild cpu ms/passage": round(1e3 * cpu / passages, 2),
        "Chroma rebuild peak MB": _peak(),
        f"recall@{K}": round(found / expected, 4),
    }


def bot(parts: App) -> dict[str, object]:
    """A process like the bot's: how long questions take, and its memory afterwards."""
    engine = as_the_bot(parts)
    asked = questions(QUESTIONS)
    for one in asked[: QUESTIONS // 2]:
        ask(engine, one)
    result = one_asker(engine, asked[QUESTIONS // 2 :])
    return result | {"resident MB": _resident(), "peak MB": _peak()}


def changes(parts: App) -> dict[str, object]:
    """One article updated, deleted: until the next question knows; vectors are there already."""
    filler = Filler(parts.catalogue, parts.embedder)
    assert parts.index is not None
    parts.index.own()
    parts.index.catch_up()
    retriever = Retriever(parts.database, Remembering(parts.embedder), parts.index)
    figures: dict[str, list[float]] = {}
    for number in range(REAL, REAL + CHANGED):  # the first ones keep their vectors
        about = facts(number).slots
        question = f"{about['project']} {about['place']}: Quittenbrot Nummer {number}?"
        text = f"Quittenbrot Nummer {number} gab es in {about['place']}.\n\n{article(number).text}"
        changed = replace(article(number), text=text, content_hash="")
        one = filler.prepared(replace(changed, content_hash=content_digest(changed)))
        retriever.search(question, K, NO_FILTERS)

        def known(question: str = question, text: str = text) -> bool:
            hits = retriever.search(question, K, NO_FILTERS)
            return any(hit.article.text == text for hit in hits)

        def store(one: object = one) -> None:
            parts.catalogue.store([one], "varied")

        def delete(number: int = number) -> None:
            parts.catalogue.delete([f"varied-{number}"])

        for name, change, then in (("update", store, True), ("delete", delete, False)):
            _time(figures, f"{name} stored ms", change)
            _time(figures, f"{name} next question ms", lambda then=then: _sure(known(), then))
            _time(figures, f"{name} same question again ms", known)
            _time(figures, f"{name} Chroma in step ms", parts.index.catch_up)
        parts.catalogue.store([filler.prepared(article(number))], "varied")
        parts.index.catch_up()
    return {name: round(float(np.median(seconds)) * 1e3, 1) for name, seconds in figures.items()}


def _time(figures: dict[str, list[float]], name: str, do: Callable[[], object]) -> None:
    started, used = time.perf_counter(), time.process_time()
    do()
    figures.setdefault(name, []).append(time.perf_counter() - started)
    figures.setdefault(f"{name} (cpu)", []).append(time.process_time() - used)


def _sure(found: bool, expected: bool) -> None:
    if found is not expected:
        raise SystemExit("what was stored isn't found, or what was deleted is")


def _cold(home: Path) -> dict[str, object]:
    """`beleg ask` from start to end, the better of two."""
    beleg = str(Path(sys.executable).with_name("beleg"))
    question = questions(1)[0].text
    environment = {**os.environ, "BELEG_HOME": str(home)}
    walls, cpus = [], []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started = time.perf_counter()
        subprocess.run([beleg, "ask", question], env=environment, capture_output=True, check=False)
        walls.append(time.perf_counter() - started)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpus.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return {"cold ask s": round(min(walls), 2), "cold ask cpu s": round(min(cpus), 2)}


def _disk(home: Path, passages: int) -> dict[str, object]:
    catalogue = sum(f.stat().st_size for f in home.glob("catalogue.db*"))
    chroma_files = sum(f.stat().st_size for f in (home / "chroma").rglob("*") if f.is_file())
    return {
        "catalogue KB/passage": round(catalogue / passages / 1024, 2),
        "Chroma KB/passage": round(chroma_files / passages / 1024, 2),
    }


def _resident() -> float:
    lines = Path("/proc/self/status").read_text().split("\n")
    return round(int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024, 1)


def _peak() -> float:
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)


def _in_a_process(*arguments: str) -> dict[str, object]:
    script = [sys.executable, str(BENCHMARKS / "scale.py"), *arguments]
    done = subprocess.run(script, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout.strip().split("\n")[-1])
    return found


def _filled(home: Path, passages: int) -> dict[str, object]:
    script = [sys.executable, str(BENCHMARKS / "varied.py"), str(home), str(passages)]
    done = subprocess.run(script, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, object] = json.loads(done.stdout.strip().split("\n")[-1])
    return found


def exponent(sizes: Sequence[float], figures: Sequence[float]) -> float | None:
    """With which power of the size a figure grows, by least squares over logarithms."""
    if len(sizes) < 2 or min(figures) <= 0:
        return None
    return round(float(np.polyfit(np.log(sizes), np.log(figures), 1)[0]), 2)


def table(steps: Sequence[Mapping[str, object]]) -> str:
    """A line for each figure."""
    sizes = [float(str(step["passages"])) for step in steps]
    lines = []
    for name in steps[-1]:
        values = [step.get(name) for step in steps]
        numbers = [float(str(v)) for v in values if isinstance(v, int | float)]
        grows = exponent(sizes, numbers) if len(numbers) == len(sizes) else None
        shown = "".join(f"{'' if v is None else v:>12}" for v in values)
        lines.append(f"{name:<40}{shown}{'' if grows is None else f'{grows:+.2f}':>8}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=STEPS[-1])
    parser.add_argument("--home", type=Path)
    parser.add_argument("--measure", type=Path, nargs="+")
    parser.add_argument("--part", choices=("chroma", "bot", "changes"))
    given = parser.parse_args()
    if given.part:
        parts = {"chroma": chroma, "bot": bot, "changes": changes}
        with app(home_of(given.measure[0]), owner=True) as opened:
            print(json.dumps(parts[given.part](opened)))
        return
    steps: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as folder:
        home = given.home or Path(folder)
        work = [(one, 0) for one in given.measure or ()]
        work = work or [(home, size) for size in STEPS if size <= given.passages]
        for one, size in work:
            filled = _filled(one, size) if size else {}
            steps.append(filled | measured(one))
            print(json.dumps({"benchmark": "scale"} | steps[-1]), flush=True)
    print(table(steps))


if __name__ == "__main__":
    main()
