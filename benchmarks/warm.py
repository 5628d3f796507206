"""How long a question takes in a process that has answered some, and how long eight at once do.

    python benchmarks/warm.py [--passages N] [--questions N] [--home HOME] [--json]

200 questions of several kinds (varied_questions.py) to a home of varied articles, by `Engine.ask`
without a chat model, with Chroma as in the bot. `ms` is by the clock; `cpu ms` is what the
processor worked for it, all threads together, which other processes disturb less. Stages are
measured by wrapping functions from here; each counts without the stages inside it. The baseline
for "8 askers" is one asker in the same run.
"""

import argparse
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from reporting import show
from varied import Filler
from varied_questions import KINDS, Asked, questions

import bot.looking
import bot.search
import vectorstore.reading
from bot.bootstrap import App, app
from bot.engine import Engine
from bot.settings import Settings
from vectorstore.following import FollowingEmbedder
from vectorstore.ownership import OwnedIndex
from vectorstore.passages import Passages
from vectorstore.postings import KnownTerms
from vectorstore.retriever import Retriever

ASKERS = 8
STAGES: Sequence[tuple[Any, str, str]] = (
    (FollowingEmbedder, "encode_question", "embedding"),
    (OwnedIndex, "nearest", "dense"),
    (KnownTerms, "weigh", "lexical"),
    (KnownTerms, "propose", "lexical"),
    (Retriever, "put_right", "spelling"),
    (Passages, "load", "fetch"),
    (Passages, "vectors", "fetch"),
    (vectorstore.reading, "best_looks", "sentences"),
    (vectorstore.reading, "close_looks", "sentences"),
    (bot.looking, "ranked_quotes", "quotes"),
    (bot.looking, "judge", "judgement"),
    (bot.looking, "compose", "composition"),
    (bot.search.Search, "language", "language"),
)


@dataclass(slots=True)
class Stages:
    """Seconds by stage, of all threads together."""

    seconds: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    inner: threading.local = field(default_factory=threading.local)

    def wrap(self, function: Callable[..., Any], stage: str) -> Callable[..., Any]:
        """The function, its time counted without that of the stages inside it."""

        def timed(*args: Any, **others: Any) -> Any:
            outside, self.inner.spent = getattr(self.inner, "spent", 0.0), 0.0
            started = time.perf_counter()
            try:
                return function(*args, **others)
            finally:
                took = time.perf_counter() - started
                self.seconds[stage] += took - self.inner.spent
                self.inner.spent = outside + took

        return timed

    def all_of(self, ask: Callable[[], None]) -> None:
        """Does something with every stage wrapped."""
        kept = [(owner, name, getattr(owner, name)) for owner, name, _ in STAGES]
        for owner, name, stage in STAGES:
            setattr(owner, name, self.wrap(getattr(owner, name), stage))
        try:
            self.wrap(ask, "rest")()
        finally:
            for owner, name, function in kept:
                setattr(owner, name, function)


def home_of(folder: Path) -> Settings:
    """The settings with another home; by its field's name it can't be given to them."""
    return Settings().model_copy(update={"home": folder})


def ask(engine: Engine, asked: Asked) -> float:
    """Seconds for a question."""
    started = time.perf_counter()
    engine.ask(asked.text, asked.filters, history=asked.history)
    return time.perf_counter() - started


def percentile(seconds: Sequence[float], share: float) -> float:
    """In milliseconds."""
    return round(float(np.percentile(np.array(seconds) * 1e3, share)), 1)


def one_asker(engine: Engine, asked: Sequence[Asked]) -> dict[str, object]:
    """Latencies of questions one after another: all, by kind, with filters and without."""
    used = time.process_time()
    took = [(one, ask(engine, one)) for one in asked]
    used = time.process_time() - used
    result: dict[str, object] = {
        "p50 ms": percentile([s for _, s in took], 50),
        "p95 ms": percentile([s for _, s in took], 95),
        "cpu ms": round(1e3 * used / len(asked), 1),
        "unfiltered p95 ms": percentile([s for a, s in took if not a.narrowed], 95),
        "filtered p95 ms": percentile([s for a, s in took if a.narrowed], 95),
    }
    for kind in KINDS:
        result[f"{kind} p50 ms"] = percentile([s for a, s in took if a.kind == kind], 50)
    return result


def by_stage(engine: Engine, asked: Sequence[Asked]) -> dict[str, object]:
    """Mean milliseconds of each stage of a question."""
    stages = Stages()
    stages.all_of(lambda: [ask(engine, one) for one in asked] and None)
    ordered = sorted(stages.seconds.items(), key=lambda item: -item[1])
    return {f"{stage} ms": round(1e3 * s / len(asked), 2) for stage, s in ordered}


def many_askers(engine: Engine, asked: Sequence[Asked]) -> dict[str, object]:
    """Throughput and the slow ones of ASKERS threads, as ratios to one asker."""
    started, used = time.perf_counter(), time.process_time()
    alone = [ask(engine, one) for one in asked]
    one, one_cpu = time.perf_counter() - started, time.process_time() - used
    with ThreadPoolExecutor(ASKERS) as pool:
        list(pool.map(lambda a: ask(engine, a), asked[: 2 * ASKERS]))  # threads open connections
        started, used = time.perf_counter(), time.process_time()
        took = list(pool.map(lambda a: ask(engine, a), asked))
        many, many_cpu = time.perf_counter() - started, time.process_time() - used
    return {
        "questions/s of one": round(len(asked) / one, 1),
        f"questions/s of {ASKERS}": round(len(asked) / many, 1),
        "throughput ratio": round(one / many, 2),
        "p95 ratio": round(percentile(took, 95) / percentile(alone, 95), 2),
        f"cpu ratio of {ASKERS}": round(many_cpu / one_cpu, 2),
        f"cores used by {ASKERS}": round(many_cpu / many, 2),
    }


def as_the_bot(parts: App) -> Engine:
    """An engine over Chroma, warmed up."""
    assert parts.index is not None
    parts.index.own()
    parts.index.catch_up()
    engine = parts.engine()
    engine.warm_up()
    return engine


def measured(engine: Engine, count: int = 200) -> dict[str, object]:
    """Everything, after all filters and kinds were asked once."""
    asked = questions(count)
    for one in asked[:30]:
        ask(engine, one)
    result = one_asker(engine, asked)
    return result | by_stage(engine, asked) | many_askers(engine, asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=5_000)
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        app(home_of(given.home or Path(folder)), owner=True) as parts,
    ):
        if parts.catalogue.counts().chunks < given.passages:
            Filler(parts.catalogue, parts.embedder).grow(given.passages)
        result = {"benchmark": "warm", "passages": parts.catalogue.counts().chunks}
        show(result | measured(as_the_bot(parts), given.questions))


if __name__ == "__main__":
    main()
