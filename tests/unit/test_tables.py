"""A row of a CSV file is an article."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files.mapping import FieldMapping
from ingest.files.records import bounded_lines
from ingest.files.tables import rows
from ingest.sources import Failure, read
from vectorstore.errors import SourceError
from vectorstore.models import Article

FERRY = "Die Fähre, sagt man, fährt; sie ist leise.\nGanz leise."


def table(delimiter: str, *lines: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    return out.getvalue()


def read_all(path: Path, data: bytes, *options: str) -> list[Article | Failure]:
    path.write_bytes(data)
    mapping = FieldMapping.parse(options) if options else None
    return list(read(str(path), io.BytesIO(), mapping=mapping))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_any_delimiter_and_encoding_is_read(tmp_path: Path, delimiter: str, encoding: str) -> None:
    data = table(
        delimiter,
        ("ID", "Headline", "Body", "Date", "Link", "Author"),
        ("1", "Fähre leise", FERRY, "15.03.2026", "https://bote.example/1", "Jelka Rohde"),
        ("2", "", "Zwei.", "", "", ""),
    )
    one, two = read_all(tmp_path / "a.csv", data.encode(encoding))
    assert isinstance(one, Article)
    assert isinstance(two, Article)
    assert (one.id, one.title, one.text, one.published) == ("1", "Fähre leise", FERRY, "2026-03-15")
    assert (one.url, one.authors) == ("https://bote.example/1", ("Jelka Rohde",))
    assert (two.id, two.text, two.authors) == ("2", "Zwei.", ())


def test_columns_of_other_names_are_mapped(tmp_path: Path) -> None:
    data = table(";", ("Nr.", "Der Text"), ("7", FERRY)).encode()
    (found,) = read_all(tmp_path / "a.tsv", data, "id=Nr.", "text=Der Text")
    assert isinstance(found, Article)
    assert (found.id, found.text) == ("7", FERRY)


def test_a_bad_row_is_named_by_its_line(tmp_path: Path) -> None:
    data = b"id,text\n1,Eins.\n,ohne\n\n2\n3,Drei.,zu,viel\n"
    found = read_all(tmp_path / "a.csv", data)
    assert [i.id for i in found if isinstance(i, Article)] == ["1", "3"]
    failed = [Path(i.source).name for i in found if isinstance(i, Failure)]
    assert failed == ["a.csv:3", "a.csv:5"]


@pytest.mark.parametrize("data", [b"", b"id,text\n", b"\n\n", b"\xff\xfe", bytes(range(256))])
def test_a_table_without_rows_is_a_failure(tmp_path: Path, data: bytes) -> None:
    assert all(isinstance(item, Failure) for item in read_all(tmp_path / "a.csv", data))
    assert read_all(tmp_path / "a.csv", data)


def test_rows_come_one_at_a_time() -> None:
    text = io.StringIO("id,text\n" + "".join(f"{n},{'x' * 1_000}\n" for n in range(1_000)))
    next(rows(text))
    assert text.tell() < 100_000


def test_a_quote_that_never_ends_is_a_failure_not_a_full_memory(tmp_path: Path) -> None:
    found = read_all(tmp_path / "a.csv", b'id,text\n1,Eins.\n2,"' + b"x\n" * 3_000_000)
    assert [type(item) for item in found] == [Article, Failure]


def test_a_line_that_never_ends_is_a_failure_not_a_full_memory(tmp_path: Path) -> None:
    (failure,) = read_all(tmp_path / "a.csv", b"id,text\n" + b"x" * 9_000_000)
    assert isinstance(failure, Failure)
    assert "line of more than" in failure.error
    with pytest.raises(SourceError, match="line of more than"):
        list(bounded_lines(io.BytesIO(bytes(100)), most=10))


@settings(database=None, max_examples=200)
@given(st.text(max_size=200))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    try:
        found = list(rows(io.StringIO(text, newline="")))
    except SourceError:
        return
    assert all(cell.strip() for _, row in found for cell in row.values())
