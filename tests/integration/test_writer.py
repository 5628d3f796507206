"""A chat model writes over a real socket; what is shown is what the passages say."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.writing.chat_writer import ChatWriter
from bot.writing.model import ChatModels
from bot.writing.writer import Ending, Finished, Supported
from tests.support import chat_replies as replying
from tests.support.articles import article, hit
from tests.support.chat_reading import Told
from tests.support.chat_replies import REFUSALS
from tests.support.chat_server import Behaviour, ChatServer, failing, saying
from tests.support.embedding import HashingEmbedder
from tests.support.store import store
from vectorstore import replies
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.models import Hit

QUESTION = "Wann öffnet das Hallenbad in Grünau wieder?"
OPENS = "Das Hallenbad in Grünau öffnet am 4. Mai wieder."
COSTS = "Die Sanierung in Grünau hat 3,2 Millionen Euro gekostet."
LEADS = "Petra Odenwald leitet das Hallenbad in Grünau."


class Desk:
    """A writer with its store, and the passages that it writes from."""

    def __init__(self, folder: Path, server: ChatServer) -> None:
        self.server = server
        self.database = Database(folder / "catalogue.db")
        with self.database.write() as connection:
            query = "SELECT 1 FROM sqlite_master WHERE name = 'spent'"
            if not connection.execute(query).fetchone():
                for statement in replies.TABLES.split(";"):
                    connection.execute(statement)
        first = article("a", f"{OPENS} {COSTS}", title="Bad öffnet")
        second = article("b", LEADS, title="Neue Leiterin")
        self.catalogue = Catalogue(self.database)
        store(self.catalogue, first, second)
        self.hits = [
            hit(first, (OPENS, 0.9, 0.9), (COSTS, 0.5, 0.5)),
            hit(second, (LEADS, 0.5, 0.5)),
        ]
        self.day = date(2026, 11, 25)
        self.writer = self.made()

    def made(self, daily: int = 0) -> ChatWriter:
        models = ChatModels(["openai:small"], self.server.url, sleep=lambda seconds: None)
        return ChatWriter(
            models, HashingEmbedder(), self.database, lambda: self.day, daily, random.Random(1)
        )

    def ask(
        self, hits: list[Hit] | None = None, person: str = "me", fresh: bool = False
    ) -> tuple[list[str], Finished]:
        said: list[Supported] = []
        writing = self.writer.write(QUESTION, hits or self.hits, "de", person, fresh)
        while True:
            try:
                said.append(next(writing))
            except StopIteration as ended:
                for sentence in said:
                    assert sentence.support
                return [sentence.text for sentence in said], ended.value


def label_of(told: Told, sentence: str) -> str:
    """The label of the passage that holds a sentence."""
    return next(shown.label for shown in told.passages if sentence in shown.sentences)


def labelled(*sentences: str) -> replying.Says:
    """Says these, with the label of the first passage."""
    return lambda told: " ".join(f"{s[:-1]} [{told.passages[0].label}]." for s in sentences)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-none")
    with ChatServer() as server:
        made = Desk(tmp_path, server)
        yield made
        made.database.close()


# -- what is shown ---------------------------------------------------------------------------


def test_an_honest_answer_is_shown_with_the_passages_that_say_it(desk: Desk) -> None:
    said, finished = desk.ask()
    assert OPENS in said
    assert (finished.ending, finished.model, finished.tokens) == (
        Ending.WRITTEN,
        "openai:small",
        100,
    )
    for sentence in finished.said:
        for found, span in sentence.support:
            assert found.article.text[span.start : span.end] == sentence.text


def test_the_first_sentence_is_shown_before_the_reply_has_ended(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(
        says=lambda told: (
            f"{OPENS[:-1]} [{told.passages[0].label}]. " if n == 0 else "Und mehr. "
            for n in range(10_000)
        ),
        piece=80,
        pause=0.05,
    )
    writing = desk.writer.write(QUESTION, desk.hits, "de", "me")
    assert next(writing).text == OPENS
    writing.close()
    assert desk.server.given_up.wait(10)


@pytest.mark.parametrize(
    "says",
    [
        replying.wrong_numbers,
        replying.wrong_names,
        replying.invented_labels,
        replying.unlabelled,
    ],
)
def test_nothing_that_a_liar_says_is_shown_and_it_is_asked_once_more(
    desk: Desk, says: replying.Says
) -> None:
    desk.hits = desk.hits[:1]
    desk.server.behaviour = Behaviour(says=lambda told: says(told) or "Nein.", piece=50)
    said, finished = desk.ask()
    assert [text for text in said if text not in (OPENS, COSTS)] == []
    if not said:
        assert finished.ending is Ending.UNSUPPORTED
        assert len(desk.server.requests) == 2


def test_labels_that_are_swapped_cite_nothing(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(says=replying.wrong_labels)
    _, finished = desk.ask()
    for sentence in finished.said:
        for found, _ in sentence.support:
            assert sentence.text in found.article.text


def test_who_lied_at_first_may_tell_the_truth(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(says=replying.refused_once)
    said, finished = desk.ask(desk.hits[:1])
    assert OPENS in said
    assert (finished.tokens, len(desk.server.requests)) == (200, 2)
    assert "can't be shown" in str(desk.server.requests[1].body["messages"][-1]["content"])


def test_a_model_that_repeats_its_orders_shows_nothing_of_them(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(says=replying.parrot, piece=50)
    said, _ = desk.ask()
    assert not [text for text in said if text not in (OPENS, COSTS, LEADS)]


def test_chatter_links_and_lists_of_sources_are_left_out(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(says=replying.chatty)
    said, _ = desk.ask()
    assert OPENS in said
    assert not [text for text in said if text not in (OPENS, COSTS, LEADS)]


@pytest.mark.parametrize("words", [*REFUSALS, "NO_ANSWER", "NO_ANSWER."])
def test_a_refusal_in_whatever_words_is_one(desk: Desk, words: str) -> None:
    desk.server.behaviour = saying(words)
    assert desk.ask()[1].ending is Ending.REFUSED
    assert len(desk.server.requests) == 1


@pytest.mark.parametrize(
    "behaviour", [failing(500), failing(401), saying(""), Behaviour(raw=b"data: {\n\n")]
)
def test_a_model_that_fails_says_nothing(desk: Desk, behaviour: Behaviour) -> None:
    desk.server.behaviour = behaviour
    said, finished = desk.ask()
    assert said == []
    assert finished.ending in (Ending.FAILED, Ending.UNSUPPORTED)


def test_what_was_verified_stays_when_the_reply_breaks_off(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(cut=len(OPENS) + 14, piece=1)
    said, finished = desk.ask()
    assert said == [OPENS]
    assert (finished.ending, finished.whole) == (Ending.WRITTEN, False)


def test_the_next_model_goes_on_where_one_breaks_off(desk: Desk) -> None:
    desk.writer.models = ChatModels(["openai:first", "openai:second"], desk.server.url)
    desk.server.others = {
        "first": Behaviour(says=labelled(OPENS, COSTS), cut=len(OPENS) + 20, piece=1),
        "second": Behaviour(says=labelled(OPENS.replace("wieder", "erneut"), COSTS)),
    }
    said, finished = desk.ask()
    assert said == [OPENS, COSTS], "what is said already isn't said again"
    assert (finished.ending, finished.whole) == (Ending.WRITTEN, True)
    assert finished.model == "openai:second"


def test_that_a_sentence_was_dropped_is_told_also_of_what_was_kept(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(says=labelled(OPENS, COSTS.replace("3,2", "4,1")))
    first, again = desk.ask(), desk.ask()
    assert first[0] == again[0] == [OPENS]
    assert first[1].dropped
    assert again[1].dropped
    assert len(desk.server.requests) == 1


def test_an_endless_reply_is_cut(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(says=replying.endless, piece=60)
    said, finished = desk.ask()
    assert OPENS in said
    assert finished.ending is Ending.WRITTEN
    assert desk.server.given_up.wait(10)


# -- what is kept ----------------------------------------------------------------------------


def test_the_same_question_asks_no_model_again(desk: Desk) -> None:
    first, _ = desk.ask()
    again, finished = desk.ask(person="somebody else")
    assert (again, len(desk.server.requests)) == (first, 1)
    assert (finished.ending, finished.tokens) == (Ending.WRITTEN, 0)


def test_a_refusal_is_kept_too(desk: Desk) -> None:
    desk.server.behaviour = saying("NO_ANSWER")
    assert desk.ask()[1].ending is desk.ask()[1].ending is Ending.REFUSED
    assert len(desk.server.requests) == 1


def test_other_passages_ask_again(desk: Desk) -> None:
    desk.ask()
    desk.ask(desk.hits[:1])
    assert len(desk.server.requests) == 2


def test_what_broke_off_is_not_kept(desk: Desk) -> None:
    desk.server.behaviour = Behaviour(cut=len(OPENS) + 14, piece=1)
    desk.ask()
    desk.ask()
    assert len(desk.server.requests) == 2


def test_an_answer_is_forgotten_with_any_article_it_was_written_from(desk: Desk) -> None:
    desk.ask()
    with desk.database.write() as connection:
        seq = connection.execute("SELECT seq FROM articles WHERE id = 'b'").fetchone()[0]
        replies.forget(connection, seq)
    desk.ask()
    assert len(desk.server.requests) == 2


def test_who_wants_other_words_has_them_written_and_kept(desk: Desk) -> None:
    first, _ = desk.ask()
    text = f"{LEADS[:-1]} [{{}}]."
    desk.server.behaviour = Behaviour(says=lambda told: text.format(label_of(told, LEADS)))
    said, finished = desk.ask(fresh=True)
    assert (said, len(first)) == ([LEADS], 3)
    assert (finished.tokens, len(desk.server.requests)) == (100, 2)
    assert desk.ask()[0] == said
    assert len(desk.server.requests) == 2


def test_without_tokens_left_what_was_kept_is_said_again(desk: Desk) -> None:
    desk.writer = desk.made(daily=100)
    said, _ = desk.ask()
    assert desk.ask(fresh=True)[0] == said
    assert len(desk.server.requests) == 1


# -- the budget ------------------------------------------------------------------------------


def test_whoever_has_spent_the_days_tokens_is_quoted_to_until_tomorrow(desk: Desk) -> None:
    desk.writer = desk.made(daily=100)
    assert desk.ask()[1].ending is Ending.WRITTEN
    assert desk.ask(desk.hits[:1])[1].ending is Ending.SPENT
    assert desk.ask(desk.hits[:1], person="somebody else")[1].ending is Ending.WRITTEN
    desk.day = date(2026, 11, 26)
    assert desk.ask(desk.hits[1:])[1].ending is not Ending.SPENT


def test_a_reply_that_broke_off_counts(desk: Desk) -> None:
    desk.writer = desk.made(daily=1)
    desk.server.behaviour = Behaviour(cut=20)
    desk.ask()
    assert desk.ask()[1].ending is Ending.SPENT
    assert len(desk.server.requests) == 1


def test_whoever_hangs_up_has_spent_what_was_said_by_then(desk: Desk) -> None:
    desk.writer = desk.made(daily=20)
    writing = desk.writer.write(QUESTION, desk.hits, "de", "me")
    assert next(writing).support
    writing.close()
    assert desk.ask()[1].ending is Ending.SPENT
    assert len(desk.server.requests) == 1


def test_what_is_noted_after_midnight_leaves_the_new_days_tokens_alone(desk: Desk) -> None:
    desk.day = date(2026, 11, 26)
    desk.ask(person="early")
    with desk.database.write() as connection:
        replies.spend(connection, "2026-11-25", "late", 10)
    assert replies.spent(desk.database.read(), "2026-11-26", "early") == 100


def test_what_one_server_wrote_is_not_kept_for_another(desk: Desk) -> None:
    desk.ask()
    with ChatServer() as other:
        desk.writer.models = ChatModels(["openai:small"], other.url)
        assert desk.ask()[1].tokens == 100
        assert len(other.requests) == 1


def test_a_passage_under_another_title_is_written_from_anew(desk: Desk) -> None:
    desk.ask()
    retitled = [replace(one, article=replace(one.article, title="Anders")) for one in desk.hits]
    desk.ask(retitled)
    assert len(desk.server.requests) == 2
