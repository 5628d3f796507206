"""Which language a text is in."""

import threading

import pytest

from vectorstore.language import COMMON, detect

TEXTS = {
    "de": "Der Bundestag hat am Donnerstag den Haushalt beschlossen.",
    "en": "Parliament passed the budget on Thursday after a long debate.",
    "fr": "Le Parlement a adopté le budget jeudi après un long débat.",
    "pl": "Sejm uchwalił w czwartek budżet po długiej debacie.",
    "ru": "Парламент принял бюджет в четверг после долгих дебатов.",
    "ja": "国会は木曜日、長い議論の末に予算を可決した。",
}


@pytest.mark.parametrize("language", TEXTS)
def test_a_sentence_is_recognised(language):
    assert detect(TEXTS[language]) == language


@pytest.mark.parametrize(
    ("question", "language"),
    [("Wer leitet den Fonds?", "de"), ("Who runs the fund?", "en"), ("Was kostet das?", "de")],
)
def test_a_short_question_is_recognised_among_the_languages_at_hand(question, language):
    assert detect(question, {"de", "en"}) == language


def test_only_the_languages_at_hand_are_answered():
    for text in TEXTS.values():
        assert detect(text, ["de", "en"]) in {"de", "en"}


@pytest.mark.parametrize("among", [[], ["xx"], ["??", ""]])
def test_without_a_known_language_it_is_english(among):
    assert detect(TEXTS["de"], among) == "en"


def test_unknown_languages_leave_the_known_ones():
    assert detect(TEXTS["de"], ["xx", "de", "en"]) == "de"


@pytest.mark.parametrize("text", ["", " ", "\0", "123", "😀", "\ud800", "\ufdfa"])
def test_any_text_gets_a_language(text):
    assert detect(text) in COMMON


def test_the_beginning_decides():
    assert detect(TEXTS["de"] * 40 + TEXTS["en"] * 400, {"de", "en"}) == "de"


def test_threads_may_ask_at_once():
    found = []
    threads = [
        threading.Thread(target=lambda: found.append([detect(t, COMMON) for t in TEXTS.values()]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [list(TEXTS)] * 4
