"""The file that names what is watched: TOML to frozen values, each mistake told by its place."""

import math
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag

from ingest.articles import line, web_address
from ingest.files.url_list import is_address, shown
from ingest.web.fetch import shown_address
from vectorstore.errors import SettingsError

EXAMPLE = """\
[defaults]
language = "de"

[[source]]
feed = "https://tagesblatt.example/feed.xml"
name = "Tagesblatt"
interval = "15m"

[[source]]
folder = "articles"
prune = true
"""

SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
SHORTEST, LONGEST = 1.0, 366 * 86_400.0  # seconds from one look at a source to the next

_INTERVAL = re.compile(r"(\d{1,6})\s*([smhd])")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_WHERE = re.compile(r"\(at (line \d+, column \d+|end of document)\)")
_DEFAULTS = ("interval", "language", "topic")


class Kind(StrEnum):
    """What a source is; the key that it is written with."""

    FEED = "feed"
    SITEMAP = "sitemap"
    PAGE = "page"
    FOLDER = "folder"


USUAL = {
    Kind.FEED: 15 * 60.0,
    Kind.SITEMAP: 6 * 3_600.0,
    Kind.PAGE: 6 * 3_600.0,
    Kind.FOLDER: 3_600.0,  # changes are noticed at once; this is for what escapes notice
}
_KEYS = (*Kind, "name", *_DEFAULTS, "prune")


@dataclass(frozen=True, slots=True)
class Source:
    """One source: an address, or the absolute path of a folder; `interval` in seconds.

    `name` is fit to be shown, and no two sources of a list share it.
    """

    name: str
    kind: Kind
    place: str
    interval: float
    language: str | None = None
    topic: str | None = None
    prune: bool = False


@dataclass(frozen=True, slots=True)
class Watchlist:
    """The sources of a file, in its order."""

    path: Path
    sources: tuple[Source, ...]


def load_watchlist(path: Path) -> Watchlist:
    """The list in a file; SettingsError says what is wrong with it and what to write instead."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError(f"The watch file {path} is not written in UTF-8.") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "its name makes no sense"
        raise SettingsError(f"The watch file {path} can't be read ({reason}).") from None
    return parse_watchlist(text, path)


def parse_watchlist(text: str, path: Path) -> Watchlist:
    """The list that is written in a text; folders are relative to the folder of `path`."""
    try:
        tables = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        # the message itself may quote the file, and with it a password
        where = _WHERE.search(str(error))
        at = where[1] if where else "its brackets and quotes"
        raise SettingsError(
            f"The watch file {path} is no TOML: look at {at.replace('end of document', 'its end')}."
        ) from None
    if unknown := sorted(set(tables) - {"defaults", "source"}):
        raise SettingsError(
            f"{path}: {_key(unknown[0])} is not understood; a watch file has [defaults] and "
            "[[source]] tables."
        )
    defaults = _Table(f"{path}, [defaults]", tables.get("defaults", {}), _DEFAULTS)
    found = tables.get("source", [])
    if not isinstance(found, list):
        raise SettingsError(f"{path}: write [[source]] with two brackets on each side.")
    if not found:
        raise SettingsError(f"{path} names no source. Write, say:\n\n{EXAMPLE}")
    sources = tuple(
        _source(_Table(f"{path}, [[source]] {number}", table, _KEYS), defaults, path.parent)
        for number, table in enumerate(found, 1)
    )
    _refuse_doubles(sources, path)
    return Watchlist(path, sources)


class _Table:
    """One table of the file, whose values are looked at one by one; `where` begins each error."""

    def __init__(self, where: str, values: object, keys: tuple[str, ...]) -> None:
        self.where = where
        if not isinstance(values, Mapping):
            raise self.wrong("write it as a table, with a line for each key.")
        self.values: Mapping[str, Any] = values
        if unknown := sorted(set(values) - set(keys)):
            raise self.wrong(f"{_key(unknown[0])} is not understood. Use {_listed(keys)}.")

    def wrong(self, what: str) -> SettingsError:
        return SettingsError(f"{self.where}: {what}")

    def text(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or line(value) is None:
            raise self.wrong(f'write a text in quotes: {key} = "...".')
        return line(value)

    def language(self) -> str | None:
        code = (self.text("language") or "").replace("_", "-").lower()
        if code and not _LANGUAGE.fullmatch(code):
            raise self.wrong('the language is no code such as "de" or "en".')
        return code or None

    def interval(self) -> float | None:
        value = self.values.get("interval")
        if value is None:
            return None
        seconds = math.nan
        if isinstance(value, int | float) and not isinstance(value, bool):
            seconds = float(value) if abs(value) <= LONGEST else math.inf
        elif isinstance(value, str) and (match := _INTERVAL.fullmatch(value.strip())):
            seconds = float(match[1]) * SECONDS[match[2]]
        if not SHORTEST <= seconds <= LONGEST:
            raise self.wrong('the interval is none. Write "30s", "15m", "2h", "1d" or seconds.')
        return seconds

    def prune(self) -> bool:
        value = self.values.get("prune", False)
        if not isinstance(value, bool):
            raise self.wrong("write prune = true or prune = false.")
        return value


def _source(table: _Table, defaults: _Table, base: Path) -> Source:
    kinds = [kind for kind in Kind if kind in table.values]
    if len(kinds) != 1:
        raise table.wrong(f"name exactly one of {_listed(tuple(Kind))}.")
    (kind,) = kinds
    place = table.values[kind]
    if not isinstance(place, str) or not place.strip():
        raise table.wrong(f'write a text in quotes: {kind} = "...".')
    place = _folder(table, place, base) if kind is Kind.FOLDER else _address(table, kind, place)
    shown_place = place if kind is Kind.FOLDER else shown_address(place)
    return Source(
        name=table.text("name") or shown_place,
        kind=kind,
        place=place,
        interval=table.interval() or defaults.interval() or USUAL[kind],
        language=table.language() or defaults.language(),
        topic=table.text("topic") or defaults.text("topic"),
        prune=table.prune(),
    )


def _address(table: _Table, kind: Kind, text: str) -> str:
    address = web_address(text)
    if address is None or not is_address(address) or shown_address(address)[:4] != "http":
        raise table.wrong(f'the {kind} is no web address. Write {kind} = "https://...".')
    if shown(address) != address:
        raise table.wrong(
            "addresses with a user name or a password are not fetched. Write it without."
        )
    return urldefrag(address).url


def _folder(table: _Table, text: str, base: Path) -> str:
    if _CONTROL.search(text) or is_address(text):
        raise table.wrong('the folder is no path. Write folder = "articles", or an absolute path.')
    return os.path.normpath(os.path.join(os.path.abspath(base), os.path.expanduser(text)))


def _refuse_doubles(sources: tuple[Source, ...], path: Path) -> None:
    places: dict[str, int] = {}
    names: dict[str, int] = {}
    for number, source in enumerate(sources, 1):
        first = places.setdefault(source.place, number)
        if first != number:
            raise SettingsError(
                f"{path}, [[source]] {number}: it is the same as number {first}. Remove one."
            )
        first = names.setdefault(source.name, number)
        if first != number:
            raise SettingsError(
                f"{path}, [[source]] {number}: it is called like number {first}. "
                'Give it another: name = "...".'
            )


def _key(key: str) -> str:
    """A key fit to be shown: who forgets the quotes may have written an address as one."""
    return f'"{key}"' if re.fullmatch(r"[\w-]{1,40}", key) else "A key"


def _listed(keys: tuple[str, ...]) -> str:
    return f"{', '.join(keys[:-1])} or {keys[-1]}"
