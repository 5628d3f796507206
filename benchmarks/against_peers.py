"""Articles a second from JSONL to searchable: Beleg beside LangChain, LlamaIndex and Haystack.

    python benchmarks/against_peers.py [--json] [--articles N] [--python PEERS_PYTHON]

`make bench-peers` makes the peers' environment and runs this. All embed with the same weights, one
after the other in this run, each as a process of its own and in its defaults (peers/indexing.py).
The peers' weights are written out in fp32, as the published model has them: half precision, which
Beleg's folder has, runs as it is stored, and many times slower on most processors.
The N articles (456 by default) are invented, one paragraph of 600 to 2,000 characters each. "ready"
are the seconds until the first article can be taken in, the model being loaded; "articles/s" counts
from there on, and "whole" is the ratio to Beleg with the start counted in.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from invented_news import report
from reporting import show
from safetensors.numpy import load_file, save_file

from bot.settings import Settings
from vectorstore.packaged import LAYOUT, expanded_model

PEERS = ("langchain", "llamaindex", "haystack")
WEIGHTS = "model.safetensors"
SHORTEST, LONGEST = 600, 2_000  # characters of an article
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds until something could be taken in, and for taking it in; how many passages."""

    ready: float
    seconds: float
    passages: int


def articles(count: int) -> str:
    """So many articles as JSONL, half of them German."""
    lines = []
    for number in range(count):
        chance = random.Random(number)
        piece = report(("de", "en")[number % 2], chance, random.Random(f"{number}"), 400)
        text = " ".join(piece.text().split())[: chance.randint(SHORTEST, LONGEST)]
        lines.append(json.dumps({"id": str(number), "text": text}, ensure_ascii=False))
    return "\n".join(lines) + "\n"


def took(name: str, python: str, model: Path, source: Path, folder: Path) -> Took:
    """By one of them, in a process of its own."""
    script = str(HERE / "peers" / "indexing.py")
    command = [python, script, name, str(model), str(source), str(folder)]
    env = os.environ | {"HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}
    done = subprocess.run(command, env=env, check=True, capture_output=True, text=True)
    return Took(**json.loads(done.stdout.splitlines()[-1]))


def in_fp32(model: Path, folder: Path) -> Path:
    """A copy of a model's folder with weights in single precision."""
    shutil.copytree(model, folder, ignore=shutil.ignore_patterns("*.safetensors", LAYOUT))
    weights = {name: w.astype(np.float32) for name, w in load_file(model / WEIGHTS).items()}
    save_file(weights, folder / WEIGHTS, {"format": "pt"})
    about = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps(about | {"dtype": "float32"}))
    return folder


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", action="store_true", help="one object a line")
    parser.add_argument("--articles", type=int, default=456)
    parser.add_argument("--python", default=str(HERE.parent / ".venv-peers" / "bin" / "python"))
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        model = in_fp32(expanded_model(Settings().cache), Path(folder) / "model")
        source = Path(folder) / "articles.jsonl"
        source.write_text(articles(asked.articles))
        own = took("beleg", sys.executable, model, source, Path(folder) / "home")
        show(_row("beleg", own, own, asked.articles))
        for name in PEERS:
            place = Path(folder) / name
            place.mkdir()
            one = took(name, asked.python, model, source, place)
            show(_row(name, one, own, asked.articles))


def _row(name: str, took: Took, own: Took, count: int) -> dict[str, object]:
    return {
        "what": name,
        "ready s": round(took.ready, 1),
        "articles/s": round(count / took.seconds, 1),
        "passages/s": round(took.passages / took.seconds, 1),
        "times slower": round(took.seconds / own.seconds, 2),
        "whole": round((took.ready + took.seconds) / (own.ready + own.seconds), 2),
    }


if __name__ == "__main__":
    main()
