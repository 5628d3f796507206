"""A number belongs to what the passages say it of."""

import pytest

from bot.writing.verification import verify
from tests.support.cited import cited, meaning

FERRY = (
    "Gekostet hat die „Seeschwalbe“ 16,2 Mio. Euro, von denen das Land 9 Mio. Euro trägt.",
    "Für die Überfahrt braucht sie wie bisher 22 Minuten.",
    "An beiden Anlegern lädt ein automatischer Arm die Akkus in neun Minuten nach.",
)
BRIDGE = (
    "The bridge over the Tarn cost 4 million pounds, and the county council paid 1 million pounds.",
    "Builders closed the road for seven months.",
)


def says(passage, sentence, language="de"):
    return verify(sentence, [cited(*passage, language=language)], "", language, meaning).ok


@pytest.mark.parametrize(
    "sentence",
    [
        "Das Land trägt 16,2 Millionen Euro, gekostet hat die „Seeschwalbe“ 9 Millionen Euro.",
        "Das Land trägt 16,2 Millionen Euro.",
        "Die „Seeschwalbe“ hat 9 Millionen Euro gekostet.",
    ],
)
def test_amounts_that_change_places_are_caught(sentence):
    assert not says(FERRY, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Das Land trägt 9 Millionen Euro, gekostet hat die „Seeschwalbe“ 16,2 Millionen Euro.",
        "Von den 16,2 Millionen Euro trägt das Land 9 Millionen.",
        "Das Schiff kostete 16,2 Mio. Euro; 9 Mio. Euro davon zahlte das Land.",
        "16,2 Millionen Euro hat das Schiff verschlungen.",
        "Nach neun Minuten sind die Akkus voll, und die Überfahrt dauert 22 Minuten.",
    ],
)
def test_amounts_may_stand_in_another_order(sentence):
    assert says(FERRY, sentence)


@pytest.mark.parametrize(
    ("sentence", "fine"),
    [
        ("The county council paid 1 million pounds of the 4 million.", True),
        ("The county council paid 4 million pounds.", False),
        ("The bridge over the Tarn cost 1 million pounds.", False),
    ],
)
def test_it_is_the_same_in_english(sentence, fine):
    assert says(BRIDGE, sentence, "en") is fine
