"""A button says all it means in 64 bytes, and nothing that comes back is trusted."""

from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answer import Answer, Citation, Nearest, Status
from bot.tg.buttons import (
    Ask,
    Back,
    Button,
    ConfirmDelete,
    EndTopic,
    KeepArticle,
    ListArticles,
    OpenArticle,
    OpenSource,
    Rate,
    Stay,
    Tap,
    answer_rows,
    data,
    parse,
)
from tests.support.telegram_taken import taken

NUMBERS = st.integers(0, 10**12)
ONE_NUMBER = (Back, EndTopic, ConfirmDelete, KeepArticle, ListArticles, Ask)
TAPS = st.one_of(
    st.builds(OpenSource, *[NUMBERS] * 7),
    st.builds(OpenArticle, *[NUMBERS] * 7),
    st.builds(Rate, NUMBERS, st.booleans()),
    *(
        st.builds(kind, NUMBERS)
        for kind in (Back, EndTopic, ConfirmDelete, Ask, KeepArticle, ListArticles)
    ),
    st.just(Stay()),
)


def citation(number: int, source: str | None = "Blatt", title: str | None = "Titel") -> Citation:
    return Citation(number, f"a{number}", 2, title, None, None, None, source, "Ja.", 10, 13)


def answer(*citations: Citation, nearest: tuple[Nearest, ...] = ()) -> Answer:
    status = Status.ANSWERED if citations else Status.NO_EVIDENCE
    return Answer("?", status, "Ja.", citations, nearest, 0.9, None, 0.1, "de")


def ids(count: int) -> dict[str, int]:
    return {f"a{n}": 100 + n for n in range(1, count + 1)}


def texts(*rows: tuple[Button, ...]) -> list[list[str]]:
    return [[button.text for button in row] for row in rows]


# -- data ---------------------------------------------------------------------------


@given(TAPS)
@example(OpenSource(*[10**12] * 7))
@example(OpenArticle(*[10**12] * 7))
def test_a_tap_comes_back_as_it_was_and_fits_a_button(tap: Tap) -> None:
    written = data(tap)
    assert len(written.encode()) <= 64
    found = parse(written)
    assert found == tap
    assert type(found) is type(tap)


@given(
    st.text(st.characters(exclude_categories=()))
    | st.from_regex(r"[a-z]?:?[0-9a-z.:]*", fullmatch=True)
)
def test_nothing_that_comes_back_is_an_error(given_data: str) -> None:
    found = parse(given_data)
    assert found is None or data(found) == given_data


@pytest.mark.parametrize(
    "odd",
    [
        *("", ":", "b", "b:", "b:1.2", "b:01", "b:-1", "b: 1", "b:1\n", "b:1.", "b:A", "b:\u0661"),
        *("f:1", "f:1.2", "n:0", "q:1", "s:1.2.3", "s:1.2.3.4.5.6.", "b:" + "z" * 13),
        "t:" + ".".join(["z" * 12] * 7),
    ],
)
def test_odd_data_means_nothing(odd: str) -> None:
    assert parse(odd) is None


def test_data_is_short() -> None:
    assert data(OpenSource(412, 1, 1840, 1961, 77, 2)) == "s:bg.1.1f4.1ih.25.2.0"
    assert data(Rate(77, good=True)) == "f:25.1"
    assert data(Stay()) == "n:"


@pytest.mark.parametrize("tap", [Back(-1), Back(36**62), OpenArticle(*[36**9] * 7)])
def test_what_fits_no_button_is_an_error_where_it_is_made(tap: Tap) -> None:
    with pytest.raises(ValueError, match="button"):
        data(tap)


def test_every_kind_of_tap_is_tried() -> None:
    assert {OpenSource, OpenArticle, Rate, Stay, *ONE_NUMBER} == set(get_args(Tap))


# -- under an answer ----------------------------------------------------------------


def test_each_source_has_a_button_that_opens_its_quote() -> None:
    sources, rating = taken(
        answer_rows(answer(citation(1), citation(2, "Kurier")), ids(2), 7, "de")
    )
    assert texts(sources, rating) == [["[1] Blatt", "[2] Kurier"], ["👍", "👎"]]
    assert [parse(button.data or "") for button in sources] == [
        OpenSource(101, 2, 10, 13, turn=7, number=1),
        OpenSource(102, 2, 10, 13, turn=7, number=2),
    ]


@pytest.mark.parametrize(
    ("count", "rows"),
    [(1, [1]), (3, [3]), (4, [2, 2]), (5, [2, 3]), (8, [2, 3, 3]), (200, [2, 3, 3])],
)
def test_buttons_of_sources_are_few_and_in_even_rows(count: int, rows: list[int]) -> None:
    said = answer(*(citation(n) for n in range(1, count + 1)))
    *sources, _ = taken(answer_rows(said, ids(count), 7, "de"))
    assert [len(row) for row in sources] == rows


def test_a_name_is_cut_to_what_a_phone_shows() -> None:
    paper = "Allgemeine Zeitung für Lutzetal und Umgebung"
    alone, *_ = answer_rows(answer(citation(1, paper)), ids(1), 7, "de")
    assert texts(alone) == [["[1] Allgemeine Zeitung für Lutzet…"]]
    three, *_ = answer_rows(answer(*(citation(n, paper) for n in (1, 2, 3))), ids(3), 7, "de")
    assert texts(three) == [["[1] Allgeme…", "[2] Allgeme…", "[3] Allgeme…"]]


def test_a_source_without_a_paper_shows_its_title() -> None:
    said = answer(citation(1, None), citation(2, " \n", None))
    sources, _ = answer_rows(said, ids(2), 7, "de")
    assert texts(sources) == [["[1] Titel", "[2] Ohne Titel"]]


def test_an_article_that_is_no_longer_there_has_no_button() -> None:
    sources, _ = answer_rows(answer(citation(1), citation(2)), {"a2": 5}, 7, "de")
    assert texts(sources) == [["[2] Blatt"]]


def test_the_nearest_articles_can_be_looked_at_if_none_answers() -> None:
    near = tuple(Nearest(f"a{n}", f"Talsperre {n}", None, 0.5) for n in range(1, 5))
    *rows, rating = taken(answer_rows(answer(nearest=near), ids(4), 7, "de"))
    assert texts(*rows) == [[f"Ansehen: Talsperre {n}"] for n in (1, 2, 3)]
    assert parse(rows[0][0].data or "") == OpenArticle(101, version=0, page=1, turn=7)
    assert texts(rating) == [["👍", "👎"]]


def test_the_nearest_articles_have_no_button_beside_sources() -> None:
    said = answer(citation(1), nearest=(Nearest("a2", "Talsperre", None, 0.5),))
    assert len(answer_rows(said, ids(2), 7, "de")) == 2


@pytest.mark.parametrize(("rated", "shown"), [(True, ["👍 ✓", "👎"]), (False, ["👍", "👎 ✓"])])
def test_what_was_said_of_an_answer_is_shown(rated: bool, shown: list[str]) -> None:
    *_, rating = answer_rows(answer(citation(1)), ids(1), 7, "de", rated)
    assert texts(rating) == [shown]


def test_an_answer_that_is_not_kept_cannot_be_rated() -> None:
    (sources,) = answer_rows(answer(citation(1)), ids(1), 0, "de")
    assert texts(sources) == [["[1] Blatt"]]
    assert answer_rows(answer(), {}, 0, "de") == ()
