"""Which of the titles that a page gives itself is its article's headline. Pure."""

import re
from difflib import SequenceMatcher

_SEPARATOR = re.compile(r"\s+[|–—•·›»:-]+\s+|\s*\|\s*|, (?=\D+$)")
LONGEST = 400  # characters of a title; comparing them takes the square of that
ALIKE = 0.55  # how much two wordings of one headline share; python benchmarks/extraction.py FOLDER


def headline(
    described: str | None,
    shared: str | None,
    shown: str | None,
    window: str | None,
    site: str | None,
) -> str | None:
    """The headline, from the metadata (`described`), for sharing, on the page, in the window's bar.

    Publishers write up to four. Where the page shows the one for sharing and metadata has quite
    another, metadata names the article and the others follow the news; elsewhere the one for
    sharing is what the desk wrote.
    """
    told = [title for title in (described, shared, shown, window) if title]
    told = [title[:LONGEST] for title in told]
    described, shared, shown, window = (
        without_site(title and title[:LONGEST], site, told)
        for title in (described, shared, shown, window)
    )
    if not described:
        return common_end(shared, shown) or shared or shown or window
    if not shared or same(described, shared):
        return described
    if _cut_off(shared, (described, shown)):
        return described
    if same(shown, shared):
        return shared if alike(described, shared) else described
    return described if same(window, described) and not same(shown, described) else shared


def without_site(title: str | None, site: str | None, others: list[str]) -> str | None:
    """The title without the publisher's name or the section behind it."""
    if not title:
        return None
    found = " ".join(title.split())
    for other in sorted(map(_plain, others), key=len):
        rest = _plain(found)[len(other) :]
        if len(other) >= 10 and _plain(found).startswith(other) and _SEPARATOR.match(rest):
            return " ".join(found.split())[: len(other)].strip()
    parts = list(_SEPARATOR.finditer(found))
    if parts and site and _names_site(found[parts[-1].end() :], site):
        return found[: parts[-1].start()].strip() or found
    return found


def common_end(shared: str | None, shown: str | None) -> str | None:
    """The headline behind two different kickers, or None: „A: Es war so“, „B - Es war so“."""
    if not shared or not shown or same(shared, shown):
        return None
    ends = [_behind_kicker(title) for title in (shared, shown)]
    return ends[0] if ends[0] and same(*ends) else None


def same(a: str | None, b: str | None) -> bool:
    """Whether two titles are the same but for case, marks and blanks."""
    return bool(a and b) and _folded(a) == _folded(b)


def alike(a: str, b: str) -> bool:
    """Whether two titles are wordings of one headline."""
    return SequenceMatcher(None, _folded(a), _folded(b), autojunk=False).ratio() >= ALIKE


def _cut_off(title: str, others: tuple[str | None, ...]) -> bool:
    """Whether another title goes on where this one ends, in the middle of a sentence."""
    whole = [o for o in others if o and _plain(o) != _plain(title)]
    return any(_plain(o).startswith(_plain(title)) for o in whole) and title[-1:].isalnum()


def _behind_kicker(title: str) -> str | None:
    match = re.match(r"(.{3,60}?)(?:\s*:\s+|\s+[-–—|]\s+)(.{15,})$", title)
    return match[2] if match else None


def _names_site(end: str, site: str) -> bool:
    bare = re.sub(r"\W|\b(?:www|de|com|net|online|news)\b", "", end.lower())
    known = re.sub(r"\W", "", site.lower())
    return bool(bare) and (bare in known or known in bare)


def _folded(title: str | None) -> str:
    return " ".join(re.findall(r"\w+", (title or "").lower().replace("\xad", "")))


def _plain(title: str) -> str:
    return " ".join(title.split())
