"""Fits what chooses sentences and what refuses: bot/evidence.json.

    python benchmarks/fit_answers.py EVAL_FOLDER [--examples FILE] [--out FILE]

EVAL_FOLDER holds xquad_de, xquad_en, omos_de_dev and omos_en_dev (README there); tests/quality is
the fifth set, because news is what Beleg is asked about. Each is asked with all articles, and with
every second one withheld (either half), so that the models know what refusing looks like; XQuAD
also with all but every sixteenth, and in the other language. benchmarks/homes are collections as
people begin with: four or five articles, two of them about the same event. Three things are fitted:
the weights by which a sentence is chosen (a softmax over the sentences of the best passages), and
two logistic models each for questions in the article's language and in another one: whether the
articles hold an answer at all (by which Beleg refuses), and whether what is quoted holds it (the
confidence).
Quality is measured on folds by article; what is kept is fitted on everything. --examples keeps
what was looked at, so that a second fit takes a minute.
"""

import argparse
import json
import pickle
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from fitting import calibration_error, fit_choice, fit_logistic, folds, probabilities
from sklearn.metrics import roc_auc_score

from bot.bootstrap import app
from bot.composition import compose
from bot.confidence import FEATURES, features, one_language
from bot.engine import MOST_QUOTES
from bot.evaluation import holds, overlaps
from bot.extractive import best_quotes, ranked_quotes
from bot.looking import PASSAGES
from bot.settings import Settings
from bot.traits import SENTENCE
from vectorstore.exact import ExactIndex
from vectorstore.models import NO_FILTERS, Hit
from vectorstore.retriever import Retriever

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "bot" / "evidence.json"
OWN = ROOT / "tests" / "quality"
HOMES = ROOT / "benchmarks" / "homes"
ANSWERED = 0.9  # share of XQuAD's answerable questions to answer, half of the set withheld
LEAST = {"same language": 0.41, "other language": 0.53}  # confidence below which nothing is said
MOST_CAUTION = {"same language": 1.0, "other language": 0.05}
"""The highest threshold for the first model: fitted on collections of one language, it refuses too
much where both languages compete, so that across languages the confidence has to decide."""
PAGES = (
    0.15  # what OMoS-QA weighs in the fit of refusing: other pages than the gold one answer, too
)
FEWEST = 300  # examples from which a collection counts as much as a larger one
WHOLE = 0.3  # what collections weigh there of which no half is withheld, where refusing is easy
NEWS = 0.2  # what tests/quality weighs in the fit of the confidence, being small
UNANSWERABLE = 0.15  # what an example without an answer weighs in the fit of the confidence
SETS = ("xquad_de", "xquad_en", "omos_de_dev", "omos_en_dev")
PAIRS = {"xquad_de": "xquad_en", "xquad_en": "xquad_de"}
EVEN_FIT = dict.fromkeys(SENTENCE, 1.0)


@dataclass(frozen=True)
class Example:
    """A question with the hits that it got; `right` says of each sentence whether it answers."""

    cell: str
    question: str
    language: str
    hits: tuple[Hit, ...]
    gold: frozenset[str]
    answerable: bool
    answers: tuple[str, ...]
    sentences: tuple[str, ...]
    group: str

    def is_right(self, article: str, quote: str) -> bool:
        """Whether a quote answers; in another article only if it holds the very answer."""
        if self.answers:
            return holds(quote, self.answers) and self.answerable
        return article in self.gold and overlaps(quote, self.sentences)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def collections(name: str, ids: list[str]) -> Iterator[tuple[str, set[str]]]:
    yield "all", set(ids)
    yield "half", set(ids[1::2])
    yield "other half", set(ids[::2])
    if name in PAIRS:
        yield "few", set(ids[::16])


def examples(stored: Path) -> list[Example]:
    """Every question of a set, and of its pair in the other language, in all collections."""
    folder, name = stored.parent, stored.name
    ids = [article["id"] for article in rows(stored / "articles.jsonl")]
    own = {q["id"]: q for q in rows(stored / "questions.jsonl")}
    found: list[Example] = []
    with (
        tempfile.TemporaryDirectory() as home,
        app(Settings().model_copy(update={"home": Path(home)})) as parts,
    ):
        retriever = Retriever(parts.database, parts.embedder, ExactIndex(parts.database))
        for collection, kept in collections(name, ids):
            parts.pipeline().ingest([str(stored / "articles.jsonl")])
            parts.catalogue.delete(set(ids) - kept)
            for asked in (name, PAIRS.get(name)):
                if asked is None:
                    continue
                step = 1 if asked == name and collection != "few" else 3
                cell = f"{asked} on {name}, {collection}"
                for q in rows(folder / asked / "questions.jsonl")[::step]:
                    hits = retriever.search(q["question"], PASSAGES, NO_FILTERS, q["language"])
                    found.append(example(cell, q, own[q["id"]], hits, kept))
    return found


def home_examples(stored: Path) -> list[Example]:
    """The questions of every small home, asked of its own articles only."""
    articles, questions = (rows(stored / f"{name}.jsonl") for name in ("articles", "questions"))
    found: list[Example] = []
    for home in sorted({article["home"] for article in articles}):
        with (
            tempfile.TemporaryDirectory() as place,
            app(Settings().model_copy(update={"home": Path(place)})) as parts,
        ):
            own = [article for article in articles if article["home"] == home]
            given = Path(place) / "articles.jsonl"
            given.write_text("".join(json.dumps(article) + "\n" for article in own), "utf-8")
            parts.pipeline().ingest([str(given)])
            retriever = Retriever(parts.database, parts.embedder, ExactIndex(parts.database))
            kept = {article["id"] for article in own}
            for q in (q for q in questions if q["home"] == home):
                hits = retriever.search(q["question"], PASSAGES, NO_FILTERS, q["language"])
                found.append(replace(example("homes, all", q, q, hits, kept), group=home))
    return found


def example(
    cell: str, q: Mapping[str, Any], known: Mapping[str, Any], hits: list[Hit], kept: set[str]
) -> Example:
    gold = frozenset(q["article_ids"]) & kept
    return Example(
        cell,
        q["question"],
        q["language"],
        tuple(hits),
        gold,
        bool(gold) and q["answerable"],
        tuple(known["answers"]),
        tuple(known["sentences"]),
        (q["article_ids"] or [q["id"]])[0],
    )


def choice(found: list[Example]) -> tuple[np.ndarray, dict[str, Any]]:
    """The weights that choose sentences, from the collections that hold all articles."""
    whole = [e for e in found if e.cell.endswith("all") and e.answerable]
    traits, right = [], []
    for e in whole:
        quotes = ranked_quotes(e.question, e.hits, EVEN_FIT)
        traits.append(np.array([q.traits for q in quotes]))
        right.append(np.array([e.is_right(q.article.id, q.text) for q in quotes]))
    cells = np.array([e.cell for e in whole])
    importance = np.array([1 / np.sum(cells == cell) for cell in cells])
    usable = np.array([r.any() for r in right])
    fold = folds([e.group for e in whole])

    def fit(chosen: np.ndarray) -> np.ndarray:
        at = np.flatnonzero(chosen & usable)
        return fit_choice([traits[i] for i in at], [right[i] for i in at], importance[at], 1e-3)

    hit = np.zeros(len(whole), bool)
    for number in sorted(set(fold)):
        w = fit(fold != number)
        for i in np.flatnonzero(fold == number):
            hit[i] = right[i][np.argmax(traits[i] @ w)]
    measured = {cell: round(float(hit[cells == cell].mean()), 3) for cell in sorted(set(cells))}
    return fit(np.ones(len(whole), bool)), measured


def judged(found: list[Example], weights: Mapping[str, float]) -> dict[str, np.ndarray]:
    """What the logistic models learn from: traits of the chosen sentence, and how it turned out."""
    table: dict[str, list[Any]] = {k: [] for k in ("x", "right", "has", "cell", "group", "same")}
    for e in found:
        quotes = ranked_quotes(e.question, e.hits, weights)
        if not quotes:
            continue
        first = quotes[0]
        table["x"].append(features(e.question, quotes, e.hits))
        said = compose(e.question, best_quotes(quotes, MOST_QUOTES), quotes, "de", MOST_QUOTES)
        shown = [e.is_right(c.article_id, c.quote) for c in said.citations]
        table["right"].append(any(shown))
        table["has"].append(e.answerable)
        table["cell"].append(e.cell)
        table["group"].append(e.group)
        table["same"].append(one_language(e.language, first.article.language))
    return {name: np.array(values) for name, values in table.items()}


def refusal(data: dict[str, np.ndarray], same: bool) -> dict[str, Any]:
    """Both logistic models for one relation of languages, with the threshold and the measures."""
    at = data["same"] == same
    x, right, has, cell = (data[name][at] for name in ("x", "right", "has", "cell"))
    fold = folds(data["group"][at].tolist())
    balance = np.array([1 / max(FEWEST, np.sum(cell == c)) for c in cell])
    balance = balance / balance.mean()
    pages, news = (np.array([c.startswith(n) for c in cell]) for n in ("omos", "quality"))
    whole = np.array([not c.endswith("half") for c in cell])
    caution = balance * np.where(pages, PAGES, 1.0) * np.where(whole, WHOLE, 1.0)
    trust = np.where(has, 1.0, UNANSWERABLE) * balance * np.where(news, NEWS, 1.0)

    def both(on: np.ndarray) -> tuple[tuple[np.ndarray, float], tuple[np.ndarray, float]]:
        return (
            fit_logistic(x[on], has[on], caution[on], 3.0),
            fit_logistic(x[on], right[on], trust[on], 0.1),
        )

    p, sure = np.zeros(len(x)), np.zeros(len(x))
    for number in sorted(set(fold)):
        held, good = both(fold != number)
        p[fold == number] = probabilities(x[fold == number], held)
        sure[fold == number] = probabilities(x[fold == number], good)
    halves = np.array([c.startswith("xquad") and c.endswith("half") for c in cell])
    relation = "same language" if same else "other language"
    threshold = min(MOST_CAUTION[relation], float(np.quantile(p[halves & has], 1 - ANSWERED)))
    least = LEAST[relation]
    says = (p >= threshold) & (sure >= least)
    held, good = both(np.ones(len(x), bool))
    return {
        "answerable": stored(held, threshold),
        "right": stored(good, least),
        "measured": {
            c: measured(
                p[cell == c], sure[cell == c], says[cell == c], right[cell == c], has[cell == c]
            )
            for c in sorted(set(cell))
        },
    }


def stored(fitted: tuple[np.ndarray, float], threshold: float) -> dict[str, Any]:
    weights, intercept = fitted
    return {
        "threshold": round(threshold, 4),
        "intercept": round(intercept, 4),
        "weights": dict(zip(FEATURES, weights.round(4).tolist(), strict=True)),
    }


def measured(
    p: np.ndarray, sure: np.ndarray, says: np.ndarray, right: np.ndarray, has: np.ndarray
) -> dict[str, float | None]:
    given = says & has
    return {
        "answered": round(float(says[has].mean()), 3),
        "false answers": round(float(says[~has].mean()), 3) if (~has).any() else None,
        "right of the answered": round(float(right[given].mean()), 3),
        "AUC": round(float(roc_auc_score(has, p)), 3) if (~has).any() else None,
        "calibration error": round(calibration_error(sure[given], right[given]), 3),
    }


def looked_at(folder: Path, kept: Path | None) -> list[Example]:
    if kept and kept.exists():
        found: list[Example] = pickle.loads(kept.read_bytes())
        return found
    with ProcessPoolExecutor(2) as pool:
        sets = [*(folder / name for name in SETS), OWN]
        parts: Sequence[list[Example]] = list(pool.map(examples, sets))
    found = [e for part in parts for e in part] + home_examples(HOMES)
    if kept:
        kept.write_bytes(pickle.dumps(found))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--examples", type=Path)
    parser.add_argument("--out", type=Path, default=TARGET)
    chosen = parser.parse_args()
    found = looked_at(chosen.folder, chosen.examples)
    weights, first_is_right = choice(found)
    by_name = dict(zip(SENTENCE, weights.round(4).tolist(), strict=True))
    data = judged(found, by_name)
    result = {
        "command": "python benchmarks/fit_answers.py ../shared/eval",
        "data": "XQuAD-R (CC BY-SA 4.0), OMoS-QA (CC BY 4.0), own news; on folds by article",
        "embedding model": Settings().embedding_model or "packaged",
        "sentence": {"weights": by_name, "measured: the first sentence is right": first_is_right},
        "same language": refusal(data, True),
        "other language": refusal(data, False),
    }
    chosen.out.write_text(json.dumps(result, indent=2) + "\n", "utf-8")
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
