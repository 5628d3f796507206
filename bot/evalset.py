"""A set to evaluate on, read from its folder: articles, and questions whose answers are known."""

import json
import random
import re
import shlex
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from bot.evaluation import Question
from vectorstore.errors import BelegError

ARTICLES, QUESTIONS = "articles.jsonl", "questions.jsonl"

Record = Mapping[str, Any]
Value = TypeVar("Value")

_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}
)


class Perturbation(StrEnum):
    """A way in which people write questions that isn't the set's."""

    ASCII = "ascii"
    LOWER = "lower"
    TYPO = "typo"


@dataclass(frozen=True, slots=True)
class Trial:
    """What to measure: the articles of `folder`, with those of `more` among them as distractors.

    The questions are those of `questions_from`, or the folder's own; the first `limit` of them.
    `withhold` leaves out every second of the folder's articles, so that half of the questions have
    no answer.
    """

    folder: Path
    more: tuple[Path, ...] = ()
    questions_from: Path | None = None
    withhold: bool = False
    perturb: Perturbation | None = None
    limit: int | None = None

    @property
    def command(self) -> str:
        """The command line that measures it, with the folders' names for their paths."""
        words = ["beleg", "eval", name_of(self.folder)]
        for folder in self.more:
            words += ["--with", name_of(folder)]
        if self.questions_from:
            words += ["--questions-from", name_of(self.questions_from)]
        words += ["--withhold"] if self.withhold else []
        words += ["--perturb", self.perturb.value] if self.perturb else []
        words += ["--limit", str(self.limit)] if self.limit else []
        return shlex.join(words)


@dataclass(frozen=True, slots=True)
class Material:
    """What a trial takes in and asks.

    `lines` are the articles as JSON, without line ends, in the input format of `beleg ingest`;
    `texts` their texts by id, in which citations count.
    """

    lines: tuple[bytes, ...]
    texts: Mapping[str, str]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class _ArticleLine:
    id: str
    text: str
    line: bytes


def name_of(folder: Path) -> str:
    """The name of a set: that of its folder."""
    return folder.absolute().name or str(folder)


def read_trial(trial: Trial) -> Material:
    """Everything a trial needs; BelegError says which file and line is missing or malformed."""
    own = _articles(trial.folder)
    others = [article for folder in trial.more for article in _articles(folder)]
    withheld = frozenset(a.id for a in own[::2]) if trial.withhold else frozenset[str]()
    kept = [article for article in (*own, *others) if article.id not in withheld]
    _require_different_ids(kept)
    texts = {article.id: article.text for article in kept}
    asked = _questions(trial.questions_from or trial.folder, withheld, trial.perturb)
    return Material(tuple(a.line for a in kept), texts, tuple(asked[: trial.limit]))


def perturbed(text: str, how: Perturbation | None) -> str:
    """The question as written without umlauts, without capitals, or with one typing error.

    The error, two letters swapped inside the longest word, is the same in every run.
    """
    match how:
        case Perturbation.ASCII:
            return text.translate(_ASCII)
        case Perturbation.LOWER:
            return text.lower()
        case Perturbation.TYPO:
            word = max(re.findall(r"\w+", text), key=len, default="")
            at = random.Random(text).randrange(1, max(2, len(word) - 2))
            swapped = word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
            return text.replace(word, swapped, 1)
        case None:
            return text


def _articles(folder: Path) -> list[_ArticleLine]:
    return _read(folder / ARTICLES, _article)


def _questions(folder: Path, withheld: frozenset[str], how: Perturbation | None) -> list[Question]:
    return _read(folder / QUESTIONS, lambda record, line: _question(record, withheld, how))


def _require_different_ids(articles: Iterable[_ArticleLine]) -> None:
    known: set[str] = set()
    for article in articles:
        if article.id in known:
            raise BelegError(
                f"Two articles have the id {article.id!r}: one would replace the other. Leave out "
                "one of the sets, or give the articles ids of their own."
            )
        known.add(article.id)


def _read(file: Path, understand: Callable[[Record, bytes], Value]) -> list[Value]:
    """What every line of a file says. Lines end in LF only, blank ones are passed over."""
    try:
        lines = file.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n")
    except OSError as error:
        raise BelegError(
            f"{file} can't be read ({error.strerror or error}). A set to evaluate on is a folder "
            f"with {ARTICLES} and {QUESTIONS}."
        ) from error
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(understand(_record(line), line))
            except _Malformed as error:
                raise BelegError(f"{file}, line {number}: {error}") from error
    if not found:
        raise BelegError(f"{file} is empty.")
    return found


class _Malformed(Exception):
    """What is wrong with a line."""


def _record(line: bytes) -> Record:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise _Malformed("the line is no JSON.") from None
    if not isinstance(record, dict):
        raise _Malformed("the line is no JSON object.")
    return record


def _article(record: Record, line: bytes) -> _ArticleLine:
    text = _string(record, "text").replace("\r\n", "\n").replace("\r", "\n")
    return _ArticleLine(_string(record, "id"), text, line)


def _question(record: Record, withheld: frozenset[str], how: Perturbation | None) -> Question:
    answerable = record.get("answerable")
    if not isinstance(answerable, bool):
        raise _Malformed('"answerable" has to be true or false.')
    return Question(
        id=_string(record, "id"),
        text=perturbed(_string(record, "question"), how),
        gold=frozenset(_strings(record, "article_ids")) - withheld,
        answers=_strings(record, "answers"),
        sentences=_strings(record, "sentences"),
        answerable=answerable,
    )


def _string(record: Record, key: str) -> str:
    value = record.get(key)
    if not isinstance(value, str) or not value:
        raise _Malformed(f'"{key}" has to be a string, and not empty.')
    return value


def _strings(record: Record, key: str) -> tuple[str, ...]:
    value = record.get(key)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _Malformed(f'"{key}" has to be a list of strings.')
    return tuple(value)
