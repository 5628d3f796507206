"""What several articles say about one thing: who agrees, who differs, how many are independent.

Pure. A false contradiction is worse than a missed one: in doubt two sentences have no relation.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from bot.asked import Kind as Asked
from bot.asked import asked_for
from bot.matching import matched
from bot.quantities import Kind, Quantity, alike, quantities, same
from vectorstore import copies
from vectorstore.models import Vector

# Measured on the pairs of tests/integration/test_agreement.py with the packaged model: sentences
# that say the same have cosines of .934 to .978, those that differ .919 to .971; such as only share
# a topic reach .969, so that words, names and units decide. In passages of 600 characters alike.
NEAR = 0.915  # cosine below which two sentences are about different things
SAYS_IT = 0.93  # cosine from which an equal number makes them say the same
ACROSS = 0.03  # what is lost between German and English: .897 to .910 for the same
WORDS = 0.6  # mean share of each other's words, without numbers, where no number was asked for
PART = 0.6  # of what the leader holds of the question's words, for another number to be its answer
CITED = 2  # agreeing claims, and other sides
EVENT = timedelta(days=90)  # reports further apart are of two accidents in one place
PLAUSIBLE = 10.0  # two amounts further apart than this are not two accounts of one


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A sentence of an article, with its vector (multilingual-e5-small, length 1) and score."""

    text: str
    article_id: str
    article_text: str
    published: str | None
    language: str | None
    vector: Vector
    score: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """Indices of claims. `independent` counts sources that say what the leader says, itself too."""

    leader: int
    agreeing: tuple[int, ...]
    differing: tuple[int, ...]
    independent: int


@dataclass(frozen=True, slots=True)
class _Relation:
    """How a claim stands to the leader; where it differs by a number, `other` is its own."""

    agrees: bool
    other: Quantity | None = None


def weigh(question: str, claims: Sequence[Claim]) -> Weighed:
    """How the claims, best first, stand to the first, or to the newest about the same fact."""
    relations = _relations(question, claims, 0)
    leader = _newest(claims, relations)
    if leader:
        relations = _relations(question, claims, leader)
    agreeing = [i for i, relation in relations.items() if relation.agrees]
    sources = _sources(claims, [leader, *agreeing])
    cited = _cited(agreeing, sources, leader)
    return Weighed(leader, cited, _sides(relations), len(set(sources.values())))


def _relations(question: str, claims: Sequence[Claim], leader: int) -> dict[int, _Relation]:
    found = {i: _relation(question, claims[leader], claim) for i, claim in enumerate(claims)}
    return {i: relation for i, relation in found.items() if relation is not None}


def _newest(claims: Sequence[Claim], relations: dict[int, _Relation]) -> int:
    """The newest related claim if it is a day newer than the first, else the first."""
    first = _moment(claims[0].published)
    dated = [(i, moment) for i in relations if (moment := _moment(claims[i].published))]
    if first is None or not dated:
        return 0
    index, newest = max(dated, key=lambda pair: (pair[1], -pair[0]))
    return index if newest - first >= timedelta(days=1) else 0


def _moment(published: str | None) -> datetime | None:
    """When an article appeared, its offset left aside; None if that is unknown."""
    try:
        return datetime.fromisoformat(published or "").replace(tzinfo=None)
    except ValueError:
        return None


def _cited(agreeing: Sequence[int], sources: dict[int, int], leader: int) -> tuple[int, ...]:
    """The agreeing claims to cite: of sources not cited yet before copies."""
    first = {sources[i]: i for i in reversed(agreeing) if sources[i] != sources[leader]}
    fresh = sorted(first.values())
    return tuple([*fresh, *(i for i in agreeing if i not in fresh)][:CITED])


def _sides(relations: dict[int, _Relation]) -> tuple[int, ...]:
    """The first claim for each other value; a denial is a value too."""
    kept: dict[int, Quantity | None] = {}
    for i, relation in relations.items():
        mine = relation.other
        known = any(mine is side or (mine and side and same(mine, side)) for side in kept.values())
        if not relation.agrees and not known:
            kept[i] = mine
    return tuple(kept)[:CITED]


# -- copies --------------------------------------------------------------------------------


def _sources(claims: Sequence[Claim], among: Sequence[int]) -> dict[int, int]:
    """For each claim the first one whose article, or a copy of it, it comes from."""
    runs = {i: copies.runs(claims[i].article_text) for i in among}
    sources: dict[int, int] = {}
    for i in among:
        copied = [
            sources[j]
            for j in sources
            if claims[i].article_id == claims[j].article_id or copies.are_copies(runs[i], runs[j])
        ]
        source = min(copied, default=i)
        sources = {j: source if s in copied else s for j, s in sources.items()} | {i: source}
    return sources


# -- two claims ----------------------------------------------------------------------------


def _relation(question: str, leader: Claim, claim: Claim) -> _Relation | None:
    """How a claim of another article stands to the leader; None if that can't be said."""
    if claim.article_id == leader.article_id:
        return None
    one_language = leader.language == claim.language or None in (leader.language, claim.language)
    cosine = float(leader.vector @ claim.vector) + (0.0 if one_language else ACROSS)
    if cosine < NEAR or _names_apart(question, leader, claim):
        return None
    shared = _shared_words(leader, claim)
    focus, asked = _focus(question, leader)
    equal, other = _compared(focus, leader, claim, asked)
    if other is not None:
        answers = matched(question, claim.text).words >= PART * matched(question, leader.text).words
        sure = answers or not one_language if asked else shared >= WORDS and cosine >= SAYS_IT
        return _Relation(False, other) if sure else None
    if cosine < SAYS_IT:
        return None
    if _denies(leader.text) != _denies(claim.text):
        return _Relation(False) if _denial_covered(leader, claim) else None
    needed = any(q.kind is not Kind.COUNT or q.unit for q in focus)
    says_it = (equal and asked) or shared >= WORDS
    return _Relation(True) if says_it and (equal or not needed) else None


_HOW_MANY = re.compile(r"\b(?:wie ?viele[nr]?|how many)\b", re.I)
_HOW_OLD = re.compile(r"\b(?:alt|old|lang|lange|long|dauert?)\b", re.I)
_AMOUNTS = frozenset({Kind.MONEY, Kind.MEASURE, Kind.PERCENT})
_TIMES = frozenset({Kind.DATE, Kind.CLOCK})
_ELAPSED = frozenset("age minutes days months".split())


def _focus(question: str, leader: Claim) -> tuple[list[Quantity], bool]:
    """The leader's quantities to compare, and whether they are what the question asks for."""
    held, kind = quantities(leader.text, leader.language), asked_for(question)
    chosen: list[Quantity] = []
    if _HOW_MANY.search(question):
        wanted = quantities(_HOW_MANY.sub("7", question), leader.language)
        chosen = [q for q in held if any(_comparable(q, w, True) for w in wanted[:1])]
    elif kind in (Asked.NUMBER, Asked.MONEY, Asked.MEASURE, Asked.TIME):
        kinds = _TIMES if kind is Asked.TIME else _AMOUNTS
        chosen = [q for q in held if q.kind in kinds]
    if chosen:
        return chosen, True
    # Ages are of many people and durations grow: they count only where they are asked for.
    return [q for q in held if q.unit not in _ELAPSED or _HOW_OLD.search(question)], False


def _comparable(one: Quantity, other: Quantity, asked: bool) -> bool:
    people = asked and one.kind is Kind.COUNT and one.unit == other.unit == "person"
    return people or alike(one, other)


def _compared(
    focus: Sequence[Quantity], leader: Claim, claim: Claim, asked: bool
) -> tuple[bool, Quantity | None]:
    """Whether a number is equal, and the claim's number that contradicts the leader's if any.

    One contradicts only if, equal ones struck out, one of its unit is left on either side.
    """
    theirs = list(quantities(claim.text, claim.language))
    open_ones, equal = [], False
    for mine in focus:
        match = [q for q in theirs if _comparable(mine, q, asked) and same(mine, q)]
        if match:
            theirs.remove(match[0])
            equal = True
        else:
            open_ones.append(mine)
    for mine in open_ones:
        left, rivals = (
            [q for q in qs if _comparable(mine, q, asked)] for qs in (theirs, open_ones)
        )
        if len(left) == len(rivals) == 1 and _plausible(mine, left[0], leader, claim):
            return equal, left[0]
    return equal, None


def _plausible(mine: Quantity, other: Quantity, leader: Claim, claim: Claim) -> bool:
    """Whether two numbers can be two accounts of one thing."""
    a, b = _moment(leader.published), _moment(claim.published)
    apart = a is not None and b is not None and abs(a - b) > EVENT
    if mine.kind is Kind.DATE:
        years = mine.value // 10_000, other.value // 10_000
        days = mine.value % 10_000, other.value % 10_000
        if all(years):  # the fair of one year and of the next, but "1911" and "1913" contradict
            return years[0] == years[1] or not all(days)
        return not apart
    if mine.unit.startswith("person:") and apart:
        return False
    small, large = sorted((mine.value, other.value))
    return large <= PLAUSIBLE * small if small else mine.kind is Kind.COUNT


# -- words, names and denials --------------------------------------------------------------


def _with(claim: Claim, mark: str) -> str:
    """The sentence with a mark in the place of its numbers and dates."""
    text = claim.text
    for quantity in reversed(quantities(text, claim.language)):
        text = text[: quantity.start] + mark + text[quantity.end :]
    return text


def _shared_words(one: Claim, other: Claim) -> float:
    """The mean share of each other's words, numbers left aside."""
    a, b = _with(one, " "), _with(other, " ")
    return (matched(a, b).words + matched(b, a).words) / 2


_DENIAL = re.compile(
    r"\b(?:nicht(?! nur\b| zuletzt\b)|kein(?:e[nmrs]?)?(?!\s\d)|nie|niemals|niemand|"
    r"not(?! only\b)|never|nobody|cannot)\b|n['’]t\b",
    re.I,
)
_CLAUSE = re.compile(r"[,;:–]|\b(?:und|and|aber|but|dass|that)\b")


def _denies(text: str) -> bool:
    return bool(_DENIAL.search(text))


def _denial_covered(one: Claim, other: Claim) -> bool:
    """Whether the other one affirms every word of the clause that denies something."""
    denying, affirming = (one, other) if _denies(one.text) else (other, one)
    clause = next(part for part in _CLAUSE.split(denying.text) if _denies(part))
    bare = _DENIAL.sub(" ", clause)
    return len(re.findall(r"\w{4,}", bare)) >= 2 and matched(bare, affirming.text).words == 1.0


_TOKEN = re.compile(r"[^\W_]+(?:-[^\W_]+)*|[.:!?„“”\"]")
_NOUN_FOLLOWS = re.compile(
    r"(?!(?:gegen|neben|zwischen|unter|über|hinter|nahe|ohne|before|over|under)$)"
    r"(?:im|am|zum|zur|beim|vom|ins|das|ein|kein|\d+|\w+e[nmrs]?)$"
)
_NO_NAME = re.compile(
    r"(?:uhr|angaben|menschen|personen|.+(?:tag|day|ung|ungen|heit|keit|schaft))$"
)


def _names_apart(question: str, leader: Claim, claim: Claim) -> bool:
    """Whether another place or person is meant: each names one that the other's article lacks."""
    mine, theirs = leader.article_text.casefold(), claim.article_text.casefold()
    if any(name in mine and name not in theirs for name in _names(question)):
        return True
    unknown_there = any(name not in theirs for name in _names(_with(leader, "0")))
    return unknown_there and any(name not in mine for name in _names(_with(claim, "0")))


def _names(text: str) -> Iterator[str]:
    """Words that look like names, casefolded, without a genitive's s: not the "Stadt" of "der
    Stadt", but the "Ketteln" of "in Ketteln"."""
    for before, token in pairwise(_TOKEN.findall(text)):
        plain = before[-1].isalnum() and not _NOUN_FOLLOWS.match(before)
        if plain and token[0].isupper() and not _NO_NAME.match(token.lower()):
            yield token.casefold().removesuffix("s")
