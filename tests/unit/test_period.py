"""Which stretch of time a question restricts its answer to; today is a Wednesday in November."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.period import Period, period_of

TODAY = date(2026, 11, 25)


def _days(question: str, today: date = TODAY) -> tuple[str, str] | None:
    found = period_of(question, today)
    return found and (str(found.since or "")[2:], str(found.until or "")[2:])


def test_it_says_what_it_found_and_where() -> None:
    question = "Was beschloss der Rat von Ketteln im März 2025?"
    found = period_of(question, TODAY)
    words = "im März 2025"
    start = question.index(words)
    end = start + len(words)
    since, until = date(2025, 3, 1), date(2025, 3, 31)
    assert found == Period(since, until, False, words, start, end)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Was ist gestern in Ketteln passiert?", "26-11-24", "26-11-24"),
        ("what happened yesterday in wrenfold", "26-11-24", "26-11-24"),
        ("Was geschah letzte Nacht?", "26-11-24", "26-11-25"),
        ("Was wurde vorgestern beschlossen?", "26-11-23", "26-11-23"),
        ("What happened the day before yesterday?", "26-11-23", "26-11-23"),
        ("Was geschah diese Woche?", "26-11-23", "26-11-29"),
        ("Was geschah letzte Woche?", "26-11-16", "26-11-22"),
        ("What happened over the past week?", "26-11-18", "26-11-25"),
        ("Wer starb im letzten Monat?", "26-10-01", "26-10-31"),
        ("Wie viele Unfälle gab es letztes Jahr?", "25-01-01", "25-12-31"),
        ("Wie viele Unfälle gab es heuer?", "26-01-01", "26-12-31"),
        ("Was geschah in den letzten drei Tagen?", "26-11-22", "26-11-25"),
        ("What happened in the last three months?", "26-08-25", "26-11-25"),
        ("Who resigned three days ago?", "26-11-22", "26-11-22"),
        ("Was geschah vor zwei Wochen in Ketteln?", "26-11-08", "26-11-14"),
        ("was geschah vor fuenf tagen", "26-11-20", "26-11-20"),
    ],
)
def test_days_are_counted_from_today(question: str, since: str, until: str) -> None:
    assert _days(question) == (since, until)
    found = period_of(question, TODAY)
    assert found is not None
    assert found.relative


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("Was hat der Stadtrat am Dienstag beschlossen?", "26-11-24"),
        ("was hat der stadtrat am mittwoch entschieden", "26-11-25"),
        ("What did the council decide on Monday?", "26-11-23"),
        ("Who was arrested on Friday night?", "26-11-20"),
        ("Who resigned last Wednesday?", "26-11-18"),
        ("Was wurde am Montag letzter Woche beschlossen?", "26-11-16"),
    ],
)
def test_a_weekday_is_the_latest_up_to_today(question: str, day: str) -> None:
    assert _days(question) == (day, day)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Was hat der rat im maerz beschlossen", "26-03-01", "26-03-31"),
        ("What did the council decide in December?", "25-12-01", "25-12-31"),
        ("Was geschah am 18. März 2025?", "25-03-18", "25-03-18"),
        ("What happened on 18 March 2025?", "25-03-18", "25-03-18"),
        ("What happened on March 18, 2025?", "25-03-18", "25-03-18"),
        ("Was geschah am Dienstag, dem 18. März 2025?", "25-03-18", "25-03-18"),
        ("Was geschah am 05.04.2025?", "25-04-05", "25-04-05"),
        ("Was geschah am 5.12.?", "25-12-05", "25-12-05"),
        ("What happened on 2025-03-18?", "25-03-18", "25-03-18"),
        ("Was stand in der Zeitung vom 18. März 2025?", "25-03-18", "25-03-18"),
        ("Wer gewann im Sommer 2024 das Rennen?", "24-06-01", "24-09-22"),
        ("Wer gewann diesen Sommer das Turnier?", "26-06-01", "26-09-22"),
        ("Was geschah im Winter 2024/25?", "24-12-01", "25-03-20"),
        ("Was geschah Anfang März 2025?", "25-03-01", "25-03-10"),
        ("What happened in mid March 2025?", "25-03-11", "25-03-20"),
        ("Was wurde Ende Februar 2024 eröffnet?", "24-02-21", "24-02-29"),
        ("Was wurde Ende 2024 beschlossen?", "24-09-01", "24-12-31"),
        ("Wie hoch war der Umsatz im ersten Quartal 2025?", "25-01-01", "25-03-31"),
        ("Was geschah am Wochenende?", "26-11-21", "26-11-22"),
    ],
)
def test_days_months_seasons_and_quarters_are_read(question: str, since: str, until: str) -> None:
    assert _days(question) == (since, until)


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("Was geschah zwischen März und Mai 2025?", "25-03-01", "25-05-31"),
        ("Was geschah vom 3. bis 5. Mai 2025?", "25-05-03", "25-05-05"),
        ("Was geschah von Montag bis Mittwoch?", "26-11-23", "26-11-25"),
        ("What changed from March to May 2025?", "25-03-01", "25-05-31"),
        ("Was hat sich seit Montag getan?", "26-11-23", ""),
        ("Was wurde seit dem Sommer gebaut?", "26-06-01", ""),
        ("Was wurde seit März 2025 beschlossen?", "25-03-01", ""),
        ("What has changed since 2024?", "24-01-01", ""),
        ("Was wurde bis März 2025 gebaut?", "", "25-03-31"),
        ("Was wurde vor dem 1. Mai 2025 beschlossen?", "", "25-04-30"),
        ("What was decided after May 1, 2025?", "25-05-02", ""),
    ],
)
def test_a_period_may_be_bounded_on_one_side_or_two(question: str, since: str, until: str) -> None:
    assert _days(question) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "Was hat der Stadtrat heute beschlossen?",
        "Wer wurde heute gewählt?",
        "Was gibt es heute Neues?",
        "Wie wird heute das Wetter?",
        "Was war heute Morgen los?",
        "Who won today?",
        "What did the council decide today?",
    ],
)
def test_today_is_a_day_where_something_happened_on_it(question: str) -> None:
    assert _days(question) == ("26-11-25", "26-11-25")


@pytest.mark.parametrize(
    "question",
    [
        "Wie viele Einwohner hat die Gemeinde heute?",
        "Wie heißt das heute als Mühle bekannte Haus?",
        "Was hat sich bis heute erhalten?",
        "Was ist heutzutage üblich?",
        "Wie wird die Burg heute genannt?",
        "War das Moor früher größer als heute?",
        "What is the town called today?",
        "How many people live there today?",
        "Was schrieb USA Today?",
    ],
)
def test_today_is_no_day_where_it_means_nowadays(question: str) -> None:
    assert period_of(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "Was steht im Plan von 2022?",
        "Wer gewann die WM 2014?",
        "Was brachte die Agenda 2030?",
        "What did the 2015 agreement say?",
        "Warum wurde die Strecke 1984 stillgelegt?",
        "Wer war im Jahr 1850 König?",
        "Was geschah im Jahr 2024?",
        "What happened in 2024?",
        "Was geschah zwischen 2020 und 2024?",
        "Was wurde seit 1984 stillgelegt?",
        "Wie hieß der Sender vor 2020?",
    ],
)
def test_a_topical_year_is_no_filter(question: str) -> None:
    assert period_of(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "Was wurde 2024 über die Fähre berichtet?",
        "Artikel aus 2024 über die Fähre",
        "articles from 2024 about the ferry",
    ],
)
def test_a_year_of_reports_is_a_filter(question: str) -> None:
    assert _days(question) == ("24-01-01", "24-12-31")


def test_a_year_beside_a_weekday_stays_topical() -> None:
    assert _days("Was sagte der Rat am Dienstag zum Haushalt 2025?") == ("26-11-24", "26-11-24")


@pytest.mark.parametrize(
    "question",
    [
        "Was zerstörte der Sturm vom 3. Mai 2024?",
        "Was kostet die Halle, die im März eröffnet wurde?",
        "What did the mayor say about the road that closed on Monday?",
        "Was stand im Vertrag vom März 2025?",
        "Was geschah am 18. März 1848?",
        "Was geschah am 11. September?",
        "Was geschah in der letzten Woche des Krieges?",
        "What happened in the last week of the war?",
        "Was geschah im Herbst des Lebens?",
        "Wer regierte seit August dem Starken?",
        "What happened after May resigned?",
        "Was war die Welt von gestern?",
        "Wer sang „Gestern war alles gut“?",
        "Who scored in the fourth quarter?",
    ],
)
def test_a_time_that_tells_things_apart_is_no_filter(question: str) -> None:
    assert period_of(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "Was wird am Samstag eröffnet?",
        "Wo findet am Samstag das Fest statt?",
        "Who will speak on Monday?",
        "Which shop opens on Friday?",
        "Was soll bis März 2025 fertig sein?",
        "What is the average temperature in July?",
        "Was geschah am 3. Mai 2030?",
        "Wer ist seit März 2025 Bürgermeister?",
        "Was wird diese Woche eröffnet?",
        "Was kommt morgen?",
    ],
)
def test_what_is_or_will_be_is_no_filter(question: str) -> None:
    assert period_of(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "Wer führte am Rosenmontag den Umzug an?",
        "Wer ist Mai Thi Lindwurm?",
        "May I ask who won?",
        "Who will march through the town?",
        "Wann begann die Sommerzeit?",
        "Was geschah morgens, und was sonntags?",
        "Wer hat letzten Endes gewonnen?",
        "Wer schrieb in der Bild am Sonntag?",
        "Welche Sendung war die heute-show?",
        "Who sang on Sunday Morning Live?",
        "Was geschah am 31. Februar 2025?",
    ],
)
def test_names_and_nonsense_are_no_filter(question: str) -> None:
    assert period_of(question, TODAY) is None


@pytest.mark.parametrize(
    "question",
    [
        "Wann wurde im März 2025 der Rat gewählt?",
        "When was the council elected in March 2025?",
        "In welchem Jahr wurde im Mai die Brücke gebaut?",
    ],
)
def test_who_asks_when_is_not_held_to_a_date(question: str) -> None:
    assert period_of(question, TODAY) is None


def test_who_asks_when_is_held_to_yesterday() -> None:
    assert _days("Wann hat gestern der Rat getagt?") == ("26-11-24", "26-11-24")


def test_two_times_in_one_question_are_unsure() -> None:
    assert period_of("Was wurde gestern zum Sturm am 3. Mai 2025 gesagt?", TODAY) is None


PIECES = """Was geschah wurde hat am im seit bis vor zwei drei Dienstag März Mai 2025 2024 18. 3.
    heute gestern letzte Woche Jahr Sommer Ende zwischen und what happened on in since last week
    month March Tuesday today yesterday 31. Februar 30.02.2025 18.03. 0001-01-01 ? ,""".split()
QUESTIONS = st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=12).map(" ".join)


@given(QUESTIONS, st.dates())
def test_any_question_on_any_day_gets_a_sound_period_or_none(question: str, today: date) -> None:
    found = period_of(question, today)
    if found is None:
        return
    assert found.words == question[found.start : found.end] != ""
    assert found.since or found.until
    assert found.since is None or found.since <= today
    assert not (found.since and found.until) or found.since <= found.until


@given(st.dates(date(2000, 1, 1), TODAY))
def test_every_written_date_is_read_as_dateparser_reads_it(day: date) -> None:
    import dateparser

    months = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
    written = f"{day.day}. {months.split()[day.month - 1]} {day.year}"
    found = period_of(f"Was geschah am {written} in Ketteln?", TODAY)
    parsed = dateparser.parse(written, languages=["de"])
    assert parsed is not None
    assert found is not None
    assert found.since == found.until == parsed.date() == day
