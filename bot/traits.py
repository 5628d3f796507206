"""What is looked at in a sentence to see whether it answers: numbers with readable names. Pure."""

from collections.abc import Mapping

from bot.asked import FIGURES, Kind, holds
from vectorstore import lexical
from vectorstore.models import Hit, ScoredSentence

SENTENCE = (
    "meaning",
    "meaning within passage",
    "with the sentence before",
    "with the sentence after",
    "words in meaning",
    "words as written",
    "passage",
    "passage behind the best",
    "passage in meaning",
    "words in meaning in passage",
    "holds the figure asked for",
    "holds the reason asked for",
    "holds the person asked for",
    "holds the place asked for",
    "is a question",
    "opens the article",
    "tells something new",
    "is short",
)
NEW_WORDS = 6  # words beyond the question's from which a sentence tells enough
SHORT = 40  # characters below which it tells little


def sentence_traits(
    question: str, kind: Kind, hit: Hit, sentence: ScoredSentence, best: float
) -> list[float]:
    """The traits in the order of SENTENCE; `best` is the score of the best passage."""
    text = hit.article.text[sentence.start : sentence.end]
    held = kind is not Kind.OTHER and holds(text, kind, question)
    return [
        sentence.dense,
        sentence.dense - max(other.dense for other in hit.sentences),
        sentence.before,
        sentence.after,
        sentence.words,
        sentence.lexical,
        hit.score,
        hit.score - best,
        hit.dense,
        _mean_meant(hit),
        float(held and kind in FIGURES),
        float(held and kind is Kind.REASON),
        float(held and kind is Kind.PERSON),
        float(held and kind is Kind.PLACE),
        float(text.rstrip("\"'»“”’) ").endswith("?")),
        float(hit.chunk.ordinal == 0 and sentence.start == hit.chunk.start),
        min(1.0, _new_words(question, text) / NEW_WORDS),
        max(0.0, 1 - len(text) / SHORT),
    ]


def weighed(traits: list[float], weights: Mapping[str, float]) -> float:
    """The sum of a sentence's traits with their fitted weights."""
    return sum(weights[name] * value for name, value in zip(SENTENCE, traits, strict=True))


def _mean_meant(hit: Hit) -> float:
    return sum(word.meant for word in hit.words) / len(hit.words) if hit.words else 0.0


def _new_words(question: str, text: str) -> int:
    asked = set(lexical.grams(lexical.words(question)))
    told = (w for w in set(lexical.words(text)) if not lexical.is_function(w))
    return sum(not asked.intersection(lexical.grams([word])) for word in told)
