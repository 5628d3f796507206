"""Versions as lines and back, and what a history means where the article is already."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles import article, supplemented
from ingest.exchange import from_line, histories, to_line
from ingest.files.formats import from_json_line
from ingest.found import Failure
from vectorstore.catalogue import Outcome
from vectorstore.errors import SourceError
from vectorstore.history import History, Version, plan
from vectorstore.models import Article, content_digest

DATES = (
    None, "2026-03-15", "2026-03-15 10:30:00", "2026-03-15T10:30:00-05:00", "15.03.2026",
    "2026-W11-7", "20260315T103000Z", "Sun, 15 Mar 2026 10:30:00 +0100",
)  # fmt: skip
ODD = st.text(st.sampled_from('aä“"\\ \n\r\t\0\x7f\x85\u2028\u2029\ufeff\ufffd\ud800😀'))


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Whatever a source may have brought, also to a Beleg that found no title and no language."""
    word = st.text(max_size=12) | ODD
    found = article(
        text=draw(word.filter(str.strip)),
        given_id=draw(word.filter(bool)),
        url=draw(st.sampled_from([None, " https://example.org/ä?b=1#c "])),
        title=draw(st.none() | word),  # without one, a headline is looked for in the text
        published=draw(st.sampled_from(DATES)),
        updated=draw(st.sampled_from(DATES)),
        authors=draw(st.lists(word, max_size=2)),
        source=draw(st.none() | word),
        language=draw(st.sampled_from(["de", "en-GB"])),
    )
    found = supplemented(found, None, draw(st.none() | word))
    if draw(st.booleans()):
        found = replace(found, title=None, language=None)
    return replace(found, version=draw(st.integers(1, 2**53)), content_hash=content_digest(found))


ORIGINS = st.lists(st.text(st.characters(codec="utf-8"), min_size=1), max_size=2).map(tuple)
VERSIONS = st.builds(Version, articles(), st.sampled_from([None, "2026-03-18"]), ORIGINS)


@settings(database=None, max_examples=60)
@given(VERSIONS)
def test_a_version_comes_back_from_its_line_as_it_was(version: Version) -> None:
    line = to_line(version)
    assert from_line(line) == version
    assert line.count(b"\n") == 1
    assert line.endswith(b"\n")


def test_a_headline_read_off_a_text_comes_back_as_it_stands_there() -> None:
    text = "Lokales\n\nFähre\tfährt\0 mit Strom\n\nDie Fähre fährt seit Montag mit Strom.\n"
    found = replace(article(text=text, given_id="a", language="de"), version=1)
    assert found.title == "Fähre\tfährt\0 mit Strom"
    assert from_line(to_line(Version(found))).article == found
    steering = jsonl({"id": "a", "text": "Eins.", "version": 1, "title": "Zwei\nZeilen\r"})
    assert from_line(steering).article.title == "Zwei Zeilen"


@settings(database=None, max_examples=50)
@given(articles().filter(lambda a: a.language is not None))
def test_a_line_of_an_export_can_be_ingested(found: Article) -> None:
    again = from_json_line(to_line(Version(found)))
    for name in ("id", "url", "text", "published", "updated", "authors", "source", "language"):
        assert getattr(again, name) == getattr(found, name)


def test_a_line_is_readable_and_says_only_what_there_is() -> None:
    found = replace(article(text="Grüße\u2028aus Köln.", given_id="a", language="de"), version=2)
    line = to_line(Version(found))
    assert "Grüße\u2028aus Köln.".encode() in line
    assert list(json.loads(line)) == [
        "id", "url", "title", "text", "published", "updated", "authors", "source", "language",
        "version",
    ]  # fmt: skip
    full = to_line(Version(replace(found, section="Lokales"), "2026-03-18", ("-", "/a")))
    assert json.loads(full) == json.loads(line) | {
        "section": "Lokales", "gone": "2026-03-18", "origins": ["-", "/a"],
    }  # fmt: skip


def test_a_line_without_a_version_is_read_as_ingest_reads_it() -> None:
    line = jsonl({"id": 7, "author": "J. Rohde", "text": "Die Fähre fährt mit Strom.\r\n"})
    assert from_line(line) == Version(from_json_line(line))


def test_a_content_hash_in_the_file_counts_for_nothing() -> None:
    version = from_line(jsonl({"id": "a", "text": "Eins.", "version": 1, "content_hash": "x"}))
    assert version.article.content_hash == content_digest(version.article)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"text": None}, '"text"'),
        ({"text": " \n"}, "no text"),
        ({"id": None}, '"id"'),
        ({"version": 0}, '"version"'),
        ({"version": -1}, '"version"'),
        ({"version": True}, '"version"'),
        ({"version": "2"}, '"version"'),
        ({"version": 1.5}, '"version"'),
        ({"version": 2**53 + 1}, '"version"'),
        ({"gone": "gestern"}, '"gone"'),
        ({"gone": 20260318}, '"gone"'),
        ({"origins": "-"}, '"origins"'),
        ({"origins": [1]}, '"origins"'),
        ({"origins": ["\ud800"]}, '"origins"'),
    ],
)
def test_junk_is_refused_with_its_reason(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        from_line(jsonl({"id": "a", "text": "Eins.", "version": 1, **fields}))


@settings(database=None, max_examples=200)
@given(st.dictionaries(
    st.sampled_from(["id", "text", "title", "section", "language", "version", "gone", "origins"]),
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.lists(st.text()),
))  # fmt: skip
def test_any_record_is_a_version_or_refused(record: dict[str, Any]) -> None:
    try:
        version = from_line(jsonl(record))
    except SourceError:
        return
    assert version.article.version == 0 or from_line(to_line(version)) == version


def test_lines_of_one_article_belong_together_and_bad_ones_are_named() -> None:
    lines = [
        b"\xef\xbb\xbf" + line("a", 1), line("a", 3), b"\r\n", line("b", 1), b"{", line("b", 2),
        line("b", 1), line("c"), line("c"), line("c", 1),
    ]  # fmt: skip
    found = list(histories(lines, "f.jsonl"))
    told = [_told(one) for one in found]
    assert told == ["a1 a3", "f.jsonl:5", "b1 b2", "b1", "c0", "c0", "c1"]


# -- what a history means ------------------------------------------------------------------

A, B, C, D = "Erstens.", "Zweitens.", "Drittens.", "Viertens."


@pytest.mark.parametrize(
    ("here", "there", "outcome", "added"),
    [
        ({}, {1: A, 2: B}, Outcome.ADDED, {1: A, 2: B}),
        ({}, {4: A, 9: B}, Outcome.ADDED, {4: A, 9: B}),
        ({}, {0: A}, Outcome.ADDED, {1: A}),
        # the same
        ({1: A, 2: B}, {1: A, 2: B}, Outcome.UNCHANGED, {}),
        ({1: A, 2: B}, {0: B}, Outcome.UNCHANGED, {}),
        ({1: B}, {1: A, 2: B}, Outcome.UNCHANGED, {}),
        # the same, and earlier versions that are missing here
        ({2: B, 4: D}, {1: A, 2: B, 3: C, 4: D}, Outcome.UNCHANGED, {1: A, 3: C}),
        # newer here
        ({1: A, 2: B}, {1: A}, Outcome.UNCHANGED, {}),
        ({1: A, 2: B, 3: A}, {1: A, 2: B}, Outcome.UNCHANGED, {}),
        # newer there: it goes on
        ({1: A}, {1: A, 2: B, 3: C}, Outcome.UPDATED, {2: B, 3: C}),
        ({3: C}, {1: A, 3: C, 4: D}, Outcome.UPDATED, {1: A, 4: D}),
        ({1: A, 2: B}, {1: A, 2: B, 3: A}, Outcome.UPDATED, {3: A}),
        # other
        ({1: A, 2: B}, {1: A, 2: C}, Outcome.UPDATED, {3: C}),
        ({1: A}, {1: B, 7: C}, Outcome.UPDATED, {2: C}),
        ({1: A}, {0: B}, Outcome.UPDATED, {2: B}),
    ],
)  # fmt: skip
def test_what_is_newer_here_stays_and_what_is_newer_there_is_added(
    here: dict[int, str], there: dict[int, str], outcome: Outcome, added: dict[int, str]
) -> None:
    held = {number: _version(number, text).article.content_hash for number, text in here.items()}
    told, lacking = plan(held, tuple(_version(*one) for one in there.items()))
    assert (told, {a.version: a.text for a in lacking}) == (outcome, added)


def _version(number: int, text: str) -> Version:
    return Version(replace(article(text=text, given_id="a", language="de"), version=number))


def _told(one: History | Failure) -> str:
    if isinstance(one, Failure):
        return one.source
    return " ".join(f"{v.article.id}{v.article.version}" for v in one)


def line(article_id: str, version: int | None = None) -> bytes:
    return jsonl({"id": article_id, "text": "Ein Satz.", "language": "de", "version": version})


def jsonl(record: dict[str, Any]) -> bytes:
    return json.dumps(record).encode() + b"\n"
