"""Whatever marks a model puts around its labels: each sentence keeps its own, and shows none."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.labels import SentenceParser, Written

LABELS = ("a2b3", "c4d5")
SENTENCES = ("Es regnet", "Am 18. März öffnet das Bad", "Im Jahr (2020) kam Dr. Ott", "Es schneit")
BEHIND = (
    r"[{}]~({})~([{}])~[[{}]]~**[{}]**~*[{}]*~_[{}]_~***[{}]***~**({})**~\[{}\]~【{}】~【{}†source】~"
    "[{}†L1-L3]~[LABEL {}]~[label: {}]~[Nr. {}]~[Passage {}]~(siehe [{}])~(see {})~<sup>{}</sup>~"
    "<sup>[{}]</sup>~[{}](#{})~[{}](https://example.org/{})~[{}], [zz99]~([{}], [zz99])~"
    "[{}] und [zz99]"
).split("~")
BEFORE = ("[{}] ", "[{}]: ", "**[{}]** ", "([{}]) ", "[{}] – ", "- [{}] ", "\n[{}]: ", "\n1. [{}] ")
TWO = [Written("Es regnet.", ("a2b3",)), Written("Es schneit.", ("c4d5",))]


def parsed(*pieces: str) -> list[Written]:
    """The sentences of a reply that arrives in these pieces."""
    parser = SentenceParser(LABELS)
    return [written for piece in pieces for written in parser.feed(piece)] + parser.end()


def cut(reply: str, places: list[int]) -> list[str]:
    """The reply in pieces that end at these places."""
    ends = sorted({place % (len(reply) + 1) for place in places} | {0, len(reply)})
    return [reply[start:end] for start, end in pairwise(ends)]


def marked(shape: str, label: str) -> str:
    return shape.replace("{}", label)


@pytest.mark.parametrize("shape", [*BEHIND, "[^{}]"])
@pytest.mark.parametrize("place", ["{text} {mark}. ", "{text}. {mark} ", "- {text} {mark}.\n"])
def test_each_sentence_keeps_the_label_behind_it(shape: str, place: str) -> None:
    pairs = zip(("Es regnet", "Es schneit"), LABELS, strict=True)
    reply = "".join(place.format(text=t, mark=marked(shape, label)) for t, label in pairs)
    assert parsed(reply) == parsed(*reply) == TWO


@pytest.mark.parametrize("shape", BEFORE)
def test_each_sentence_keeps_the_label_before_it(shape: str) -> None:
    blank = "\n" if shape.startswith("-") else " "
    reply = f"{marked(shape, 'a2b3')}Es regnet.{blank}{marked(shape, 'c4d5')}Es schneit."
    assert parsed(reply) == parsed(*reply) == TWO


def test_a_line_that_leads_to_labelled_ones_gets_none_of_their_labels() -> None:
    assert parsed("Zwei Dinge sind bekannt:\n[a2b3] Es regnet.\n[c4d5] Es schneit.") == [
        Written("Zwei Dinge sind bekannt:", ()),
        *TWO,
    ]


def test_labels_stay_in_the_sentence_in_which_they_were_written() -> None:
    assert parsed("Das Bad [a2b3] öffnet. Es stürmt. Es schneit [c4d5].") == [
        Written("Das Bad öffnet.", ("a2b3",)),
        Written("Es stürmt.", ()),
        Written("Es schneit.", ("c4d5",)),
    ]
    assert parsed("Es regnet [a2b3] [sic]. Es schneit [c4d5].") == [
        Written("Es regnet [sic].", ("a2b3",)),
        Written("Es schneit.", ("c4d5",)),
    ]


def test_footnotes_that_are_named_like_labels_show_no_note() -> None:
    told = "Es regnet.[^a2b3] Es schneit.[^c4d5]\n\n[^a2b3]: Wetter\n[^c4d5]: Schnee."
    assert parsed(told) == parsed(*told) == TWO


@pytest.mark.parametrize(
    "broken", ["[", " [a2", " **[", " [a2b3, c4", " (a2b", " <su", " [Passage"]
)
def test_half_a_label_at_the_end_is_not_shown(broken: str) -> None:
    assert parsed(f"Es regnet [c4d5]. Es schneit{broken}") == [
        Written("Es regnet.", ("c4d5",)),
        Written("Es schneit", ()),
    ]


def test_stars_that_set_words_go_and_those_inside_of_words_stay() -> None:
    assert parsed("Das *Bad* freut die Bürger*innen [a2b3].") == [
        Written("Das Bad freut die Bürger*innen.", ("a2b3",))
    ]


_PLACES = st.lists(st.integers(0, 1000), max_size=12)
_ONE = st.tuples(
    st.sampled_from(SENTENCES),
    st.sampled_from(BEHIND),
    st.sampled_from(LABELS),
    st.sampled_from(["{text} {mark}. ", "{text}. {mark}\n", "{text}{mark}.\n"]),
)


@given(st.lists(_ONE, min_size=1, max_size=5), _PLACES)
def test_any_mix_of_shapes_in_any_pieces_gives_the_same_clean_sentences(
    told: list[tuple[str, str, str, str]], places: list[int]
) -> None:
    reply = "".join(
        place.format(text=text, mark=marked(shape, label)) for text, shape, label, place in told
    )
    expected = [Written(f"{text}.", (label,)) for text, _, label, _ in told]
    assert parsed(*cut(reply, places)) == expected


_SHREDS = st.sampled_from(
    "Es regnet~.~ ~\n~[~]~(~)~*~**~_~\\~[a2b3]~(c4d5)~([a2b3]~, ~; ~und ~, siehe ~[c4d5])~“~!~…~:~"
    "</sup>~<sup>~†q】~【a2b3~(#x)~[^1]~[^1]: a2b3\n~[^a2b3]: ~a2b3~- ~[sic]".split("~")
)


@given(st.lists(_SHREDS, max_size=20).map("".join), _PLACES)
def test_how_even_a_mess_is_cut_makes_no_difference(reply: str, places: list[int]) -> None:
    assert parsed(*cut(reply, places)) == parsed(reply)
