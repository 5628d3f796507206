"""Archives and packed files are read in memory; nothing in them becomes a path or a bomb."""

import gzip
import io
import json
import stat
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.files import archives, reading
from ingest.sources import Failure, read
from vectorstore.models import Article

PROSE = "Die Fähre fährt seit Montag mit Strom. Sie fasst 220 Gäste."
PAGE = (
    '<html lang="de"><head><title>Fähre</title></head><body><article><h1>Fähre</h1>'
    f"<p>{PROSE}</p><p>Sie ist leise, sagte Kapitänin Gesche Ludwig.</p></article></body></html>"
)


def packed(*members: tuple[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return file.getvalue()


def read_all(path: Path, data: bytes | None = None) -> list[Article | Failure]:
    if data is not None:
        path.write_bytes(data)

    def follow(address: str) -> Iterator[Article | Failure]:
        yield Failure(address, "followed")

    return list(read(str(path), io.BytesIO(), follow=follow))


def texts(found: list[Article | Failure]) -> list[str]:
    return [item.text for item in found if isinstance(item, Article)]


def failures(found: list[Article | Failure]) -> list[tuple[str, str]]:
    return [(i.source.partition("!")[2], i.error) for i in found if isinstance(i, Failure)]


# -- ZIP ------------------------------------------------------------------------


def test_an_archive_brings_what_its_files_would(tmp_path: Path) -> None:
    record = json.dumps({"id": "a", "text": "Eins."})
    data = packed(
        ("a.txt", PROSE),
        ("news/b.html", PAGE),
        ("c.jsonl", f"{record}\n{{\n"),
        ("d.csv", "id;text\nd;Vier."),
        ("e.html.gz", gzip.compress(PAGE.encode())),
        ("f.png", b"\x89PNG"),
        ("g.urls", "https://bote.example/g"),
    )
    found = read_all(tmp_path / "a.zip", data)
    one, page, *rest, packed_page = texts(found)
    assert (one, rest, page) == (PROSE, ["Eins.", "Vier."], packed_page)
    assert PROSE in page
    assert [source for source, _ in failures(found)] == ["c.jsonl:2", ""]
    assert found[-1] == Failure("https://bote.example/g", "followed")


def test_a_member_has_one_identity_in_every_run_and_another_than_its_neighbours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(("a/x.txt", PROSE), ("b/x.txt", PROSE))
    one = [item.id for item in read_all(tmp_path / "a.zip", data) if isinstance(item, Article)]
    monkeypatch.chdir(tmp_path)
    two = [item.id for item in read_all(Path("a.zip")) if isinstance(item, Article)]
    assert one == two
    assert len(set(one)) == 2


def test_a_members_name_is_shown_and_never_a_path(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim")
    names = ("../secret.txt", str(secret), "..\\..\\x.txt", "C:\\x.txt", "a\x1b[31m\u202e.txt")
    folder = tmp_path / "in"
    folder.mkdir()
    before = sorted(tmp_path.rglob("*"))
    found = read_all(folder / "a.zip", packed(*((name, "") for name in names)))
    assert [n for n, _ in failures(found)] == [*names[:4], "a\ufffd[31m\ufffd.txt"]
    found = read_all(
        folder / "a.zip", packed(*((name, f"Aus {n}") for n, name in enumerate(names)))
    )
    assert texts(found) == [f"Aus {n}" for n in range(5)]
    assert sorted(tmp_path.rglob("*")) == sorted([*before, folder / "a.zip"])


def test_a_link_in_an_archive_leads_nowhere(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert texts(read_all(tmp_path / "a.zip", file.getvalue())) == ["/etc/passwd"]


def test_hidden_members_and_those_of_a_mac_are_passed_over(tmp_path: Path) -> None:
    data = packed((".a.txt", "x"), ("__MACOSX/b.txt", "x"), (".git/c.txt", "x"), ("d.txt", PROSE))
    found = read_all(tmp_path / "a.zip", data)
    assert (texts(found), failures(found)) == ([PROSE], [])


def test_an_archive_in_an_archive_is_not_opened(tmp_path: Path) -> None:
    data = packed(("in.zip", packed(("a.txt", PROSE))), ("b.txt", PROSE))
    found = read_all(tmp_path / "a.zip", data)
    assert texts(found) == [PROSE]
    ((name, error),) = failures(found)
    assert name == "in.zip"
    assert "archive within an archive" in error


def test_an_archive_without_articles_is_a_failure(tmp_path: Path) -> None:
    (failure,) = read_all(tmp_path / "a.zip", packed(("a.png", b"x")))
    assert isinstance(failure, Failure)
    assert "no article" in failure.error


def test_a_locked_member_does_not_stop_the_rest(tmp_path: Path) -> None:
    data = bytearray(packed(("a.txt", PROSE), ("b.txt", PROSE)))
    central = data.index(b"PK\x01\x02")
    data[central + 8] |= 1
    found = read_all(tmp_path / "a.zip", bytes(data))
    assert texts(found) == [PROSE]
    assert failures(found) == [("a.txt", "It is locked with a password.")]


def test_a_member_that_is_packed_in_an_unknown_way_is_a_failure(tmp_path: Path) -> None:
    data = bytearray(packed(("a.txt", PROSE), ("b.txt", PROSE)))
    for mark, at in ((b"PK\3\4", 8), (b"PK\1\2", 10)):  # where either header names the method
        data[data.index(mark) + at] = 99
    found = read_all(tmp_path / "a.zip", bytes(data))
    assert texts(found) == [PROSE]
    assert failures(found) == [("a.txt", "It is packed in a way that can't be unpacked here.")]


def test_a_damaged_member_does_not_stop_the_rest(tmp_path: Path) -> None:
    data = bytearray(packed(("a.txt", PROSE * 9), ("b.txt", PROSE), ("c.jsonl", PROSE * 9)))
    data[45] ^= 0xFF
    at = data.index(b"c.jsonl") + 12
    data[at] ^= 0xFF
    found = read_all(tmp_path / "a.zip", bytes(data))
    assert texts(found) == [PROSE]
    assert {name for name, _ in failures(found)} == {"a.txt", "c.jsonl"}


@pytest.mark.parametrize(
    "data",
    [b"", b"PK", b"PK\x03\x04" + bytes(99), packed(("a", b""))[:-9]],
    ids=["nothing", "two bytes", "a header", "cut off"],  # the bytes hold the time of day
)
def test_what_is_no_archive_is_a_failure(tmp_path: Path, data: bytes) -> None:
    (failure,) = read_all(tmp_path / "a.zip", data)
    assert isinstance(failure, Failure)
    assert "damaged" in failure.error


@settings(database=None, max_examples=60)
@given(st.integers(0, 400), st.binary(min_size=1, max_size=4))
def test_an_archive_with_any_bytes_hurt_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, at: int, hurt: bytes
) -> None:
    data = bytearray(packed(("a.txt", PROSE), ("b.jsonl", '{"id": "b", "text": "Zwei."}')))
    data[at : at + len(hurt)] = hurt
    found = read_all(tmp_path_factory.getbasetemp() / "hurt.zip", bytes(data))
    assert all(isinstance(item, Article | Failure) for item in found)


# -- bombs ----------------------------------------------------------------------


def test_a_bomb_is_refused_and_named(tmp_path: Path) -> None:
    data = packed(("a.txt", b" " * 40 * 2**20), ("b.txt", PROSE))
    (failure,) = read_all(tmp_path / "a.zip", data)
    assert isinstance(failure, Failure)
    assert "as a bomb does" in failure.error


def test_many_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    data = bytearray(packed(("a.txt", PROSE * 20_000)))
    central, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    entry = bytes(data[central:end])
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, 2_000, 2_000, len(entry) * 2_000)
    (failure,) = read_all(tmp_path / "a.zip", bytes(data[:central]) + entry * 2_000 + bytes(tail))
    assert isinstance(failure, Failure)
    assert "as a bomb does" in failure.error


def test_a_member_that_hides_its_size_is_not_unpacked_beyond_it(tmp_path: Path) -> None:
    data = bytearray(packed(("a.txt", b"x" * 10_000_000)))
    central = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, central + 24, 100)
    (failure,) = read_all(tmp_path / "a.zip", bytes(data))
    assert isinstance(failure, Failure)


def test_too_many_and_too_large_members_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(*((f"{n}.txt", PROSE) for n in range(4)))
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    (failure,) = read_all(tmp_path / "a.zip", data)
    assert isinstance(failure, Failure)
    assert "more than 3 files" in failure.error
    monkeypatch.setattr(archives, "MOST_MEMBERS", 9)
    monkeypatch.setattr(reading, "LARGEST", 20)
    assert len(failures(read_all(tmp_path / "a.zip", data))) == 4
    monkeypatch.setattr(archives, "LARGEST_TOTAL", 100)
    assert len(read_all(tmp_path / "a.zip", data)) == 1


# -- gzip -----------------------------------------------------------------------


def test_packed_files_are_read_as_if_they_were_not(tmp_path: Path) -> None:
    lines = b'{"id": "a", "text": "Eins."}\n{"id": "b", "text": "Zwei."}'
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines[:20]) + gzip.compress(lines[20:]))
    (tmp_path / "b.HTM.GZ").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(b"id,text\nc,Drei."))
    (tmp_path / "d.zip.gz").write_bytes(b"x")
    found = read_all(tmp_path)
    one, two, page, three = texts(found)
    assert (one, two, three) == ("Eins.", "Zwei.", "Drei.")
    assert PROSE in page
    assert failures(found) == []


@pytest.mark.parametrize("name", ["a.html.gz", "a.jsonl.gz", "a.csv.gz", "a.txt.gz"])
@pytest.mark.parametrize("data", [b"", b"x", gzip.compress(PAGE.encode() * 9)[:-20]], ids=range(3))
def test_a_damaged_packed_file_is_a_failure(tmp_path: Path, name: str, data: bytes) -> None:
    found = read_all(tmp_path / name, data)
    assert found
    assert isinstance(found[-1], Failure)


@pytest.mark.parametrize("name", ["a.html.gz", "a.jsonl.gz", "a.csv.gz"])
def test_a_packed_bomb_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 2**20)
    (failure,) = read_all(tmp_path / name, gzip.compress(bytes(30 * 2**20)))
    assert isinstance(failure, Failure)


# -- feeds, sitemaps and lists saved as files ------------------------------------


def test_a_saved_feed_gives_what_it_carries_and_leads_to_the_rest(tmp_path: Path) -> None:
    feed = (
        "<rss version='2.0' xmlns:c='http://purl.org/rss/1.0/modules/content/'><channel>"
        "<title>Bote</title><link>https://bote.example</link>"
        f"<item><title>Fähre</title><link>/a</link><c:encoded>&lt;p&gt;{PROSE}&lt;/p&gt;"
        "</c:encoded></item><item><link>/b</link></item><item><title>Leer</title></item>"
        f"<item><description>{PROSE}</description></item></channel></rss>"
    )
    found = read_all(tmp_path / "a.rss", feed.encode())
    assert texts(found) == [PROSE, PROSE]
    assert isinstance(found[0], Article)
    assert (found[0].url, found[0].title) == ("https://bote.example/a", "Fähre")
    assert found[1] == Failure("https://bote.example/b", "followed")
    assert isinstance(found[2], Failure)
    assert found[2].source == f"{tmp_path / 'a.rss'}:3"


def test_a_saved_json_feed_is_a_feed(tmp_path: Path) -> None:
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Bote",
        "items": [{"id": "1", "content_text": PROSE}, {"id": "2", "url": "https://bote.example/2"}],
    }
    found = read_all(tmp_path / "a.json", json.dumps(feed).encode())
    assert texts(found) == [PROSE]
    assert found[1] == Failure("https://bote.example/2", "followed")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.xml", "<urlset><url><loc>https://bote.example/1</loc></url></urlset>"),
        (
            "a.xml",
            "<sitemapindex><sitemap><loc>https://bote.example/1</loc></sitemap></sitemapindex>",
        ),
        ("a.txt", "# Seiten\nhttps://bote.example/1\n"),
        ("a.list", "https://bote.example/1"),
    ],
)
def test_saved_sitemaps_and_lists_lead_to_their_pages(tmp_path: Path, name: str, data: str) -> None:
    followed = [Failure("https://bote.example/1", "followed")]
    assert read_all(tmp_path / name, data.encode()) == followed
    assert read_all(tmp_path / f"{name}.gz", gzip.compress(data.encode())) == followed


def test_other_xml_is_a_failure(tmp_path: Path) -> None:
    (failure,) = read_all(tmp_path / "a.xml", b"<note>x</note>")
    assert isinstance(failure, Failure)
    assert "neither a feed nor a sitemap" in failure.error
