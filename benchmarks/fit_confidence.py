"""Fits the model behind `confidence` and the threshold of refusal, and writes bot/confidence.json.

    python benchmarks/fit_confidence.py EVAL_FOLDER

EVAL_FOLDER holds xquad_de and xquad_en in the format of `beleg ingest` (README there). Each set
is asked in both languages, with all articles, with every second one withheld (either half), and
with all but every sixteenth, so that the model knows what refusing looks like in collections of
any size; each example is learned once more as if its article were the only one. Quality is
measured on folds by article; the model is fitted on all.
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
from bot.confidence import FEATURES, features
from bot.engine import MOST_QUOTES, PASSAGES
from bot.extractive import best_quotes
from bot.settings import Settings
from vectorstore.exact import ExactIndex
from vectorstore.models import NO_FILTERS, Hit
from vectorstore.retriever import Retriever

ANSWERED = (
    0.91  # share of the answerable German questions to be answered, half of the articles withheld
)
TARGET = Path(__file__).parent.parent / "bot" / "confidence.json"


@dataclass(frozen=True)
class Example:
    features: list[float]
    right: bool
    answerable: bool
    article: str
    cell: str


def fold(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def examples(folder: Path) -> Iterator[Example]:
    for stored in ("de", "en"):
        articles = rows(folder / f"xquad_{stored}" / "articles.jsonl")
        answers = {
            q["id"]: q["answers"] for q in rows(folder / f"xquad_{stored}" / "questions.jsonl")
        }
        ids = [article["id"] for article in articles]
        with tempfile.TemporaryDirectory() as home:
            settings = Settings().model_copy(update={"home": Path(home)})
            with app(settings) as parts:
                source = folder / f"xquad_{stored}" / "articles.jsonl"
                parts.pipeline().ingest([str(source)])
                for name, kept in halves(ids):
                    gone = set(ids) - kept
                    parts.catalogue.delete(gone)
                    retriever = Retriever(
                        parts.database, parts.embedder, ExactIndex(parts.database)
                    )
                    for asked in ("de", "en"):
                        step = 1 if asked == stored and "half" in name else 3
                        questions = rows(folder / f"xquad_{asked}" / "questions.jsonl")[::step]
                        for q in questions:
                            hits = retriever.search(q["question"], PASSAGES, NO_FILTERS, asked)
                            cell = f"{asked} on {stored}, {name}"
                            yield from learned(q, asked, hits, gone, answers[q["id"]], cell)
                    parts.pipeline().ingest([str(source)])


def learned(
    q: dict, asked: str, hits: list[Hit], gone: set[str], answers: list[str], cell: str
) -> Iterator[Example]:
    quotes = best_quotes(q["question"], hits, MOST_QUOTES)
    if not quotes:
        return
    said = fold(" ".join(quote.text for quote in quotes))
    has = not gone & set(q["article_ids"])
    right = has and any(fold(answer) in said for answer in answers)
    alone = [hit for hit in hits if hit.article.id == quotes[0].article.id]
    for near, name in ((hits, cell), (alone, cell + ", alone")):
        found = features(q["question"], asked, quotes, near)
        yield Example(found, right, has, q["article_ids"][0], name)


def halves(ids: list[str]) -> Iterator[tuple[str, set[str]]]:
    yield "all", set(ids)
    yield "half", set(ids[1::2])
    yield "other half", set(ids[::2])
    yield "few", set(ids[::16])


def main() -> None:
    found = list(examples(Path(sys.argv[1])))
    x = np.array([e.features for e in found])
    right = np.array([e.right for e in found])
    answerable = np.array([e.answerable for e in found])
    cells = np.array([e.cell for e in found])
    groups = np.array([e.article for e in found])
    weight = np.array([0.3 if "alone" in e.cell else 1.0 for e in found])
    spread = x.std(axis=0) + 1e-9

    def fit(chosen: np.ndarray) -> LogisticRegression:
        model = LogisticRegression(C=10.0, max_iter=5000)
        return model.fit(x[chosen] / spread, right[chosen], sample_weight=weight[chosen])

    p = np.zeros(len(found))
    for train, test in GroupKFold(10).split(x, right, groups):
        p[test] = fit(train).predict_proba(x[test] / spread)[:, 1]
    own = np.array([cell in ("de on de, half", "de on de, other half") for cell in cells])
    threshold = float(np.quantile(p[own & answerable], 1 - ANSWERED))
    report = {}
    for cell in sorted(set(cells)):
        here = cells == cell
        yes, no = p[here & answerable], p[here & ~answerable]
        order = np.argsort(p[here])
        error = (
            sum(
                abs(p[here][part].sum() - right[here][part].sum())
                for part in np.array_split(order, 10)
            )
            / here.sum()
        )
        report[cell] = {
            "answered": round(float((yes >= threshold).mean()), 3),
            "false answers": round(float((no >= threshold).mean()), 3) if len(no) else None,
            "AUC": round(float(roc_auc_score(answerable[here], p[here])), 3) if len(no) else None,
            "calibration error": round(float(error), 3),
        }
        print(cell, report[cell], file=sys.stderr)
    model = fit(np.arange(len(found)))
    weights = dict(zip(FEATURES, (model.coef_[0] / spread).round(4).tolist(), strict=True))
    result = {
        "command": "python benchmarks/fit_confidence.py ../shared/eval",
        "data": "XQuAD-R German and English (CC BY-SA 4.0), folds by article",
        "threshold": round(threshold, 4),
        "intercept": round(float(model.intercept_[0]), 4),
        "weights": weights,
        "measured": report,
    }
    TARGET.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
