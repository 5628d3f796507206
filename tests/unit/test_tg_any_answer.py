"""Whatever an answer holds, Telegram takes it and its buttons, and nothing of it is lost."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.answer import Answer, Nearest
from bot.tg.buttons import MOST_SOURCES, OpenArticle, OpenSource, Rate, answer_rows, parse
from bot.tg.markup import good_link
from bot.tg.rendering import answer_messages
from tests.support.answers import answer, citation
from tests.support.links import checked_link
from tests.support.telegram_taken import FORBIDDEN, TEXTS, URLS, covered, received, taken

MOST = 200  # sources


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Any answer: of up to 20 sources each is different, more are the first few over again."""
    models = [
        citation(n, draw(TEXTS), title=draw(st.none() | TEXTS), url=draw(URLS), link=draw(URLS))
        for n in range(1, draw(st.integers(0, 20)) + 1)
    ]
    count = draw(st.integers(len(models), MOST)) if len(models) in (1, 2, 3) else len(models)
    citations = [
        replace(models[n % len(models)], number=n + 1, article_id=f"a{n}") for n in range(count)
    ]
    if count > len(models):
        citations = [replace(c, quote=c.quote[:200]) for c in citations]
    by_model = draw(st.booleans())
    said = {"text": draw(TEXTS) + "".join(f" [{c.number}]" for c in citations)} if by_model else {}
    near = [Nearest("n", draw(TEXTS), draw(URLS), 0.5)] if not citations else []
    return answer(
        *citations,
        **({"text": draw(TEXTS) + "."} if not citations else said),
        model="some" if by_model else None,
        nearest=tuple(near),
        language=draw(st.sampled_from(["de", "en"])),
        note=draw(st.none() | TEXTS),
        searched=draw(st.none() | TEXTS),
    )


def check(said: Answer) -> None:
    """Telegram takes the answer and its buttons, and no label, link or button is missing."""
    parts = [received(source) for source in answer_messages(said)]
    shown = "\n".join(part.text for part in parts)
    assert not FORBIDDEN.search(shown)
    links = [found for part in parts for found in covered(part, "text_link")]
    labels: dict[str | None, list[str]] = {}
    for label, entity in links:
        labels.setdefault(entity.url, []).append(label)
    linked = 0
    for cited in said.citations:
        label = f"[{cited.number}]"
        assert shown.count(label) >= 2  # in the answer and before its source
        if href := good_link(cited.link) or good_link(cited.url):
            linked += 1
            assert label in labels[checked_link(href)]
            assert len(labels[checked_link(href)]) >= 2  # the title as well
    assert len(links) >= 2 * linked
    check_buttons(said)


def check_buttons(said: Answer) -> None:
    """Every source has its button, up to the most there are."""
    articles = [*(c.article_id for c in said.citations), *(n.article_id for n in said.nearest)]
    ids = {article: number for number, article in enumerate(articles, 1)}
    taps = [
        parse(b.data)
        for row in taken(answer_rows(said, ids, 7, said.language, rated=True))
        for b in row
        if b.data
    ]
    opened = [tap.number for tap in taps if isinstance(tap, OpenSource)]
    assert opened == [c.number for c in said.citations][:MOST_SOURCES]
    assert sum(isinstance(tap, OpenArticle) for tap in taps) == len(said.nearest)
    assert taps[-2:] == [Rate(7, True), Rate(7, False)]


@settings(max_examples=300, suppress_health_check=list(HealthCheck))
@given(answers())
@example(answer(*(citation(n, "&" * 4000, title='"' * 300) for n in range(1, 21))))
@example(answer(citation(1, '"' * 4000, link="https://example.org/?" + "&" * 4000)))
@example(answer(*(citation(n) for n in range(1, MOST + 1))))
def test_any_answer_is_taken_with_every_number_and_every_link(said: Answer) -> None:
    check(said)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(answers())
def test_ten_thousand_answers_are_taken_with_every_number_and_every_link(said: Answer) -> None:
    check(said)
