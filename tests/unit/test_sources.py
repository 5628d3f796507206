"""What the user names becomes a stream of articles and failures, in a fixed order."""

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from ingest.sources import Failure, origin, read
from vectorstore.models import Article


def lines(*records: dict[str, Any] | bytes) -> bytes:
    return b"".join(
        (r if isinstance(r, bytes) else json.dumps(r, ensure_ascii=False).encode()) + b"\n"
        for r in records
    )


def texts(found: list[Article | Failure]) -> list[str]:
    return [item.text for item in found if isinstance(item, Article)]


def failures(found: list[Article | Failure]) -> list[Failure]:
    return [item for item in found if isinstance(item, Failure)]


def read_all(source: str | Path, stdin: bytes = b"") -> list[Article | Failure]:
    return list(read(str(source), io.BytesIO(stdin)))


# -- folders --------------------------------------------------------------------


def test_a_folder_is_read_to_the_bottom_in_a_fixed_order(tmp_path: Path) -> None:
    for name in ("z.txt", "a/2.md", "a/1.txt", "B.TXT", "b/c/x.jsonl", "a/b/0.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = lines({"id": "x", "text": name}) if name.endswith("l") else name.encode()
        path.write_bytes(data)
    order = ["B.TXT", "z.txt", "a/1.txt", "a/2.md", "a/b/0.txt", "b/c/x.jsonl"]
    assert texts(read_all(tmp_path)) == texts(read_all(tmp_path)) == order


def test_hidden_and_unknown_files_of_a_folder_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/a.txt", ".b.txt", "c.png", "d", "e.txt"):
        (tmp_path / name).write_text(name)
    found = read_all(tmp_path)
    assert texts(found) == ["e.txt"]
    assert failures(found) == []


def test_a_folder_without_articles_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"x")
    (failure,) = failures(read_all(tmp_path))
    assert failure.source == str(tmp_path)
    assert "no article" in failure.error
    assert ".jsonl" in failure.error


def test_a_bad_file_does_not_stop_the_folder(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").symlink_to("nowhere.txt")
    (tmp_path / "c.txt").symlink_to("c.txt")
    (tmp_path / "d.txt").write_text("gut")
    found = read_all(tmp_path)
    assert texts(found) == ["gut"]
    assert [Path(f.source).name for f in failures(found)] == ["a.txt", "b.txt", "c.txt"]


def test_a_folder_that_cannot_be_read_does_not_stop_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a/1.txt", "b/2.txt", "c/3.txt"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(name)
    scandir = os.scandir

    def guarded(path: str) -> Any:  # root reads whatever chmod forbids
        if Path(path).name == "b":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found = read_all(tmp_path)
    assert texts(found) == ["a/1.txt", "c/3.txt"]
    assert failures(found) == [
        Failure(str(tmp_path / "b"), "It can't be read (Permission denied).")
    ]


def test_a_file_name_that_is_no_unicode_is_read(tmp_path: Path) -> None:
    path = os.path.join(os.fsencode(tmp_path), b"M\xfcnze.txt")
    with open(path, "wb") as file:
        file.write(b"Die M\xfcnze ist alt.")
    (found,) = read_all(tmp_path)
    assert isinstance(found, Article)
    assert found.text == "Die Münze ist alt."
    with open(path, "wb"):
        pass
    (failure,) = failures(read_all(tmp_path))
    assert failure.source == str(tmp_path / "M\ufffdnze.txt")


# -- files ----------------------------------------------------------------------


def test_a_missing_file_is_a_failure_by_the_name_given() -> None:
    assert read_all("no/such.txt") == [Failure("no/such.txt", "There is no such file or folder.")]


def test_a_file_of_an_unknown_kind_is_a_failure_that_names_the_known(tmp_path: Path) -> None:
    (tmp_path / "a.odt").write_bytes(b"x")
    (failure,) = failures(read_all(tmp_path / "a.odt"))
    assert "not understood" in failure.error
    assert ".txt" in failure.error


def test_a_name_too_long_for_the_system_is_a_failure() -> None:
    assert len(failures(read_all("a" * 5_000 + ".txt"))) == 1


def test_suffixes_are_known_in_any_case(tmp_path: Path) -> None:
    for name in ("A.TXT", "b.Markdown", "c.NDJSON"):
        (tmp_path / name).write_bytes(lines({"id": "c", "text": "c"}) if "c" in name else b"Text.")
        assert texts(read_all(tmp_path / name))


def test_a_binary_file_named_txt_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "bild.txt"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x01\0")
    assert read_all(path) == [Failure(str(path), "The file holds binary data, not text.")]


# -- JSON lines -----------------------------------------------------------------


def test_a_broken_line_among_good_ones_is_named_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    good = [{"id": str(n), "text": f"Artikel {n}."} for n in range(3)]
    path.write_bytes(lines(good[0], b'{"id": ', b"", good[1], {"text": "x"}, good[2]))
    found = read_all(path)
    assert texts(found) == ["Artikel 0.", "Artikel 1.", "Artikel 2."]
    assert [f.source for f in failures(found)] == [f"{path}:2", f"{path}:5"]


@pytest.mark.parametrize("mark", ["\u2028", "\x85", "\u2029", "\x0b", "\x0c", "\x1e"])
def test_lines_end_in_lf_only(mark: str) -> None:
    data = lines({"id": "a", "title": f"x{mark}y", "text": "Ein\u2028Satz.\x85"})
    assert texts(read_all("-", data)) == ["Ein\u2028Satz.\x85"]


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n", b"\n\n \n"])
def test_the_last_newline_is_optional(end: bytes) -> None:
    data = lines({"id": "a", "text": "Eins."}, {"id": "b", "text": "Zwei."}).rstrip()
    found = read_all("-", data + end)
    assert (texts(found), failures(found)) == (["Eins.", "Zwei."], [])


def test_crlf_ends_a_line_too() -> None:
    data = lines({"id": "a", "text": "Eins."}, {"id": "b", "text": "Zwei."})
    assert texts(read_all("-", data.replace(b"\n", b"\r\n"))) == ["Eins.", "Zwei."]


def test_a_byte_order_mark_at_the_start_is_dropped() -> None:
    data = b"\xef\xbb\xbf" + lines({"id": "a", "text": "\ufeffEins."}, {"id": 2, "text": "Zwei."})
    found = read_all("-", data)
    assert texts(found) == ["\ufeffEins.", "Zwei."]
    assert [item.id for item in found if isinstance(item, Article)] == ["a", "2"]


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf\n"])
def test_no_line_at_all_is_a_failure(data: bytes) -> None:
    assert read_all("-", data) == [Failure("-", "There are no articles in it.")]


def test_lines_come_one_at_a_time() -> None:
    def endless() -> Any:
        yield lines({"id": "a", "text": "Eins."})
        raise AssertionError("read ahead")

    assert isinstance(next(read("-", endless())), Article)


# -- origins --------------------------------------------------------------------


def test_a_source_has_one_name_however_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    (tmp_path / "link").symlink_to("news")
    names = {origin(s) for s in ("news", "./news/", "news/../news", str(tmp_path / "news"), "link")}
    assert names == {os.path.realpath(tmp_path / "news")}
    assert origin("-") == "-"


def test_the_name_of_a_source_can_always_be_stored(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert origin(str(tmp_path / "loop"))
    assert origin(b"/M\xfcnze".decode(errors="surrogateescape")).encode()
