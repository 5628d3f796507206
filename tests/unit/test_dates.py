"""Days that articles name from where they stand. 18 March 2025 was a Tuesday."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dates import NamedDay, dated, named_days

TUESDAY = date(2025, 3, 18)


def _named(text: str) -> list[tuple[str, int]]:
    """The expressions of a text of that Tuesday with how many days they lie ahead."""
    found = named_days(text, TUESDAY)
    return [(text[named.start : named.end], (named.day - TUESDAY).days) for named in found]


def test_a_named_day_says_where_it_stands() -> None:
    text = "Der Rat von Ketteln tagte am Montag."
    start = text.index("am Montag")
    assert named_days(text, TUESDAY) == [NamedDay(start, start + 9, date(2025, 3, 17))]


@pytest.mark.parametrize(
    ("text", "words", "ahead"),
    [
        ("Der Rat tagte am Dienstag.", "am Dienstag", 0),
        ("Der Rat hat am Montagabend den Haushalt beschlossen.", "am Montagabend", -1),
        ("Am Mittwoch kam es zu einem Unfall.", "Am Mittwoch", -6),
        ("Wie die Polizei am Sonntag mitteilte, wird ermittelt.", "am Sonntag", -2),
        ("Am Montag, so die Polizei, brannte ein Haus.", "Am Montag", -1),
        ("Ein Mann soll am Sonntag zwei Radler angefahren haben.", "am Sonntag", -2),
        ("In der Nacht zum Montag brannte es.", "In der Nacht zum Montag", -1),
        ("Am vergangenen Dienstag schloss das Bad.", "Am vergangenen Dienstag", -7),
        ("Am gestrigen Montag schloss das Bad.", "Am gestrigen Montag", -1),
        ("Seit Montag ist die Straße gesperrt.", "Seit Montag", -1),
        ("Am Montag um 19.30 Uhr begann das Konzert.", "Am Montag", -1),
        ("Herr Freitag sprach am Samstag.", "am Samstag", -3),
        ("The council met on Tuesday night.", "on Tuesday night", 0),
        ("Two people were hurt in a fire on Sunday.", "on Sunday", -2),
        ("Voters went to the polls last Tuesday.", "last Tuesday", -7),
    ],
)
def test_a_weekday_of_what_was_is_the_latest(text: str, words: str, ahead: int) -> None:
    assert _named(text) == [(words, ahead)]


@pytest.mark.parametrize(
    ("text", "words", "ahead"),
    [
        ("Der Rat wird am Freitag entscheiden.", "am Freitag", 3),
        ("Die Läden werden am Dienstag geöffnet.", "am Dienstag", 0),
        ("Die Brücke soll am Freitag öffnen.", "am Freitag", 3),
        ("Die Bürgermeisterin will am Montag zurücktreten.", "am Montag", 6),
        ("Am kommenden Dienstag öffnet das Bad.", "Am kommenden Dienstag", 7),
        ("Am nächsten Mittwoch öffnet das Bad.", "Am nächsten Mittwoch", 1),
        ("The road will be closed on Friday.", "on Friday", 3),
        ("The council plans to vote on Friday.", "on Friday", 3),
        ("The vote is next Tuesday.", "next Tuesday", 7),
    ],
)
def test_a_weekday_of_what_will_be_is_the_next(text: str, words: str, ahead: int) -> None:
    assert _named(text) == [(words, ahead)]


def test_each_day_has_the_tense_of_its_own_clause() -> None:
    german = "Der Rat tagte am Montag und wird am Freitag entscheiden."
    assert _named(german) == [("am Montag", -1), ("am Freitag", 3)]
    english = "The council said on Monday it would vote on Friday."
    assert _named(english) == [("on Monday", -1), ("on Friday", 3)]


@pytest.mark.parametrize(
    "text",
    [
        "Das Fest findet am Samstag statt.",
        "Der Markt ist am Samstag geöffnet.",
        "The library opens on Friday.",
        "Nach dem Brand am Sonntag wird der Markt abgesagt.",
        "Am Montag letzter Woche brannte ein Haus.",
        "Am Dienstag nach Ostern brannte ein Haus.",
        "The council agreed to meet on Friday.",
    ],
)
def test_a_weekday_of_unsure_tense_or_week_is_left_alone(text: str) -> None:
    assert _named(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Am Dienstag, dem 11. März, tagte der Rat.",
        "Der Rat tagte am Dienstag (11.03.).",
        "Am Dienstag, 11. März 2025, tagte der Rat.",
        "The council met on Tuesday, March 11.",
        "The council met on Tuesday 11 March.",
        "Der Rat tagte gestern, den 17. März.",
    ],
)
def test_a_day_with_its_date_needs_none(text: str) -> None:
    assert _named(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Dienstags tanzte er.",
        "Er tanzte jeden Dienstag.",
        "He danced every Tuesday.",
        "Er tanzte immer am Dienstag.",
        "Das schrieb die Bild am Sonntag.",
        "Das meldete die Welt am Sonntag.",
        "Herr Freitag sprach.",
    ],
)
def test_habits_and_names_are_no_days(text: str) -> None:
    assert _named(text) == []


@pytest.mark.parametrize(
    ("text", "words", "ahead"),
    [
        ("Gestern brannte es in Ketteln.", "Gestern", -1),
        ("Der Rat tagte vorgestern.", "vorgestern", -2),
        ("Heute Morgen ist ein Zug entgleist.", "Heute Morgen", 0),
        ("Der Rat hat heute den Haushalt beschlossen.", "heute", 0),
        ("Ab heute gilt Tempo 30.", "heute", 0),
        ("Das Wasser wird morgen abgestellt.", "morgen", 1),
        ("Morgen wird das Wasser abgestellt.", "Morgen", 1),
        ("The bridge collapsed yesterday.", "yesterday", -1),
        ("The mayor resigned today.", "today", 0),
        ("The road will reopen tomorrow.", "tomorrow", 1),
    ],
)
def test_yesterday_today_and_tomorrow_are_counted(text: str, words: str, ahead: int) -> None:
    assert _named(text) == [(words, ahead)]


@pytest.mark.parametrize(
    "text",
    [
        "Die Talsperre versorgt heute 60 Dörfer.",
        "Das Haus wurde 1850 gebaut und ist heute ein Museum.",
        "Errichtet hat das heute leere Haus ein Müller.",
        "Bis heute wurde nichts gefunden.",
        "Am Morgen regnete es.",
        "Der Morgen war kühl.",
        "Das ist die Mode von gestern.",
        "The mill was built in 1850 and houses a museum today.",
        "The mill is called Old Wren today.",
        "Readers of USA Today complained.",
    ],
)
def test_nowadays_and_mornings_are_no_days(text: str) -> None:
    assert _named(text) == []


def test_in_quotation_marks_weekdays_are_resolved_and_other_days_are_not() -> None:
    assert _named("„Gestern war Ruhe“, sagte sie heute Abend.") == [("heute Abend", 0)]
    assert _named("„Der Rat tagte am Montag“, sagte sie.") == [("am Montag", -1)]
    assert _named("Gestern war Ruhe.“") == []
    assert _named("Gestern haben wir gefeiert.") == []


@pytest.mark.parametrize("published", ["2025-03-18", "2025-03-18T23:30:00-08:00"])
def test_a_quote_is_dated_in_the_language_of_the_answer(published: str) -> None:
    quote = "Der Rat tagte am Dienstag."
    assert dated(quote, published, "de") == "Der Rat tagte am Dienstag [18.03.2025]."
    assert dated(quote, published, "en") == "Der Rat tagte am Dienstag [18 March 2025]."


@pytest.mark.parametrize("published", [None, "", "2025", "März 2025", "2025-13-40"])
def test_without_a_date_a_quote_stays_as_it_is(published: str | None) -> None:
    assert dated("Der Rat tagte am Dienstag.", published, "de") == "Der Rat tagte am Dienstag."


PIECES = """Der Rat tagte hat wird soll am Dienstag Am Montagabend gestern Gestern heute morgen und
    beschlossen entscheiden kommenden vergangenen The council met will vote on Tuesday Friday
    night last next yesterday today said , . [ ] (18.03.) „ “ " """.split()
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=14).map(" ".join)


@given(TEXTS, st.dates(), st.sampled_from(["de", "en"]))
def test_taking_out_what_was_put_in_gives_the_quote_back(
    quote: str, published: date, language: str
) -> None:
    found = named_days(quote, published)
    left = shown = dated(quote, published.isoformat(), language)
    for named in found:  # each insertion begins where its expression ended
        assert left[named.end :].startswith(" [")
        left = left[: named.end] + left[left.index("]", named.end) + 1 :]
    assert left == quote
    assert (shown == quote) == (not found)


@given(TEXTS, st.dates())
def test_named_days_lie_in_order_and_near_the_day_of_publication(
    text: str, published: date
) -> None:
    end = 0
    for named in named_days(text, published):
        assert end <= named.start < named.end <= len(text)
        assert abs((named.day - published).days) <= 7
        end = named.end
