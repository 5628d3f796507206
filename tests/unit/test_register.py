"""What is known of a home when its catalogue can't be read."""

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vectorstore.register import Kept, Kind, Register

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(["catalogue", "kept", "path", "made", "kind", "articles"]), inner
        )
    ),
)


def copy(path: Path, made: str = "2026-03-18T12:00:00+00:00", kind: Kind = Kind.BACKUP) -> Kept:
    """A copy that exists."""
    path.touch()
    return Kept(path, made, kind, 3)


def test_copies_are_listed_newest_first_as_long_as_they_exist(tmp_path: Path):
    register = Register(tmp_path / "home")
    old = copy(tmp_path / "old.db", "2026-03-17T12:00:00+00:00")
    first, second = copy(tmp_path / "first.db"), copy(tmp_path / "second.db", kind=Kind.AUTOMATIC)
    for kept in (first, old, second):
        register.note(kept)
    assert register.kept() == [second, first, old]
    second.path.unlink()
    assert register.kept() == [first, old]


def test_a_copy_that_is_written_again_is_listed_once(tmp_path: Path):
    register = Register(tmp_path)
    register.note(copy(tmp_path / "a.db", "2026-03-17T12:00:00+00:00"))
    newer = copy(tmp_path / "a.db")
    register.note(newer)
    assert register.kept() == [newer]


def test_a_copy_can_be_forgotten(tmp_path: Path):
    register = Register(tmp_path)
    kept = copy(tmp_path / "a.db")
    register.note(kept)
    register.forget(kept.path)
    register.forget(tmp_path / "never.db")
    assert register.kept() == []


def test_a_name_that_is_no_text_is_kept(tmp_path: Path):
    kept = copy(tmp_path / "a\udcff\n.db")
    Register(tmp_path).note(kept)
    assert Register(tmp_path).kept() == [kept]


def test_the_catalogue_is_known_after_copies_were_noted(tmp_path: Path):
    register = Register(tmp_path)
    assert register.catalogue is None
    register.note_catalogue("abc")
    register.note(copy(tmp_path / "a.db"))
    assert Register(tmp_path).catalogue == "abc"


@given(JSON)
def test_whatever_stands_in_the_file_it_counts_as_empty_or_is_understood(
    tmp_path_factory: pytest.TempPathFactory, content: object
):
    home = tmp_path_factory.mktemp("home")
    (home / "register").write_text(json.dumps(content))
    register = Register(home)
    register.kept()
    register.note_catalogue("abc")
    assert Register(home).catalogue == "abc"


@pytest.mark.parametrize("junk", [b"", b"\xff\xfe", b"{", b"[" * 100_000, b"\0" * 4096])
def test_a_broken_file_counts_as_empty_and_is_replaced(tmp_path: Path, junk: bytes):
    (tmp_path / "register").write_bytes(junk)
    assert Register(tmp_path).kept() == []
    kept = copy(tmp_path / "a.db")
    Register(tmp_path).note(kept)
    assert Register(tmp_path).kept() == [kept]


def test_what_several_note_at_once_is_all_there(tmp_path: Path):
    copies = [copy(tmp_path / f"{n}.db") for n in range(8)]
    threads = [threading.Thread(target=Register(tmp_path).note, args=(kept,)) for kept in copies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(Register(tmp_path).kept()) == set(copies)
