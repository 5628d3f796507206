"""How long `beleg ask` takes from the start of its process to the answer, without a daemon.

    python benchmarks/cold_start.py [--passages N] [--home HOME] [--runs N] [--json]

A home of varied articles (varied.py) is filled first, or found. Then the commands run in turns, so
that all of them meet the same load: `beleg --help`, `beleg ask`, and as the baseline the same
question with the question encoder switched off, so that Sentence Transformers encodes it. `s` is by
the clock, the median; `cpu s` is what the processor worked for it, which other processes disturb
less. Stages are of one more run in which functions are wrapped; in milliseconds of the processor.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reporting import show
from varied import Filler

from bot.settings import Settings
from vectorstore.catalogue import Catalogue
from vectorstore.database import CATALOGUE, Database
from vectorstore.embedder import SentenceEmbedder

QUESTION = "Wer bekam den Auftrag für die Krankenbehörde in Halunfeld?"
RUN = "from bot.cli.main import run; run()"
SLOW = f"from vectorstore.embedder import SentenceEmbedder as E; E._quick = lambda e: None; {RUN}"
NO_EVIDENCE = 3

STAGES = """
import sys, time
from functools import wraps
spent, inner, at = {"python": time.process_time()}, [0.0], time.process_time()
def lap(name):
    global at
    spent[name], at = time.process_time() - at, time.process_time()
def count(owner, name, stage):
    function = getattr(owner, name)
    @wraps(function)
    def counted(*args, **others):
        inner.append(0.0)
        started = time.process_time()
        try:
            return function(*args, **others)
        finally:
            took = time.process_time() - started
            spent[stage] = spent.get(stage, 0.0) + took - inner.pop()
            inner[-1] += took
    setattr(owner, name, counted)
from bot.cli.main import run
lap("command line")
import numpy
lap("numpy")
import bot.bootstrap, bot.cli.records
lap("other modules")
from bot.search import Search
from vectorstore import question_encoder
from vectorstore.exact import ExactIndex
from vectorstore.following import FollowingEmbedder
from vectorstore.retriever import Retriever
lap("question encoder: modules")
count(Search, "language", "language")
count(Retriever, "put_right", "spelling")
count(Retriever, "search", "lexical search and scoring")
count(ExactIndex, "nearest", "dense search")
count(FollowingEmbedder, "encode_question", "embedding")
count(question_encoder, "opened", "question encoder: opening")
try:
    run()
finally:
    lap("run")
    spent["rest"] = spent.pop("run") - inner[0]
    import json
    print(json.dumps(spent), file=sys.stderr)
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of a command: seconds by the clock and of the processor, and what it said."""

    seconds: float
    cpu: float
    out: str
    err: str


def ran(code: str, words: Sequence[str], home: Path) -> Ran:
    """Runs code in a process of its own as if it were `beleg` with these words."""
    environment = {**os.environ, "BELEG_HOME": str(home)}
    command = [sys.executable, "-c", code, *words]
    before, started = os.times(), time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    seconds, after = time.perf_counter() - started, os.times()
    if done.returncode not in (0, NO_EVIDENCE):
        raise SystemExit(done.stderr)
    cpu = after.children_user + after.children_system
    cpu -= before.children_user + before.children_system
    return Ran(seconds, cpu, done.stdout, done.stderr)


def filled(home: Path, passages: int) -> int:
    """A home with at least so many passages."""
    database = Database(home / CATALOGUE)
    catalogue = Catalogue(database)
    if catalogue.counts().chunks < passages:
        Filler(catalogue, SentenceEmbedder(Settings().cache)).grow(passages)
    count = catalogue.counts().chunks
    database.close()
    return count


def alike(one: Ran, other: Ran) -> bool:
    """Whether two answers are the same but for the time they took."""
    first, second = ({**json.loads(r.out), "seconds": 0} for r in (one, other))
    for answer in (first, second):
        answer["confidence"] = round(answer["confidence"], 1)
        answer["nearest"] = [near["article_id"] for near in answer["nearest"]]
    return bool(first == second)


def measured(home: Path, runs: int) -> dict[str, object]:
    """The figures of a home."""
    ask = ["ask", QUESTION, "--json"]
    commands = {"help": (RUN, ["--help"]), "ask": (RUN, ask), "baseline": (SLOW, ask)}
    for code, words in commands.values():  # once unseen: the disk, the model's folder
        ran(code, words, home)
    found: dict[str, list[Ran]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, (code, words) in commands.items():
            found[name].append(ran(code, words, home))
    staged = ran(STAGES, ask, home).err.splitlines()[-1]
    seconds = {name: statistics.median(r.seconds for r in all_) for name, all_ in found.items()}
    cpu = {name: statistics.median(r.cpu for r in all_) for name, all_ in found.items()}
    return {
        **{f"{name} s": round(value, 2) for name, value in seconds.items()},
        **{f"{name} cpu s": round(value, 2) for name, value in cpu.items()},
        "ratio": round(seconds["baseline"] / seconds["ask"], 1),
        "cpu ratio": round(cpu["baseline"] / cpu["ask"], 1),
        "same answer": alike(found["ask"][0], found["baseline"][0]),
        "stages, cpu ms": {k: round(v * 1e3) for k, v in json.loads(staged).items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=5_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home = wanted.home or Path(folder)
        count = filled(home, wanted.passages)
        baseline = "the same question, encoded by Sentence Transformers"
        about = {"benchmark": "cold start", "passages": count, "baseline": baseline}
        show({**about, **measured(home, wanted.runs)})


if __name__ == "__main__":
    main()
