"""Who acts, and what is added to a true sentence, must be in the passages."""

import pytest

from bot.writing.verification import verify
from tests.support.cited import cited, meaning

FERRY = (
    "Gekostet hat die „Seeschwalbe“ 16,2 Mio. Euro, von denen das Land 9 Mio. Euro trägt.",
    "Sie fasst 220 Fahrgäste und 28 Autos, acht mehr als die Vorgängerin.",
    "Die Reederei rechnet damit, jährlich 180.000 Liter Diesel einzusparen.",
    "An beiden Anlegern lädt ein automatischer Arm die Akkus in neun Minuten nach.",
)
BRIDGE = (
    "The bridge over the Tarn cost 4 million pounds, half of which the county council paid.",
    "Builders closed the road for seven months.",
)


def says(passage, sentence, language="de"):
    return verify(sentence, [cited(*passage, language=language)], "", language, meaning).ok


@pytest.mark.parametrize(
    "sentence",
    [
        "Die „Seeschwalbe“ wurde vom Bund bezahlt.",
        "Die „Seeschwalbe“ wurde mit Geld von der Bundeswehr finanziert.",
        "Die „Seeschwalbe“ wurde durch eine große Spende bezahlt.",
        "Der Bund trägt 9 Mio. Euro.",
        "9 Mio. Euro trägt der Bund.",
        "Die „Seeschwalbe“ wurde von der Feuerwehr übernommen.",
    ],
)
def test_nobody_acts_of_whom_the_passages_know_nothing(sentence):
    assert not says(FERRY, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "9 Mio. Euro wurden vom Land bezahlt.",
        "Die „Seeschwalbe“ wurde zum Teil von der Landesregierung bezahlt.",
        "Die „Seeschwalbe“ wird von der Reederei betrieben.",
        "Die „Seeschwalbe“ wird von dem Unternehmen betrieben.",
        "Das Land hat 9 Mio. Euro übernommen.",
        "Die Akkus werden von einem automatischen Arm geladen.",
        "Das Schiff bietet Platz für 220 Passagiere und 28 Fahrzeuge.",
    ],
)
def test_who_acts_may_be_called_otherwise(sentence):
    assert says(FERRY, sentence)


@pytest.mark.parametrize(
    ("sentence", "fine"),
    [
        ("Half of the bridge was paid for by the county council.", True),
        ("The road was closed by builders for seven months.", True),
        ("Half of the bridge was paid for by the federal government.", False),
        ("The bridge was paid for by wealthy donors.", False),
        ("The government paid half of the 4 million pounds.", False),
        ("The bridge was opened by soldiers.", False),
    ],
)
def test_it_is_the_same_in_english(sentence, fine):
    assert says(BRIDGE, sentence, "en") is fine


@pytest.mark.parametrize(
    ("passage", "true", "more", "language"),
    [
        (
            FERRY,
            "Gekostet hat sie 16,2 Mio. Euro",
            " und ist ein großer Gewinn für die ganze Küste",
            "de",
        ),
        (FERRY, "Sie fasst 220 Fahrgäste", ", ein Meilenstein für umweltfreundlichen Urlaub", "de"),
        (BRIDGE, "The bridge cost 4 million pounds", ", a triumph of modern engineering", "en"),
    ],
)
def test_praise_hung_on_a_true_sentence_is_not_shown(passage, true, more, language):
    assert says(passage, f"{true}.", language)
    assert not says(passage, f"{true}{more}.", language)
