"""The numbers, amounts and dates of a sentence."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.quantities import Kind, alike, quantities, same


def only(text, language="de"):
    (quantity,) = quantities(text, language)
    return quantity


@pytest.mark.parametrize(
    ("text", "language", "kind", "value", "unit"),
    [
        ("Das kostet 1,5 Millionen Euro", "de", Kind.MONEY, 1.5e6, "eur"),
        ("It cost 1.5 million euros", "en", Kind.MONEY, 1.5e6, "eur"),
        ("It cost $5 million", "en", Kind.MONEY, 5e6, "usd"),
        ("It cost £1.2 billion", "en", Kind.MONEY, 1.2e9, "gbp"),
        ("Das sind 3 Billionen Euro", "de", Kind.MONEY, 3e12, "eur"),
        ("Das sind 2,3 Mrd. Euro", "de", Kind.MONEY, 2.3e9, "eur"),
        ("1.500 Boote kamen", "de", Kind.COUNT, 1500, "boot"),
        ("1,500 boats came", "en", Kind.COUNT, 1500, "boat"),
        ("2.400.000 Boote", None, Kind.COUNT, 2.4e6, "boote"),
        ("1.500 Boote", None, Kind.COUNT, 1500, "boote"),
        ("1,500 boats", None, Kind.COUNT, 1500, "boats"),
        ("0,250 Liter", "de", Kind.MEASURE, 0.25, "l"),
        ("12.345 km", "en", Kind.MEASURE, 12.345e6, "mm"),
        ("fünf Boote", "de", Kind.COUNT, 5, "boot"),
        ("Five boats", "en", Kind.COUNT, 5, "boat"),
        ("twenty-five new boats will come", "en", Kind.COUNT, 25, "boat"),
        ("fünfundzwanzig Boote", "de", Kind.COUNT, 25, "boot"),
        ("zweihundertfünfzigtausend Boote", "de", Kind.COUNT, 250_000, "boot"),
        ("hunderteins Boote", "de", Kind.COUNT, 101, "boot"),
        ("ein Dutzend Boote", "de", Kind.COUNT, 12, "boot"),
        ("a dozen boats", "en", Kind.COUNT, 12, "boat"),
        ("eine Million Boote", "de", Kind.COUNT, 1e6, "boot"),
        ("anderthalb Millionen Boote", "de", Kind.COUNT, 1.5e6, "boot"),
        ("keine Boote", "de", Kind.COUNT, 0, "boot"),
        ("17,6 Kilometer", "de", Kind.MEASURE, 17.6e6, "mm"),
        ("10km", "en", Kind.MEASURE, 10e6, "mm"),
        ("zwei Stunden", "de", Kind.MEASURE, 120, "minutes"),
        ("12 %", "de", Kind.PERCENT, 12, "%"),
        ("3,5 Prozent", "de", Kind.PERCENT, 3.5, "%"),
        ("zwei Prozentpunkte", "de", Kind.PERCENT, 2, "points"),
        ("der 45-Jährige", "de", Kind.MEASURE, 45, "age"),
        ("um 14.30 Uhr", "de", Kind.CLOCK, 1430, "uhr"),
        ("um 14:30 Uhr", "de", Kind.CLOCK, 1430, "uhr"),
        ("at 2 p.m. sharp", "en", Kind.CLOCK, 200, "pm"),
        ("am 18. März", "de", Kind.DATE, 318, ""),
        ("on March 18", "en", Kind.DATE, 318, ""),
        ("on the 18th of March 2025", "en", Kind.DATE, 20250318, ""),
        ("March 18, 2025", "en", Kind.DATE, 20250318, ""),
        ("am 18.03.2025", "de", Kind.DATE, 20250318, ""),
        ("2025-03-18", None, Kind.DATE, 20250318, ""),
        ("im März 2025", "de", Kind.DATE, 20250300, ""),
        ("seit 2019 offen", "de", Kind.DATE, 20190000, "from"),
        ("bis zum 2. Mai gesperrt", "de", Kind.DATE, 502, "until"),
        ("1911 wurde gebaut", "de", Kind.DATE, 19110000, ""),
        ("1950 Boote lagen dort", "de", Kind.COUNT, 1950, "boot"),
        ("1800 boats lay there", "en", Kind.COUNT, 1800, "boat"),
    ],
)
def test_a_quantity_is_read_in_both_languages(text, language, kind, value, unit):
    found = only(text, language)
    assert (found.kind, found.value, found.unit) == (kind, pytest.approx(value), unit)


@pytest.mark.parametrize(
    "text",
    [
        "Sie gewann 3:2 und wurde zum dritten Mal Erste.",
        "Er kam auf den 3. Platz.",
        "Drei Viertel der Boote",
        "Viele Boote lagen an einem Steg.",
        "Die Elf spielte gut.",
        "Sie fuhr dreimal hin.",
        "It may be closed, they no longer know.",
        "Covid-19",
    ],
)
def test_ordinals_scores_and_vague_words_are_no_quantities(text):
    assert [q for q in quantities(text) if q.unit] == []


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("Es gab drei Verletzte und zwei Tote.", ["hurt", "dead"]),
        ("Nach Angaben der Polizei wurden fünf Menschen verletzt.", ["hurt"]),
        ("Fünf Personen wurden verletzt, zwei starben.", ["hurt", "dead"]),
        (
            "Zwei Menschen wurden schwer verletzt, drei leicht verletzt.",
            ["badly hurt", "slightly hurt"],
        ),
        ("Niemand wurde verletzt.", ["hurt"]),
        ("Sieben Menschen werden vermisst.", ["missing"]),
    ],
)
def test_people_are_counted_by_what_befell_them(text, units):
    assert [q.unit for q in quantities(text, "de")] == [f"person:{u}" for u in units]


def test_people_are_counted_by_what_befell_them_in_english_too():
    found = quantities("Five people were injured and two killed in the fire.", "en")
    assert [(q.value, q.unit) for q in found] == [(5, "person:hurt"), (2, "person:dead")]


def test_the_rest_of_a_number_is_not_taken_for_the_whole():
    assert only("Zwei weitere Menschen wurden verletzt.").unit == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rund 2,4 Millionen Boote", "2.413.507 Boote"),
        ("knapp 100 Boote", "98 Boote"),
        ("62.000 Boote", "62.134 Boote"),
        ("mehr als 1.000 Boote", "1.250 Boote"),
        ("bis zu 30 Boote", "24 Boote"),
        ("3,5 Prozent", "3,52 Prozent"),
        ("1,5 Kilometer", "1.500 Meter"),
        ("am 18. März", "am 18.03.2025"),
        ("2025", "am 18. März 2025"),
        ("ein Dutzend Boote", "zwölf Boote"),
    ],
)
def test_a_rounded_number_agrees_with_an_exact_one(one, other):
    a, b = only(one), only(other)
    assert alike(a, b)
    assert same(a, b)
    assert same(b, a)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("drei Boote", "fünf Boote"),
        ("knapp 100 Boote", "120 Boote"),
        ("14,5 Millionen Euro", "19 Millionen Euro"),
        ("am 18. März", "am 25. März"),
        ("im Jahr 1911", "im Jahr 1913"),
        ("keine Boote", "drei Boote"),
        ("um 14.30 Uhr", "um 15 Uhr"),
    ],
)
def test_other_numbers_of_one_unit_do_not_agree(one, other):
    a, b = only(one), only(other)
    assert alike(a, b)
    assert not same(a, b)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("drei Boote", "drei Häuser"),
        ("drei Euro", "drei Dollar"),
        ("drei Prozent", "drei Prozentpunkte"),
        ("drei Verletzte", "drei Tote"),
        ("drei Menschen", "fünf Menschen"),
        ("Linie 3", "Linie 5"),
        ("bis 18. März", "ab 18. März"),
        ("im Jahr 2025", "am 18. März"),
    ],
)
def test_different_things_are_not_compared(one, other):
    assert not alike(only(one), only(other))


@given(st.text(), st.sampled_from([None, "de", "en", "fr"]))
@example("9" * 400, None)
@example("1" + "0" * 400 + " Euro", "de")
@example("hundertund tausendund 5 ª", "de")
def test_quantities_stand_in_order_where_they_say(text, language):
    found = quantities(text, language)
    ends = [0, *(q.end for q in found)]
    assert all(end <= q.start < q.end <= len(text) for end, q in zip(ends, found, strict=False))


@given(st.integers(0, 9_999_999))
def test_grouped_numbers_are_read_as_they_are_meant(number):
    german = f"{number:,}".replace(",", ".")
    assert only(f"{german} Euro", "de").value == number
    assert only(f"{number:,} euros", "en").value == number
