"""What becomes an answer once a chat model has written: its sentences, or the quoted ones.

The confidence is that of the best quote. Where part of what was written is missing, that quote has
to be there.
"""

from collections.abc import Generator
from dataclasses import replace

from bot.answer import Answer
from bot.composition import one_line
from bot.events import Said
from bot.looking import Looked
from bot.quoting import quoted
from bot.words import say
from bot.writing.numbering import Numbering
from bot.writing.writer import Ending, Finished
from vectorstore.models import Span


def finished_answer(
    looked: Looked, numbering: Numbering, finished: Finished
) -> Generator[Said, None, Answer]:
    """The answer with what was written and numbered; tells of a sentence that it adds."""
    answer = looked.quoted
    if finished.ending is Ending.WRITTEN:
        if finished.dropped or not finished.whole:
            yield from _best_quote(looked, numbering)
        text, cited = "\n".join(numbering.texts), numbering.citations
        note = None if finished.whole else say("incomplete", answer.language)
        return replace(answer, text=text, citations=cited, model=finished.model, note=note)
    if finished.ending is Ending.REFUSED:
        return replace(looked.refused, model=finished.model)
    key = "budget_spent" if finished.ending is Ending.SPENT else "quoted_instead"
    return replace(answer, note=say(key, answer.language))


def _best_quote(looked: Looked, numbering: Numbering) -> Generator[Said]:
    """The sentence that the confidence rests on, if none is that has it for a source."""
    best = looked.quoted.citations[0]
    span = Span(best.start, best.end)
    hit = next((hit for hit in looked.hits if hit.article.id == best.article_id), None)
    if hit is not None and not numbering.cites(hit.article, span):
        line = quoted(one_line(best.quote), looked.quoted.language)
        text, fresh = numbering.add(line, [(hit, span)])
        yield Said(text, numbering.citations[len(numbering.sources) - fresh :])
