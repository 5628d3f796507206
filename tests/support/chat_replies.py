"""What chat models say: the honest one, liars, chatterers and those who refuse.

Each takes what it was told and gives its reply; nothing is known but what stands in the prompt.
"""

import re
from collections.abc import Callable, Iterator

from tests.support.chat_reading import Told

Says = Callable[[Told], str]

REFUSALS = (
    "In den Artikeln steht dazu nichts. Die Quellen nennen keine Namen.",
    "Die vorliegenden Passagen enthalten dazu keine Informationen.",
    "Ich kann diese Frage anhand der Texte nicht beantworten.",
    "The articles do not mention that.",
    "I'm sorry, but the provided passages don't contain that information.",
    "I cannot answer this from the sources.",
)


def honest(told: Told) -> str:
    """The sentences nearest to the question in their words, each with its label."""
    return " ".join(_labelled(text, label) for text, label in chosen(told)) or "NO_ANSWER"


def chosen(told: Told, most: int = 3) -> list[tuple[str, str]]:
    """Whole sentences of the passages with the label of each, those with most words asked for."""
    asked = _words(told.question)
    scored = [
        (len(asked & _words(sentence)), -place, sentence, shown.label)
        for place, shown in enumerate(told.passages)
        for sentence in shown.sentences
        if re.search(r"[.!?]$", sentence)
    ]
    best = sorted(scored, key=lambda one: (-one[0], -one[1]))[:most]
    return [(sentence, label) for score, _, sentence, label in best if score]


def wrong_numbers(told: Told) -> str:
    """Every number is one more than in the passage."""

    def more(match: re.Match[str]) -> str:
        return str(int(match[0]) + 1)

    return _changed(told, lambda text: re.sub(r"\d+", more, text))


def wrong_names(told: Told) -> str:
    """What is written with a capital inside a sentence is somebody else."""
    return _changed(told, lambda text: re.sub(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ]\w+", "Zacharias", text))


def wrong_labels(told: Told) -> str:
    """Each sentence has the label of another passage."""
    labels = [shown.label for shown in told.passages]
    after = dict(zip(labels, labels[1:] + labels[:1], strict=True))
    return " ".join(_labelled(text, after[label]) for text, label in chosen(told))


def invented_labels(told: Told) -> str:
    """Labels that were never given."""
    made_up = ("[q9q9]", "[1]", "【2】", "[source: zz99]", "[^3]", "(zz99)")
    return " ".join(
        f"{text[:-1]} {mark}{text[-1]}"
        for (text, _), mark in zip(chosen(told) * 2, made_up, strict=False)
    )


def unlabelled(told: Told) -> str:
    """True sentences without any label."""
    return " ".join(text for text, _ in chosen(told))


def chatty(told: Told) -> str:
    """A preface, markdown, footnotes, a list of sources, a link and an offer."""
    said = "\n".join(f"- **{_labelled(text, label)}**" for text, label in chosen(told))
    listed = "\n".join(f"[^{label}]: {shown}" for shown, label in chosen(told))
    return (
        f"Gerne! Hier ist, was ich gefunden habe:\n\n## Antwort\n\n{said}\n\n"
        f"![Bild](https://evil.example/i.png) Mehr unter [Link](https://evil.example/?q=1).\n\n"
        f"### Quellen\n{listed}\n\nSoll ich noch mehr heraussuchen?"
    )


def parrot(told: Told) -> str:
    """The whole prompt again."""
    return f"{told.system}\n\n{told.user}"


def endless(told: Told) -> Iterator[str]:
    """The honest sentences, again and again."""
    while True:
        yield honest(told) + " "


def refused_once(told: Told) -> str:
    """Lies at first; the honest answer if it is asked again."""
    return wrong_numbers(told) if told.turns == 1 else honest(told)


def _changed(told: Told, change: Callable[[str], str]) -> str:
    return " ".join(_labelled(change(text), label) for text, label in chosen(told))


def _labelled(text: str, label: str) -> str:
    return f"{text[:-1]} [{label}]{text[-1]}"


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w{4,}", text)}
