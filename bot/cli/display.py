"""What the commands show to people, in colour where the terminal has any."""

import re
import textwrap
import unicodedata
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.answer import Answer, Citation, Status
from bot.quoting import quoted
from bot.words import day, say
from vectorstore.catalogue import Listed
from vectorstore.corrections import correction_notes
from vectorstore.models import Article, Hit

if TYPE_CHECKING:
    from rich.console import Console
    from rich.style import Style

    from bot.difference import Difference
    from bot.doctor import Check


_LEAST, _MOST = {"Title": 24}, {"Source": 16}  # columns on a narrow terminal
_QUOTED = re.compile(r"\[\d+\]$")  # the other lines of an answer are Beleg's own words


def printable(text: str) -> str:
    """Text that can't steer a terminal: no control characters, no reversed writing."""
    return "".join(c for c in text if c in "\n\t" or not _steers(c))


def _steers(c: str) -> bool:
    bidirectional = "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"
    return bidirectional or unicodedata.category(c) in ("Cc", "Cs")


def console() -> "Console":
    """Standard output, as wide as it is; links can be clicked where the terminal can."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False, markup=False)


def print_answer(answer: Answer) -> None:
    """The answer, its numbered sources with date and link; or the nearest articles."""
    print_put_right(answer)
    for line in answer.text.splitlines():
        print_line(line, bool(answer.citations and _QUOTED.search(line)))
    print_rest(answer)


def print_put_right(answer: Answer, end: str = "\n\n") -> None:
    """What was searched, if that isn't what was typed."""
    if answer.put_right:
        told = say("searched", answer.language, question=answer.put_right)
        _print_dim(told, end)


def print_line(line: str, said: bool = True) -> None:
    """A line of an answer: what the articles say, or Beleg's own words about it."""
    from rich.text import Text

    out = console()
    out.print(Text(_indented(line, out.width), style="bold" if said else ""), soft_wrap=True)


def print_rest(answer: Answer) -> None:
    """What comes below the text: a note, the sources or else the nearest articles."""
    from rich.text import Text

    out = console()
    if answer.note:
        _print_dim(answer.note)
    if answer.citations:
        out.print()
        for citation in answer.citations:
            _print_source(out, citation, answer.language)
            if answer.model is not None:  # its words are the model's: here are the article's
                quote = _indented(quoted(citation.quote, answer.language), out.width, 6)
                out.print(Text(quote, style="italic"), soft_wrap=True)
        out.print(
            f"  {say('confidence', answer.language)}: {min(answer.confidence, 0.99):.0%}",
            style="dim",
        )
    elif answer.nearest and answer.status is Status.NO_EVIDENCE:
        heading = "read_on" if answer.tells_nearest else "nearest"
        out.print(f"\n  {say(heading, answer.language)}:", style="dim")
        for near in answer.nearest:
            title = printable(near.title or say("untitled", answer.language))
            out.print(Text(f"  - {title}", style=_linked(near.url)))


def _print_dim(text: str, end: str = "\n") -> None:
    from rich.text import Text

    out = console()
    out.print(Text(_indented(text, out.width), style="dim"), soft_wrap=True, end=end)


def _indented(text: str, width: int, by: int = 2) -> str:
    """Text on lines of at most `width` columns, none ending in blanks."""
    margin = " " * by
    line = " ".join(printable(text).split())
    wrapped = textwrap.wrap(line, width, initial_indent=margin, subsequent_indent=margin)
    return "\n".join(wrapped)


def _print_source(out: "Console", citation: Citation, language: str) -> None:
    from rich.text import Text

    title = printable(citation.title or say("untitled", language))
    told = (citation.source, day(citation.published, language))
    where = ", ".join(printable(part) for part in told if part)
    line = Text(f"  [{citation.number}] ")
    line.append(title, style=_linked(citation.link))
    line.append(f"  {where}" if where else "", style="dim")
    out.print(line, soft_wrap=True)
    if citation.url:
        out.print(Text(f"      {printable(citation.url)}", style="blue"), soft_wrap=True)
    else:
        out.print(Text(f"      {printable(citation.article_id)}", style="dim"), soft_wrap=True)
    if citation.correction:
        out.print(Text(_indented(citation.correction, out.width, 6), style="yellow"))


def _linked(url: str | None) -> "Style | str":
    from rich.style import Style

    return Style(link=printable(url)) if url else ""


def print_hits(hits: Sequence[Hit]) -> None:
    """Passages with their scores, best first."""
    from rich.text import Text

    out = console()
    for number, hit in enumerate(hits, 1):
        line = Text(f"{number:>3}. ")
        line.append(printable(hit.article.title or hit.article.id), style="bold")
        line.append(f"  {hit.score:.3f}  {hit.article.published or ''}", style="dim")
        out.print(line)
        out.print(Text(_indented(hit.text, out.width, 5) + "\n"), soft_wrap=True)


def print_articles(listed: Sequence[Listed]) -> None:
    """A table of articles."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for heading in ("ID", "Published", "Source", "Title", "Version", "Passages"):
        narrow = heading in ("ID", "Published", "Version")
        least, most = _LEAST.get(heading), _MOST.get(heading)
        table.add_column(heading, overflow="fold", no_wrap=narrow, min_width=least, max_width=most)
    for entry in listed:
        article = entry.article
        cells = (article.id, (article.published or "")[:10], article.source, _told(entry))
        counts = (str(article.version), str(entry.chunks))
        table.add_row(*(Text(printable(cell or "")) for cell in (*cells, *counts)))
    console().print(table)


def _told(entry: Listed) -> str:
    """The title, and what else somebody who looks through the list should know."""
    notes = []
    if entry.group and entry.group != entry.article.id:
        notes.append(f"copy of {entry.group}")
    if entry.gone:
        notes.append(f"page gone since {entry.gone}")
    title = entry.article.title or ""
    return f"{title} ({'; '.join(notes)})" if notes else title


def print_article(article: Article) -> None:
    """An article with what is known of it."""
    keys = ("id", "url", "published", "updated", "source", "section", "language", "version")
    rows = [(key, str(value)) for key in keys if (value := getattr(article, key)) is not None]
    if article.authors:
        rows.append(("authors", ", ".join(article.authors)))
    for note in correction_notes(article.text):
        rows.append(("correction", article.text[note.start : note.end]))
    print(printable(article.title or article.id))
    print_pairs(rows)
    print()
    print(printable(article.text))


def print_difference(old: Article, new: Article, found: "Difference") -> None:
    """The changed fields and lines: `-` as it was, `+` as it is."""
    from rich.text import Text

    out = console()
    marks = (("-", "red"), ("+", "green"))
    out.print(Text(f"{printable(new.title or new.id)}: version {old.version} to {new.version}"))
    rows = [(f"{name}: {before}", f"{name}: {now}") for name, before, now in found.fields]
    for change in [*rows, *((c.old, c.new) for c in found.text)]:
        out.print()
        for (mark, style), said in zip(marks, change, strict=True):
            for line in said.splitlines():
                out.print(Text(f"{mark} {printable(line)}", style=style), soft_wrap=True)
    if not rows and not found.text:
        out.print(Text("Nothing that a reader sees."))


def print_pairs(rows: Sequence[tuple[str, str]]) -> None:
    """Names and values in two columns."""
    width = max((len(name) for name, _ in rows), default=0)
    for name, value in rows:
        print(f"{name:<{width}}  {printable(value)}".rstrip())


def print_checks(checks: "Sequence[Check]") -> None:
    """Every check, its state, what was repaired, and what to do about a bad one."""
    from rich.text import Text

    out = console()
    for check in checks:
        mark = Text("ok   " if check.ok else "BAD  ", style="green" if check.ok else "red bold")
        out.print(mark + Text(f"{check.name}: {printable(check.state)}"), soft_wrap=True)
        for said, style in ((check.repaired, "green"), (check.advice, "yellow")):
            if said:
                out.print(Text(f"     {printable(said)}", style=style), soft_wrap=True)
