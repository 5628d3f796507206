"""Questions that say when, on the day they are asked, with the packaged model."""

import json
from datetime import date, timedelta

import pytest

from tests.support.command import Beleg

pytestmark = pytest.mark.slow

TODAY = date.today()
DAYS = {
    "today": TODAY,
    "yesterday": TODAY - timedelta(days=1),
    "last week": TODAY - timedelta(days=TODAY.weekday() + 4),  # its Thursday
    "long ago": date(2024, 5, 2),
    "undated": None,
}
TEXTS = {
    "today": "Kinder aus Moorwede haben den neuen Spielplatz am Mühlbach eingeweiht.",
    "yesterday": "In Moorwede ist eine Scheune mit 200 Strohballen niedergebrannt.",
    "last week": "In Moorwede ist eine Lagerhalle einer Gärtnerei niedergebrannt.",
    "long ago": "In Moorwede ist die alte Mühle am Bach niedergebrannt. Sie stand seit 1788 dort.",
    "undated": "Das Heimatmuseum in Oberlauen wurde im März 2025 eröffnet. Der Eintritt ist frei.",
}


@pytest.fixture(scope="module")
def beleg(tmp_path_factory: pytest.TempPathFactory) -> Beleg:
    """A home with articles of DAYS."""
    command = Beleg(tmp_path_factory.mktemp("time") / "home")
    lines = [
        json.dumps({"id": name, "text": text, "published": day and day.isoformat()})
        for (name, text), day in zip(TEXTS.items(), DAYS.values(), strict=True)
    ]
    done = command("ingest", "-", "--json", stdin="\n".join(lines))
    assert done.code == 0, done.err
    return command


def test_what_was_yesterday_last_week_or_in_a_month_is_told_by_the_right_articles(
    beleg: Beleg,
) -> None:
    questions = {
        "yesterday": "Was ist gestern in Moorwede niedergebrannt?",
        "last week": "Was ist letzte Woche in Moorwede niedergebrannt?",
        "undated": "Was wurde im März 2025 in Oberlauen eröffnet?",
        "none": "Was wurde heute in Moorwede gestohlen?",
    }
    lines = [json.dumps({"id": i, "question": q}) for i, q in questions.items()]
    done = beleg("ask", "--batch", "-", stdin="\n".join(lines))
    assert done.code == 0, done.err
    answers = {record["id"]: record for record in done.records}
    cited = {name: {c["article_id"] for c in a["citations"]} for name, a in answers.items()}
    assert cited["yesterday"] == {"yesterday"}
    assert cited["undated"] == {"undated"}
    assert "last week" in cited["last week"]
    monday = TODAY.weekday() == 0  # then yesterday was in last week too
    assert cited["last week"] <= ({"last week", "yesterday"} if monday else {"last week"})
    refused = answers["none"]
    assert refused["status"] == "no_evidence"
    assert f"{TODAY:%d.%m.%Y}" in refused["text"]
