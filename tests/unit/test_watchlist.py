"""The watch file: short to write, and every mistake is told by its place."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.watching.watchlist import EXAMPLE, Kind, Source, load_watchlist, parse_watchlist
from vectorstore.errors import SettingsError

FILE = Path("/news/sources.toml")
FEED = "https://bote.example/feed.xml"


def sources(text: str) -> tuple[Source, ...]:
    return parse_watchlist(text, FILE).sources


def refused(text: str) -> str:
    """What the user is told of a file that makes no sense."""
    with pytest.raises(SettingsError) as caught:
        parse_watchlist(text, FILE)
    assert "sources.toml" in str(caught.value)
    return str(caught.value)


def with_line(written: str) -> str:
    return f'[[source]]\nfeed = "{FEED}"\n{written}\n'


# -- what can be written ---------------------------------------------------------------


def test_an_address_alone_is_enough() -> None:
    assert sources(f'[[source]]\nfeed = "{FEED}"') == (Source(FEED, Kind.FEED, FEED, 900.0),)


def test_every_kind_has_an_interval_that_fits_it() -> None:
    found = sources(
        f"""
        [[source]]
        feed = "{FEED}"
        [[source]]
        sitemap = "https://bote.example/sitemap.xml"
        [[source]]
        page = "https://bote.example/impressum"
        [[source]]
        folder = "articles"
        """
    )
    assert [source.interval for source in found] == [900, 21_600, 21_600, 3_600]


def test_what_a_source_leaves_open_the_defaults_say() -> None:
    first, second = sources(
        f"""
        [defaults]
        interval = "2h"
        language = "de"
        topic = "Lokales"
        [[source]]
        feed = "{FEED}"
        [[source]]
        folder = "in"
        name = "Eingang"
        interval = 90
        language = "EN_gb"
        topic = "Politik"
        prune = true
        """
    )
    assert (first.interval, first.language, first.topic) == (7_200, "de", "Lokales")
    place = "/news/in"
    assert second == Source("Eingang", Kind.FOLDER, place, 90.0, "en-gb", "Politik", True)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [('"30s"', 30), ('"15m"', 900), ('"2 h"', 7_200), ('"1d"', 86_400), ("45", 45), ("1.5", 1.5)],
)
def test_intervals_are_written_as_people_do(written: str, seconds: float) -> None:
    assert sources(with_line(f"interval = {written}"))[0].interval == seconds


def test_folders_are_relative_to_the_file_or_to_the_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ines")
    text = '[[source]]\nfolder = "%s"'
    assert sources(text % "../texte/")[0].place == "/texte"
    assert sources(text % "~/texte")[0].place == "/home/ines/texte"
    assert sources(text % "/srv/texte")[0].place == "/srv/texte"


def test_the_example_that_users_are_shown_is_understood() -> None:
    assert [source.kind for source in sources(EXAMPLE)] == [Kind.FEED, Kind.FOLDER]


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "w.toml"
    file.write_bytes(b"\xef\xbb\xbf" + EXAMPLE.encode())
    assert load_watchlist(file).sources[1].place == str(tmp_path / "articles")


# -- what is refused -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("intervall = 3", '[[source]] 1: "intervall" is not understood. Use feed, '),
        ('interval = "soon"', "the interval is none. Write "),
        ("interval = 0", "the interval is none"),
        ("interval = true", "the interval is none"),
        ("interval = nan", "the interval is none"),
        (f"interval = {'9' * 400}", "the interval is none"),
        ('interval = "999999d"', "the interval is none"),
        ('language = "Deutsch!"', 'no code such as "de"'),
        ("language = 7", 'language = "..."'),
        ('topic = " "', 'topic = "..."'),
        ('prune = "yes"', "prune = true or prune = false"),
        ('page = "https://bote.example/"', "exactly one of feed, sitemap, page or folder"),
    ],
)
def test_a_line_that_makes_no_sense_is_told_with_its_table(line: str, told: str) -> None:
    message = refused(with_line(line))
    assert "[[source]] 1: " in message
    assert told in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "names no source. Write, say:"),
        ("[defaults]", "names no source"),
        ("[source]\nfeed = 'x'", "two brackets"),
        ("[[source]]\nname = 'x'", "exactly one of"),
        ("[[source]]\nfeed = 'bote.example/feed'", 'feed = "https://..."'),
        ("[[source]]\nfeed = 7", 'feed = "..."'),
        ("[[source]]\nfolder = 'https://bote.example/'", "is no path"),
        ('[[source]]\nfolder = "a\\u0000b"', "is no path"),
        ("[default]\n", '"default" is not understood'),
        ("defaults = 3\n", "write it as a table"),
        ("source = [3]\n", "write it as a table"),
        ("[defaults]\nprune = true\n" + with_line(""), '[defaults]: "prune" is not understood'),
        ("[[source]]\nfeed = x", "is no TOML: look at line 2, column 8"),
        ("[[source]]\nfeed = ", "is no TOML: look at its end"),
        ("[" * 5_000, "is no TOML"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_with_what_to_write(text: str, told: str) -> None:
    assert told in refused(text)


def test_what_is_there_twice_is_refused() -> None:
    twice = with_line("") + '[[source]]\nfolder = "a"\n' + with_line('name = "B"')
    assert "[[source]] 3: it is the same as number 1" in refused(twice)
    namesakes = with_line('name = "A"') + '[[source]]\nfolder = "a"\nname = "A"\n'
    assert "[[source]] 2: it is called like number 1" in refused(namesakes)
    assert "called like" in refused(
        f'[[source]]\nfeed = "{FEED}?a=1"\n[[source]]\nfeed = "{FEED}?a=2"'
    )


@pytest.mark.parametrize(
    "text",
    [
        "[[source]]\nfeed = 'https://ines:sesam@bote.example/'",
        "[[source]]\nfeed = 'https://ines:sesam/w@bote.example/'",
        "[[source]]\nfeed = 'ftp://ines:sesam@bote.example/'",
        "[[source]]\nfeed = https://ines:sesam@bote.example/",
        "[[source]]\n'https://ines:sesam@bote.example/' = 1",
        "[[source]]\nfeed = {x = 1, x = 'ines:sesam'}",
        "[[source]]\nfolder = 'https://ines:sesam@bote.example/'",
    ],
)
def test_no_message_holds_a_password(text: str) -> None:
    assert "sesam" not in refused(text)


def test_a_query_that_may_be_a_key_is_asked_but_never_part_of_the_name() -> None:
    (found,) = sources(f'[[source]]\nfeed = "{FEED}?key=sesam"')
    assert found.place.endswith("?key=sesam")
    assert "sesam" not in found.name


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "latin.toml").write_bytes("# März".encode("latin-1"))
    for name, told in (("none.toml", "can't be read"), ("latin.toml", "UTF-8")):
        with pytest.raises(SettingsError, match=told) as caught:
            load_watchlist(tmp_path / name)
        assert name in str(caught.value)


def outcome(text: str) -> tuple[str, tuple[Source, ...] | None]:
    """Why a file is refused, or what it lists."""
    try:
        return "", sources(text)
    except SettingsError as error:
        return str(error), None


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(codec="utf-8", exclude_characters="\"\\'"), max_size=20)
    | st.sampled_from(["https://[", "https://a:b:c/", "http://x:99999/", "1d", "de", "~x"]),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=3,
)


def toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        escaped = "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in value)
        return f'"{escaped}"'
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return "{}" if value is None else str(value)


@given(st.dictionaries(st.sampled_from([*Kind, "name", "interval", "topic", "x"]), VALUES))
def test_any_table_is_understood_or_refused(values: dict[str, object]) -> None:
    text = "[[source]]\n" + "\n".join(f"{key} = {toml(value)}" for key, value in values.items())
    message, found = outcome(text)
    assert "[[source]] 1: " in message if found is None else found[0].name and found[0].interval > 0


@given(st.text())
def test_any_text_is_understood_or_refused(text: str) -> None:
    message, found = outcome(text)
    assert message or found
