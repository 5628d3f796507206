"""Fits the models behind `confidence` and the thresholds of refusal: bot/confidence.json.

    python benchmarks/fit_confidence.py EVAL_FOLDER

EVAL_FOLDER holds xquad_de and xquad_en in the format of `beleg ingest` (README there). Each set is
asked in both languages, with all articles, with every second one withheld (either half), and with
all but every sixteenth, so that the models know what refusing looks like in collections of any
size. One model is fitted where question and article share a language, one where they don't.
Quality is measured on folds by article; the models are fitted on everything.
"""

import json
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from bot.bootstrap import app
from bot.confidence import FEATURES, OTHER, SAME, features, relation
from bot.engine import MOST_QUOTES, PASSAGES
from bot.extractive import best_quotes, ranked_quotes
from bot.settings import Settings
from vectorstore.exact import ExactIndex
from vectorstore.models import NO_FILTERS, Hit
from vectorstore.retriever import Retriever

ANSWERED = {
    SAME: 0.9115,
    OTHER: 0.85,
}  # share of the answerable to answer, half of the set withheld
TARGET = Path(__file__).parent.parent / "bot" / "confidence.json"
LANGUAGES = ("de", "en")


@dataclass(frozen=True)
class Example:
    features: list[float]
    right: bool
    answerable: bool
    article: str
    cell: str
    relation: str


def fold(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def examples(folder: Path) -> Iterator[Example]:
    for stored in LANGUAGES:
        base = folder / f"xquad_{stored}"
        ids = [article["id"] for article in rows(base / "articles.jsonl")]
        answers = {q["id"]: q["answers"] for q in rows(base / "questions.jsonl")}
        with (
            tempfile.TemporaryDirectory() as home,
            app(Settings().model_copy(update={"home": Path(home)})) as parts,
        ):
            retriever = Retriever(parts.database, parts.embedder, ExactIndex(parts.database))
            for name, kept in collections(ids):
                parts.pipeline().ingest([str(base / "articles.jsonl")])
                parts.catalogue.delete(set(ids) - kept)
                for asked in LANGUAGES:
                    step = 1 if asked == stored else 3
                    for q in rows(folder / f"xquad_{asked}" / "questions.jsonl")[::step]:
                        hits = retriever.search(q["question"], PASSAGES, NO_FILTERS, asked)
                        cell = f"{asked} on {stored}, {name}"
                        yield example(q, asked, hits, kept, answers[q["id"]], cell)


def collections(ids: list[str]) -> Iterator[tuple[str, set[str]]]:
    yield "all", set(ids)
    yield "half", set(ids[1::2])
    yield "other half", set(ids[::2])
    yield "few", set(ids[::16])


def example(
    q: dict, asked: str, hits: list[Hit], kept: set[str], answers: list[str], cell: str
) -> Example:
    quotes = best_quotes(ranked_quotes(q["question"], hits), MOST_QUOTES)
    said = fold(" ".join(quote.text for quote in quotes))
    has = kept >= set(q["article_ids"])
    right = has and any(fold(answer) in said for answer in answers)
    which = relation(asked, quotes[0].article.language)
    found = features(q["question"], quotes, hits)
    return Example(found, right, has, q["article_ids"][0], cell, which)


def fit_one(found: list[Example], answered: float) -> dict:
    x = np.array([e.features for e in found])
    right = np.array([e.right for e in found])
    answerable = np.array([e.answerable for e in found])
    cells = np.array([e.cell for e in found])
    groups = np.array([e.article for e in found])
    spread = x.std(axis=0) + 1e-9

    def fit(chosen: np.ndarray) -> LogisticRegression:
        model = LogisticRegression(C=10.0, max_iter=5000)
        return model.fit(x[chosen] / spread, right[chosen])

    p = np.zeros(len(found))
    for train, test in GroupKFold(10).split(x, right, groups):
        p[test] = fit(train).predict_proba(x[test] / spread)[:, 1]
    halves = np.char.endswith(cells, "half")
    threshold = float(np.quantile(p[halves & answerable], 1 - answered))
    model = fit(np.arange(len(found)))
    weights = (model.coef_[0] / spread).round(4).tolist()
    return {
        "threshold": round(threshold, 4),
        "intercept": round(float(model.intercept_[0]), 4),
        "weights": dict(zip(FEATURES, weights, strict=True)),
        "measured": {
            cell: measured(
                p[cells == cell], right[cells == cell], answerable[cells == cell], threshold
            )
            for cell in sorted(set(cells))
        },
    }


def measured(p: np.ndarray, right: np.ndarray, answerable: np.ndarray, threshold: float) -> dict:
    yes, no = p[answerable], p[~answerable]
    bins = np.array_split(np.argsort(p), 10)
    error = sum(abs(p[part].sum() - right[part].sum()) for part in bins) / len(p)
    return {
        "answered": round(float((yes >= threshold).mean()), 3),
        "false answers": round(float((no >= threshold).mean()), 3) if len(no) else None,
        "AUC": round(float(roc_auc_score(answerable, p)), 3) if len(no) else None,
        "calibration error": round(float(error), 3),
    }


def main() -> None:
    found = list(examples(Path(sys.argv[1])))
    result = {
        "command": "python benchmarks/fit_confidence.py ../shared/eval",
        "data": "XQuAD-R, German and English (CC BY-SA 4.0), on folds by article",
    }
    for name, answered in ANSWERED.items():
        result[name] = fit_one([e for e in found if e.relation == name], answered)
    TARGET.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
