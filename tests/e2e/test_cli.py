"""The command line as programs and people use it: a contract to the letter."""

import json
from pathlib import Path

import pytest

from tests.support.command import Beleg

ASK_KEYS = {
    "question", "status", "text", "confidence", "citations", "nearest", "model", "seconds",
}  # fmt: skip
CITATION_KEYS = {
    "number", "article_id", "title", "url", "link", "published", "quote", "start", "end",
}  # fmt: skip
HIT_KEYS = {
    "article_id", "chunk_id", "title", "url", "published", "start", "end", "text", "score",
}  # fmt: skip


@pytest.fixture(scope="module")
def beleg(tmp_path_factory: pytest.TempPathFactory) -> Beleg:
    """A home with the sample articles."""
    command = Beleg(tmp_path_factory.mktemp("cli") / "home")
    articles = Path(__file__).parents[2] / "examples" / "articles"
    done = command("ingest", str(articles), "--json")
    assert done.code == 0, done.err
    assert done.records[0]["added"] == 11
    return command


def text_of(beleg: Beleg, article_id: str) -> str:
    text: str = beleg("show", article_id, "--json").records[0]["text"]
    return text


def test_a_german_question_is_answered_with_a_verbatim_quote(beleg: Beleg) -> None:
    done = beleg(
        "ask", "Wie viele Menschen versorgt die Talsperre Drosselgrund mit Trinkwasser?", "--json"
    )
    assert done.code == 0
    (answer,) = done.records
    assert set(answer) == ASK_KEYS
    assert answer["status"] == "answered"
    first = answer["citations"][0]
    assert set(first) == CITATION_KEYS
    assert "62.000 Menschen" in first["quote"]
    assert text_of(beleg, first["article_id"])[first["start"] : first["end"]] == first["quote"]
    assert first["link"].startswith(first["url"] + "#:~:text=")
    assert "[1]" in answer["text"]
    assert 0 <= answer["confidence"] <= 1


def test_a_question_at_the_prompt_loads_nothing_that_does_not_answer_it(
    beleg: Beleg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPROFILEIMPORTTIME", "1")
    done = beleg("ask", "Wie viele Menschen versorgt die Talsperre Drosselgrund?", "--json")
    loaded = {line.split("|")[-1].strip() for line in done.err.splitlines()}
    assert "bot.engine" in loaded
    assert not loaded & {
        "torch", "transformers", "sentence_transformers", "chromadb", "langchain_core", "telegram",
        "trafilatura", "httpx", "onnx", "ingest.pipeline", "ingest.files", "ingest.web", "bot.tg",
    }  # fmt: skip


def test_slips_of_the_fingers_cost_no_answer(beleg: Beleg) -> None:
    (answer,) = beleg(
        "ask", "Wie viele Menschen versogrt die Talspeere Drosslegrund mit Trinkwasesr?", "--json"
    ).records
    assert "62.000 Menschen" in answer["citations"][0]["quote"]
    assert "Drosslegrund" in answer["question"]


def test_people_are_told_what_was_searched_if_it_is_not_what_they_typed(beleg: Beleg) -> None:
    done = beleg("ask", "Wie viele Menschen versogrt die Talsprere Drosselgrund?")
    assert "Gesucht: Wie viele Menschen versorgt die Talsperre Drosselgrund?" in done.out
    assert "Gesucht" not in beleg("ask", "Wie viele Menschen versorgt die Talsperre?").out


def test_an_english_question_finds_the_german_article(beleg: Beleg) -> None:
    (answer,) = beleg("ask", "How much diesel will the ferry company save?", "--json").records
    assert "180.000 Liter Diesel" in answer["citations"][0]["quote"]
    assert answer["citations"][0]["title"] == "Erste Elektrofähre legt in Brunsby ab"


def test_what_the_articles_do_not_say_is_refused_with_exit_code_3(beleg: Beleg) -> None:
    done = beleg("ask", "Was kostet ein Kilo Brot in Rom?", "--json")
    assert done.code == 3
    (answer,) = done.records
    assert answer["status"] == "no_evidence"
    assert answer["citations"] == []
    assert set(answer["nearest"][0]) == {"article_id", "title", "url", "score"}
    assert answer["text"] == "Dazu steht nichts in den Artikeln."


def test_people_see_the_answer_its_source_and_date(beleg: Beleg) -> None:
    done = beleg("ask", "Wer hat den Krug mit den Silbermünzen in Sankt Odwin entdeckt?")
    assert done.code == 0
    assert "Rocco Stanzelberg" in " ".join(done.out.split())  # wherever the line is broken
    assert "Odwiner Tageblatt, 22.04.2026" in done.out
    assert "https://example.org/odwiner-tageblatt" in done.out


def test_a_batch_answers_every_line_and_tells_of_bad_ones(beleg: Beleg) -> None:
    lines = [
        json.dumps({"id": 7, "question": "Wie teuer war die Seeschwalbe?"}),
        "{broken",
        json.dumps({"id": "x"}),
        json.dumps({"id": "y", "question": " "}),
        json.dumps({"id": "z", "question": "Was kostet ein Kilo Brot in Rom?"}),
    ]
    done = beleg("ask", "--batch", "-", stdin="\n".join(lines))
    assert done.code == 1
    first, broken, without, empty, last = done.records
    assert first["id"] == 7
    assert first["status"] == "answered"
    assert set(broken) == {"error"}
    assert set(without) == {"id", "error"}
    assert set(empty) == {"id", "error"}
    assert last["status"] == "no_evidence"


@pytest.mark.slow
def test_a_batch_of_good_lines_exits_with_0_even_without_evidence(
    beleg: Beleg, tmp_path: Path
) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"id": "z", "question": "Was kostet ein Kilo Brot in Rom?"}\n')
    assert beleg("ask", "--batch", str(file)).code == 0


def test_search_counts_passages_best_first(beleg: Beleg) -> None:
    done = beleg("search", "Talsperre Drosselgrund", "-k", "4", "--json")
    assert done.code == 0
    (found,) = done.records
    assert set(found) == {"question", "hits"}
    assert len(found["hits"]) == 4
    assert all(set(hit) == HIT_KEYS for hit in found["hits"])
    scores = [hit["score"] for hit in found["hits"]]
    assert scores == sorted(scores, reverse=True)
    best = found["hits"][0]
    assert text_of(beleg, best["article_id"])[best["start"] : best["end"]] == best["text"]


@pytest.mark.slow
def test_filters_restrict_the_articles(beleg: Beleg) -> None:
    question = "Was kostet die Sanierung der Talsperre Drosselgrund?"
    (late,) = beleg("ask", question, "--since", "2026-09-01", "--json").records
    assert {c["article_id"] for c in late["citations"]} == {"ltk-2026-0918-03"}
    none = beleg("ask", question, "--until", "2020-01-01", "--json")
    assert none.code == 3
    assert none.records[0]["nearest"] == []


def test_articles_are_listed_one_json_object_a_line(beleg: Beleg) -> None:
    records = beleg("articles", "--json").records
    assert len(records) == 11
    keys = {"id", "title", "url", "published", "source", "language", "version", "chunks"}
    assert all(set(record) == keys for record in records)
    assert all(record["chunks"] >= 1 for record in records)


def test_show_gives_every_field_of_the_article(beleg: Beleg) -> None:
    (article,) = beleg("show", "kvr-2026-0813-02", "--json").records
    assert article["published"] == "2026-08-13T09:15:00-05:00"
    assert article["authors"] == ["Delphine Marrogate"]
    assert article["version"] == 1


def test_an_unknown_article_is_an_error_that_says_what_to_do(beleg: Beleg) -> None:
    done = beleg("show", "nope")
    assert done.code == 1
    assert "beleg articles" in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize("question", ["", "   ", "???", "a" * 10_000])
def test_a_question_that_is_none_is_a_usage_error(beleg: Beleg, question: str) -> None:
    done = beleg("ask", question)
    assert done.code == 2
    assert "question" in done.err
    assert done.out == ""


def test_no_question_at_all_is_a_usage_error(beleg: Beleg) -> None:
    assert beleg("ask").code == 2
    assert beleg("nonsense").code == 2


def test_chat_answers_line_by_line(beleg: Beleg) -> None:
    done = beleg("chat", stdin="Wer hat den Krug entdeckt?\n\nWie hoch ist die Staumauer?\n")
    assert done.code == 0
    assert "Rocco Stanzelberg" in done.out
    assert "41 Meter" in done.out


def test_the_doctor_finds_a_healthy_home(beleg: Beleg) -> None:
    done = beleg("doctor", "--json")
    assert done.code == 0
    (report,) = done.records
    assert report["ok"]
    assert "agrees" in {c["name"]: c["state"] for c in report["checks"]}["chroma"]


def test_config_masks_the_token(beleg: Beleg, monkeypatch: pytest.MonkeyPatch) -> None:
    token = "123456:" + "A" * 35
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", token)
    done = beleg("config")
    assert done.code == 0
    assert token not in done.out + done.err


def test_a_setting_that_makes_no_sense_is_named_without_its_value(
    beleg: Beleg, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "sesame")
    done = beleg("articles")
    assert done.code == 1
    assert "TELEGRAM_BOT_TOKEN" in done.err
    assert "sesame" not in done.err


def test_an_empty_home_answers_that_there_are_no_articles(tmp_path: Path) -> None:
    empty = Beleg(tmp_path / "home")
    done = empty("ask", "Wer leitet den Fonds?", "--json")
    assert done.code == 3
    assert done.records[0]["nearest"] == []
    hits = empty("search", "Wer leitet den Fonds?", "--json")
    assert hits.code == 0
    assert hits.records == [{"question": "Wer leitet den Fonds?", "hits": []}]
    assert empty("articles", "--json").out == ""
