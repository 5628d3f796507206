"""Records of another shape become records in the input format."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.mapping import FieldMapping
from ingest.sources import Failure, read
from vectorstore.errors import SettingsError, SourceError
from vectorstore.models import Article

FERRY = "Die Fähre fährt seit Montag mit Strom."


def mapped(record: Any, *options: str) -> dict[str, Any]:
    return FieldMapping.parse(options).record(record)


def read_all(path: Path, *options: str) -> list[Article | Failure]:
    mapping = FieldMapping.parse(options) if options else None
    return list(read(str(path), io.BytesIO(), mapping=mapping))


# -- expressions ----------------------------------------------------------------


def test_fields_are_found_where_the_mapping_says() -> None:
    record = {
        "body": {"text": FERRY},
        "meta": {"date": "2026-03-15", "lang": "de"},
        "authors": [{"name": "Jelka Rohde"}, {"name": "Ivo Tasch"}],
        "key": 7,
    }
    found = mapped(
        record, "text=body.text", "published = meta.date", "authors=authors[].name", "id=key"
    )
    assert found == {
        "text": FERRY, "published": "2026-03-15", "authors": ["Jelka Rohde", "Ivo Tasch"], "id": 7,
    }  # fmt: skip


def test_what_is_not_mapped_is_found_by_its_usual_name() -> None:
    record = {"headline": "T", "body": FERRY, "date": "2026-03-15", "link": "u", "author": "J"}
    assert mapped({**record, "nr": 3}, "id=nr") == {
        "title": "T", "text": FERRY, "published": "2026-03-15", "url": "u",
        "authors": ["J"], "id": 3,
    }  # fmt: skip


def test_a_fields_own_name_comes_before_an_alias() -> None:
    assert mapped({"content": "b", "text": "a", "link": "d", "url": "c"}) == {
        "text": "a", "url": "c",
    }  # fmt: skip


def test_a_mapped_field_that_is_not_there_is_missing_whatever_else_is() -> None:
    assert mapped({"text": FERRY, "title": "T"}, "title=kopf") == {"text": FERRY}


@pytest.mark.parametrize("name", ["Text of article", "text-de", "1", "a.b"])
def test_a_column_may_have_any_name(name: str) -> None:
    assert mapped({name: FERRY}, f"text={name}") == {"text": FERRY}


def test_text_that_is_html_becomes_plain() -> None:
    record = {"body": {"html": "<p>Eins &amp; <b>zwei</b>.</p>\n<p>Drei.<br>Vier.</p>"}}
    assert mapped(record, "text=body.html") == {"text": "Eins & zwei.\n\nDrei.\nVier."}
    plain = "Wenn a < b, <so> sei es."
    assert mapped({"text": plain}) == {"text": plain}


def test_paragraphs_in_a_list_are_one_text() -> None:
    assert mapped({"p": [{"t": "a"}, {"t": "b"}]}, "text=p[].t") == {"text": "a\n\nb"}


def test_people_and_publishers_may_be_objects() -> None:
    record = {"author": [{"name": "J"}, "I"], "publisher": {"name": "Bote"}, "text": "x"}
    assert mapped(record) == {"authors": ["J", "I"], "source": "Bote", "text": "x"}


@pytest.mark.parametrize("option", ["text", "=x", "text=", "body=x", "text=[", 'text="a', ""])
def test_a_wrong_option_is_refused_with_the_usage(option: str) -> None:
    with pytest.raises(SettingsError, match=r"--field NAME=WHERE"):
        FieldMapping.parse([option])


@settings(database=None, max_examples=200)
@given(st.text(max_size=30))
def test_any_expression_is_understood_or_refused(written: str) -> None:
    try:
        mapping = FieldMapping.parse([f"text={written}"])
    except SettingsError:
        return
    try:
        mapping.record({"text": FERRY, "a": [1, {"b": "x"}]})
    except SourceError:
        return


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
KEYS = st.sampled_from("text body url author authors date title source lang id".split())


@settings(database=None, max_examples=100)
@given(st.dictionaries(KEYS, JSON, max_size=6))
def test_any_record_of_a_file_is_an_article_or_a_failure(
    tmp_path_factory: pytest.TempPathFactory, record: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.json"
    path.write_text(json.dumps([record]))
    (found,) = read_all(path)
    assert isinstance(found, Article | Failure)


# -- JSON and JSONL files -------------------------------------------------------


def test_a_json_file_may_be_one_article(tmp_path: Path) -> None:
    path = tmp_path / "faehre.json"
    path.write_text(json.dumps({"headline": "Fähre", "articleBody": FERRY}))
    (found,) = read_all(path)
    assert isinstance(found, Article)
    assert (found.title, found.text, found.id[:5]) == ("Fähre", FERRY, "file-")


def test_a_json_file_may_be_a_list_and_a_bad_record_does_not_stop_it(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    good = [{"id": n, "text": f"Artikel {n}."} for n in range(2)]
    path.write_bytes(
        json.dumps([good[0], {"id": "x"}, 3, {"text": FERRY}, good[1]]).encode("utf-16")
    )
    found = read_all(path)
    assert [i.id for i in found if isinstance(i, Article)] == ["0", "1"]
    failed = [i.source for i in found if isinstance(i, Failure)]
    assert failed == [f"{path}:2", f"{path}:3", f"{path}:4"]


def test_the_list_may_lie_deeper(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"response": {"docs": [{"nr": 1, "body": FERRY}]}}))
    (found,) = read_all(path, "items=response.docs", "id=nr")
    assert isinstance(found, Article)
    assert (found.id, found.text) == ("1", FERRY)
    (failure,) = read_all(path, "items=response")
    assert isinstance(failure, Failure)
    assert "no list" in failure.error


@pytest.mark.parametrize("data", ["", "{", "[]", "3", '{"a":1}\n{"a":2}', "[" * 100_000])
def test_a_json_file_without_an_article_is_a_failure(tmp_path: Path, data: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(data)
    (failure,) = read_all(path)
    assert isinstance(failure, Failure)


def test_lines_are_read_with_a_mapping_and_without_one_by_the_contract_alone(
    tmp_path: Path,
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"nr": 1, "body": FERRY}) + "\n[1]\n{\n")
    found = read_all(path, "id=nr")
    assert [i.text for i in found if isinstance(i, Article)] == [FERRY]
    assert [i.source for i in found if isinstance(i, Failure)] == [f"{path}:2", f"{path}:3"]
    failed = [i.error for i in read_all(path) if isinstance(i, Failure)]
    assert failed[0] == 'The article has no "text".'
    assert len(failed) == 3
