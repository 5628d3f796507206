"""What came of taking something in, as a message: counts, reasons, one article. Pure."""

import re
from collections.abc import Iterator, Sequence

from bot.library import Taken
from bot.tg.buttons import Ask, Button, OpenArticle, Rows, data
from bot.tg.markup import good_link, messages, one_line, text, words
from bot.tg.rendering import titled, whereabouts
from bot.words import number, say
from ingest.run import Progress
from vectorstore.models import Article

MOST_REASONS = 5
LONGEST_SOURCE = 80  # UTF-16 units of the name of what failed
LONGEST_REASON = 300

_REASONS = (
    (r"no such (page|file)|answered (404|410)|page is gone", "why_gone"),
    (r"answered (401|402|403|451)", "why_refused"),
    (r"robots\.txt asks", "why_robots"),
    (r"left alone|answered (429|503)", "why_later"),
    (r"no host|looked up|makes no sense|names no host|no IP address", "why_no_address"),
    (r"private network", "why_private"),
    (r"longer than|too long to answer", "why_slow"),
    (r"\bsite\b|page answered|redirects|compressed", "why_site"),
    (r"paywall", "why_paywall"),
    (r"consent to cookies", "why_consent"),
    (r"list of articles", "why_list"),
    (r"only pictures", "why_pictures"),
    (r"password", "why_locked"),
    (r"larger than|are the most|as a bomb|more than \d", "why_large"),
    (r"no text|is empty|no article|no articles|binary data", "why_no_text"),
    (r"damaged|no PDF|can't be understood|no JSON|no YAML", "why_damaged"),
    (r"not understood|not read", "why_kind"),
)


def reason(error: str, language: str) -> str:
    """Why something could not be taken in, in plain words; as it was said if none are known."""
    key = next((key for pattern, key in _REASONS if re.search(pattern, error)), None)
    return say(key, language) if key else one_line(error, LONGEST_REASON)


def progress_words(progress: Progress, language: str) -> str:
    """How far it is: `12 Artikel, 80 Absätze`."""
    if not progress.passages and not progress.articles:
        return say("take_reads", language)
    told = (("article", progress.articles), ("paragraph", progress.passages))
    counted = ", ".join(_counted(name, count, language) for name, count in told if count)
    return say("take_so_far", language, counted=counted)


def taken_pages(
    taken: Taken, shown: Article | None, sample: str | None, language: str
) -> list[str]:
    """The HTML of the messages that tell it, with one of the articles if there is one to show."""
    blocks = [words(line) for line in _lines(taken, language)]
    if shown is not None:
        head = titled(shown, good_link(shown.url), language) + text(whereabouts(shown, language))
        blocks.append([text("\n"), head, text("\n")])
    if sample is not None:
        blocks.append(words(say("take_sample", language, question=sample)))
    return messages(blocks)


def taken_rows(article: int | None, language: str) -> Rows:
    """The buttons for the article that is shown."""
    if article is None:
        return ()
    ask = Button(say("ask_article", language), data(Ask(article)))
    return ((ask, Button(say("whole_article", language), data(OpenArticle(article)))),)


def to_show(taken: Taken) -> int | None:
    """The number of the article to show: the first new one, or else the only one."""
    if taken.added:
        return taken.added[0]
    return taken.known[0] if len(taken.known) == 1 else None


def _lines(taken: Taken, language: str) -> Iterator[str]:
    report = taken.report
    counts = (
        ("take_added", report.added),
        ("take_updated", report.updated),
        ("take_unchanged", report.unchanged),
        ("take_failed", len(report.failed) + len(report.gone)),
    )
    told = [(key, count) for key, count in counts if count]
    for key, count in told:
        yield say(key, language, counted=_counted("article", count, language)) + "\n"
    if not told:
        yield say("take_nothing", language) + "\n"
    failed = [(one.source, reason(one.error, language)) for one in report.failed]
    failed += [(one.address, say("why_gone", language)) for one in report.gone]
    yield from _failures(failed, language)


def _failures(failed: Sequence[tuple[str, str]], language: str) -> Iterator[str]:
    for source, why in failed[:MOST_REASONS]:
        yield f"• {one_line(source, LONGEST_SOURCE)}: {why}\n"
    if (more := len(failed) - MOST_REASONS) > 0:
        yield say("take_more", language, count=number(more, language)) + "\n"


def _counted(name: str, count: int, language: str) -> str:
    """`1 Artikel`, `1.240 Absätze`."""
    key = f"one_{name}" if count == 1 else f"many_{name}s"
    return say(key, language, count=number(count, language))
