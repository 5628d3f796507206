"""What becomes an answer once a chat model has written."""

from bot.answer import Answer, Nearest, Status
from bot.citations import cite
from bot.events import Said
from bot.looking import Looked
from bot.quoting import inside, quoted
from bot.writing.finishing import finished_answer
from bot.writing.numbering import Numbering
from bot.writing.writer import Ending, Finished
from tests.support.cited import cited
from vectorstore.models import Span

BEST = "Gekostet hat die „Seeschwalbe“ 16,2 Mio. Euro."
ASIDE = "Sie fasst 220 Fahrgäste."
HIT = cited(BEST, ASIDE, article_id="ferry")
OTHER = cited("Der Hafen wird saniert.", article_id="harbour")
BEST_AT = Span(0, len(BEST))
ASIDE_AT = Span(len(BEST) + 1, len(BEST) + 1 + len(ASIDE))
LINE = "„Gekostet hat die ‚Seeschwalbe‘ 16,2 Mio. Euro.“"

LOOKED = Looked(
    hits=[OTHER, HIT],
    language="de",
    quoted=Answer(
        question="Was hat sie gekostet?",
        status=Status.ANSWERED,
        text=f"{BEST} [1]",
        citations=cite([(HIT.article, BEST_AT)]),
        nearest=tuple(Nearest(one, None, None, 0.5) for one in ("harbour", "ferry")),
        confidence=0.9,
        model=None,
        seconds=0.0,
        language="de",
    ),
    refusal="Die Artikel sagen dazu nichts Genaues.",
)


def finish(ending: Ending, *said: tuple[str, Span], **how: bool) -> tuple[Answer, list[Said]]:
    numbering, told = Numbering(), []
    for text, span in said:
        numbering.add(text, [(HIT, span)])
    finishing = finished_answer(LOOKED, numbering, Finished(ending, (), "openai:small", **how))
    while True:
        try:
            told.append(next(finishing))
        except StopIteration as ended:
            return ended.value, told


def test_a_whole_answer_is_shown_as_it_was_written() -> None:
    answer, told = finish(Ending.WRITTEN, ("Sie fasst 220.", ASIDE_AT))
    assert (answer.text, answer.note, told) == ("Sie fasst 220. [1]", None, [])


def test_where_sentences_were_dropped_the_best_quote_is_added() -> None:
    answer, told = finish(Ending.WRITTEN, ("Sie fasst 220.", ASIDE_AT), dropped=True)
    assert answer.text == f"Sie fasst 220. [1]\n{LINE} [2]"
    assert [cited.quote for cited in answer.citations] == [ASIDE, BEST]
    assert [(said.text, said.citations[0].quote) for said in told] == [(f"{LINE} [2]", BEST)]
    assert answer.note is None


def test_a_best_quote_that_is_cited_is_not_added() -> None:
    said = ("Sie hat 16,2 Mio. Euro gekostet.", BEST_AT)
    answer, told = finish(Ending.WRITTEN, said, dropped=True, whole=False)
    assert (answer.text, told) == (f"{said[0]} [1]", [])


def test_an_answer_that_broke_off_says_so_and_has_the_best_quote() -> None:
    answer, _ = finish(Ending.WRITTEN, ("Sie fasst 220.", ASIDE_AT), whole=False)
    assert "nicht fertig geworden" in str(answer.note)
    assert answer.text.endswith(f"{LINE} [2]")


def test_a_model_that_refuses_leaves_the_article_of_the_best_quote_nearest() -> None:
    answer, _ = finish(Ending.REFUSED)
    assert (answer.status, answer.text) == (Status.NO_EVIDENCE, LOOKED.refusal)
    assert [near.article_id for near in answer.nearest] == ["ferry", "harbour"]
    assert answer.tells_nearest


def test_the_quoted_answer_says_why_nothing_is_written() -> None:
    spent, failed = finish(Ending.SPENT)[0], finish(Ending.FAILED)[0]
    assert "für heute aufgebraucht" in str(spent.note)
    assert "so steht es dort" in str(failed.note)
    assert spent.text == failed.text == LOOKED.quoted.text


def test_quotes_are_shown_in_the_marks_of_the_readers_language() -> None:
    assert quoted(BEST, "de") == LINE
    assert quoted("He said “no”.", "de") == "„He said ‘no’.“"
    assert quoted("He said “no”.", "en") == "“He said ‘no’.”"
    assert quoted(BEST, "en") == "“Gekostet hat die ‚Seeschwalbe‘ 16,2 Mio. Euro.”"
    assert inside("Ohne.") == "Ohne."
