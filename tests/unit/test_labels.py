"""What a model writes is taken apart: sentences, and the labels it gave for each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.writing.labels import SentenceParser, Written

LABELS = ("a2b3", "c4d5")


def parsed(text: str, size: int = 10_000) -> list[Written]:
    """The sentences of a reply that arrives in pieces of so many characters."""
    parser = SentenceParser(LABELS)
    found = [w for at in range(0, len(text), size) for w in parser.feed(text[at : at + size])]
    return found + parser.end()


@pytest.mark.parametrize(
    "written",
    [
        "Das Bad öffnet im Mai [a2b3].",
        "Das Bad öffnet im Mai. [a2b3]",
        "Das Bad öffnet im Mai.[a2b3]",
        "Das Bad öffnet im Mai【a2b3】.",
        "Das Bad öffnet im Mai (a2b3).",
        "Das Bad öffnet im Mai [^a2b3].",
        "Das Bad öffnet im Mai.^a2b3",
        "Das Bad öffnet im Mai [A2B3].",
        "Das Bad öffnet im Mai [Quelle: a2b3].",
        "Das Bad öffnet im Mai [ a2b3 ] .",
        "- **Das Bad** öffnet im Mai. [a2b3]",
        "1. Das Bad öffnet im Mai. [a2b3]",
        "Das Bad öffnet im Mai.\n[a2b3]",
        "Das Bad öffnet im Mai [a2b3, zz99].",
        "Das Bad öffnet im Mai [a2b3][1].",
        "Das Bad öffnet im Mai ([a2b3]).",
        "Das Bad öffnet im Mai **[a2b3]**.",
        "Das Bad öffnet im Mai [[a2b3]].",
        "Das Bad öffnet im Mai 【a2b3†Bad】.",
        "Das Bad öffnet im Mai \\[a2b3\\].",
        "Das Bad öffnet im Mai <sup>a2b3</sup>.",
        "Das Bad öffnet im Mai [a2b3](#a2b3).",
        "Das Bad öffnet im Mai [LABEL a2b3].",
        "[a2b3] Das Bad öffnet im Mai.",
        "[a2b3]: Das Bad öffnet im Mai.",
        "Das Bad öffnet im Mai.[^1]\n\n[^1]: a2b3",
    ],
)
def test_labels_are_understood_in_the_shapes_that_models_write(written: str) -> None:
    assert parsed(written) == [Written("Das Bad öffnet im Mai.", ("a2b3",))]


@pytest.mark.parametrize(
    "marks",
    [
        "[Passage a2b3 and Passage c4d5]",
        "[a2b3, c4d5]",
        "[a2b3][c4d5]",
        "[a2b3; c4d5]",
        "[a2b3 und c4d5]",
    ],
)
def test_several_labels_count(marks: str) -> None:
    assert parsed(f"Es regnet {marks}.") == [Written("Es regnet.", ("a2b3", "c4d5"))]


@pytest.mark.parametrize("mark", ["({})", "([{}])", "**[{}]**", "[[{}]]", "<sup>{}</sup>"])
def test_each_sentence_keeps_its_own_labels(mark: str) -> None:
    one, two = (mark.format(label) for label in LABELS)
    assert parsed(f"Es regnet {one}. Es schneit {two}.") == [
        Written("Es regnet.", ("a2b3",)),
        Written("Es schneit.", ("c4d5",)),
    ]


def test_labels_may_stand_before_their_sentences() -> None:
    assert parsed("[a2b3] Es regnet. [c4d5] Es schneit.") == [
        Written("Es regnet.", ("a2b3",)),
        Written("Es schneit.", ("c4d5",)),
    ]


def test_footnotes_lead_to_what_they_are_said_to_be() -> None:
    told = "Es regnet.[^1] Es schneit.[^2] Es stürmt [^9].\n\n[^1]: a2b3\n[^2]: [c4d5]"
    assert parsed(told) == [
        Written("Es regnet.", ("a2b3",)),
        Written("Es schneit.", ("c4d5",)),
        Written("Es stürmt.", ()),
    ]


def test_labels_belong_to_the_sentence_before_them_alone() -> None:
    assert parsed("Es regnet. Es schneit [a2b3]. Es stürmt.") == [
        Written("Es regnet.", ()),
        Written("Es schneit.", ("a2b3",)),
        Written("Es stürmt.", ()),
    ]


def test_a_label_in_the_middle_belongs_to_the_whole_sentence() -> None:
    assert parsed("Das Bad [a2b3], das alt ist, öffnet [c4d5].") == [
        Written("Das Bad, das alt ist, öffnet.", ("a2b3", "c4d5"))
    ]


@pytest.mark.parametrize("invented", ["[1]", "[zz99]", "【3】", "[1, 2]", "[x9y8][7]"])
def test_what_only_looks_like_a_citation_is_neither_text_nor_label(invented: str) -> None:
    assert parsed(f"Es regnet {invented}.") == [Written("Es regnet.", ())]


def test_brackets_of_the_text_stay() -> None:
    assert parsed("Im Jahr (2020) kam die Firma [sic] an [a2b3].") == [
        Written("Im Jahr (2020) kam die Firma [sic] an.", ("a2b3",))
    ]


def test_a_sentence_comes_out_as_soon_as_it_has_ended() -> None:
    parser = SentenceParser(LABELS)
    assert parser.feed("Es regnet [a2") == []
    assert parser.feed("b3]") == []
    assert parser.feed(". Es sch") == [Written("Es regnet.", ("a2b3",))]


_PIECES = st.sampled_from(
    "Es regnet|Am 18. März|[a2b3]|[a2b3, c4d5]|.| |\n|【c4d5】|(a2b3)|^c4d5|[1]|[|]|^|(2020)|"
    "**[c4d5]**|([a2b3])|[^1]|[^1]: c4d5\n|[^1]: a2b3|<sup>a2b3</sup>|[[c4d5]]|*|</|\\|"
    "„Nein.“|!|\n\n- |Dr. Ott".split("|")
)


@given(st.lists(_PIECES, max_size=30).map("".join), st.integers(1, 7))
def test_how_a_reply_is_cut_into_pieces_makes_no_difference(text: str, size: int) -> None:
    assert parsed(text, size) == parsed(text)


@given(st.text())
def test_any_reply_can_be_read_and_only_known_labels_come_out(text: str) -> None:
    for written in parsed(text, 3):
        assert set(written.labels) <= set(LABELS)
        assert "\n" not in written.text
