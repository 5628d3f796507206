"""A catalogue that is damaged: noticed, never quoted wrongly, and brought back by one command.

A home has a backup and, since then, another article, a new version of one, and one less. Each of
its pages is overwritten in turn. Either all reads as it was, or whoever meets the damage says so
and doctor is not content; then one command brings back what the backup or the rest still holds.
"""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.fault_command import Said, beleg, belegs
from tests.support.kill_inspection import State, inspect_home
from tests.support.kill_ledger import Fault, Ledger
from tests.support.kill_processes import Died
from tests.support.kill_work import news, write_lines

PAGE = 4096
NAMED = "`beleg restore` brings back"

KEPT = {f"a{n}": news(n) for n in range(4)} | {"long": news(50, paragraphs=16)}
OLD = {"changed": news(60), "deleted": news(61)}
NEW: dict[str, State] = {"changed": news(60, version=2), "deleted": None, "later": news(62)}
NOW: dict[str, State] = {**KEPT, **NEW}
THERE = {i: text for i, text in NOW.items() if text is not None}

Damage = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Template:
    """A folder with the home and, beside it, its backup."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / "home"

    def copied(self, folder: Path) -> Path:
        """Copies the home; the backup that it knows is one for all."""
        shutil.rmtree(folder, ignore_errors=True)
        return shutil.copytree(self.home, folder)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    found = Template(tmp_path_factory.mktemp("damage"))
    sources = {"kept": KEPT, "old": OLD, "new": {i: t for i, t in NEW.items() if t is not None}}
    named = {n: write_lines(found.folder / f"{n}.jsonl", texts) for n, texts in sources.items()}
    said = belegs(
        found.home,
        ["ingest", named["kept"], named["old"]],
        ["backup", str(found.folder / "backup.db")],
        ["ingest", named["new"]],
        ["delete", "deleted"],
    )
    assert [one.code for one in said] == [0, 0, 0, 0], said
    assert inspect_home(found.home, NOW) == []
    assert read(found.home) == ([], True, True)
    return found


# -- reading what is damaged ----------------------------------------------------------------------


def read(home: Path) -> tuple[list[str], bool, bool]:
    """Reads a home by every command that reads.

    Complaints of what must never be; whether all was as it is to be; whether doctor is content.
    """
    commands = [["articles", "--json"], *(["show", i, "--json"] for i in THERE)]
    commands += [["search", THERE[i][:200], "--json"] for i in ("a1", "long", "changed", "later")]
    commands += [["ask", THERE[i].split(". ")[0], "--json"] for i in ("a2", "later")]
    said = belegs(home, *commands, ["doctor", "--json"])
    found, whole = [], True
    for command, one in zip(commands, said, strict=False):
        if one.code == 1:
            whole = False
            found += one.complaints(NAMED)
            continue
        wrong = list(_wrong(command, one))
        found += (f"{command[0]}: {told}" for told in wrong if told.startswith("WRONG"))
        whole &= not wrong
    content = _content(said[-1])
    if not whole and content:
        found.append("something is wrong, and doctor is content")
    return found, whole, content


def _content(said: Said) -> bool:
    assert said.code in (0, 1), said
    return bool(said.records[0]["ok"])


def _wrong(command: list[str], said: Said) -> Iterator[str]:
    """What a command that ended well says otherwise than it is. WRONG is what must never be."""
    if command[0] == "articles":
        listed = {record["id"]: record["version"] for record in said.records}
        if not listed:
            yield "WRONG: an empty list"
        if listed != {i: 2 if i == "changed" else 1 for i in THERE}:
            yield f"others are listed: {listed}"
    elif command[0] == "show":
        text = said.records[0]["text"]
        if text != THERE[command[1]]:
            yield f"WRONG: another text of {command[1]}: {text[:80]!r}"
    else:
        yield from _quoted(command[1], said.records[0])


def _quoted(question: str, record: dict[str, Any]) -> Iterator[str]:
    quoted = [
        (q["article_id"], q["start"], q["end"], q.get("text", q.get("quote")))
        for q in record.get("hits", record.get("citations", []))
    ]
    for article_id, start, end, text in quoted:
        if THERE.get(article_id, "")[start:end] != text:
            yield f"WRONG: a quote that isn't in {article_id}: {text[:80]!r}"
    about = next(i for i, text in THERE.items() if text.startswith(question[:60]))
    near = [one["article_id"] for one in record.get("nearest", [])]
    if about not in near and about not in {article_id for article_id, *_ in quoted}:
        yield f"{about} is not found"


# -- bringing it back -----------------------------------------------------------------------------


def brought_back(home: Path) -> list[str]:
    """Complaints after the one command that doctor names."""
    (said,) = belegs(home, ["doctor", "--json"])
    checks = {check["name"]: check for check in said.records[0]["checks"]}
    if checks["catalogue"]["ok"]:
        done = beleg(home, "doctor", "--repair", "--json")
        if done.code != 0:
            return [f"doctor can't repair: {[c for c in done.records[0]['checks'] if not c['ok']]}"]
        return inspect_home(home, NOW, searched=6)
    if "beleg" not in checks["catalogue"]["advice"]:
        return [f"doctor knows no help: {checks['catalogue']}"]
    left = _whole_texts(home / "catalogue.db")
    done = beleg(home, "restore", "--json")
    if done.code != 0:
        return [f"it isn't restored: {done}"]
    (listed,) = belegs(home, ["articles", "--json"])
    versions = {one["id"]: one["version"] for one in listed.records}
    missed = [i for i in left if versions.get(i) != (2 if i == "changed" else 1)]
    found = [f"{i} could be read and isn't saved: {done.out}" for i in missed]
    if len(found) <= done.records[0]["nameless"]:  # its row was whole, but not its name
        found = []
    return [*found, *inspect_home(home, KEPT, since_backup(), searched=4)]


def since_backup() -> Mapping[str, tuple[State, ...]]:
    """What may have become of the articles that the backup has otherwise."""
    return {i: (OLD.get(i), text) for i, text in NEW.items()}


def _whole_texts(catalogue: Path) -> list[str]:
    """The articles newer than the backup whose texts stand whole in what is left of the file."""
    if not catalogue.exists():
        return []
    left = catalogue.read_bytes()
    return [i for i, text in NEW.items() if text is not None and text.encode() in left]


# -- what is done to it ---------------------------------------------------------------------------


def noise(page: int, dice: random.Random) -> Damage:
    def damage(home: Path) -> None:
        _overwrite(home, page * PAGE, dice.randbytes(PAGE))

    return damage


def zeros(page: int) -> Damage:
    return lambda home: _overwrite(home, page * PAGE, bytes(PAGE))


def torn(page: int, dice: random.Random) -> Damage:
    """The second half of a page was never written, or is another page's."""
    return lambda home: _overwrite(home, page * PAGE + PAGE // 2, dice.randbytes(PAGE // 2))


def bit(at: int, number: int) -> Damage:
    def damage(home: Path) -> None:
        content = (home / "catalogue.db").read_bytes()
        _overwrite(home, at, bytes([content[at] ^ 1 << number]))

    return damage


def _overwrite(home: Path, at: int, content: bytes) -> None:
    with (home / "catalogue.db").open("r+b") as file:
        file.seek(at)
        file.write(content)


def pages(home: Path) -> range:
    return range((home / "catalogue.db").stat().st_size // PAGE)


def try_all(
    fault: Fault,
    template: Template,
    folder: Path,
    damages: Iterable[tuple[str, Damage]],
    restored: int = 1,
) -> None:
    """Does each damage to a copy; every `restored`-th is brought back."""
    noticed = 0
    for nth, (name, damage) in enumerate(damages):
        home = template.copied(folder / "home")
        damage(home)
        try:
            found, _, content = read(home)
            noticed += not content
            if nth % restored == 0:
                found += brought_back(home)
        except Died as died:
            found = [str(died)]
        fault.tried(found, name)
    fault.remark = f"{noticed} noticed"


# -- tests ----------------------------------------------------------------------------------------


def test_any_page_of_noise_is_noticed_or_does_no_harm(
    template: Template, tmp_path: Path, ledger: Ledger
) -> None:
    dice = random.Random(1)
    with ledger("a page of the catalogue is noise") as fault:
        damages = ((f"page {p}", noise(p, dice)) for p in pages(template.home)[::7])
        try_all(fault, template, tmp_path, damages, restored=6)


@pytest.mark.slow
@pytest.mark.timeout(400)
@pytest.mark.parametrize("kind", ["noise", "zeros", "torn"])
def test_any_page_that_is_damaged_in_any_way_is_noticed_and_brought_back(
    template: Template, kind: str, tmp_path: Path, ledger: Ledger
) -> None:
    dice = random.Random(2)
    made = {"noise": lambda p: noise(p, dice), "zeros": zeros, "torn": lambda p: torn(p, dice)}
    with ledger(f"a page of the catalogue is {kind}") as fault:
        damages = ((f"page {p}", made[kind](p)) for p in pages(template.home))
        try_all(fault, template, tmp_path, damages)


def change(article_id: str) -> Damage:
    """One letter of a text becomes another."""

    def damage(home: Path) -> None:
        content, text = (home / "catalogue.db").read_bytes(), THERE[article_id].encode()
        word = text[text.index(b" Rat von ") :][:24]
        _overwrite(home, content.index(word) + 12, b"x")

    return damage


CHANGED = ("long", "later")


def test_a_letter_changed_in_a_stored_text_is_noticed_by_its_hash_and_never_quoted(
    template: Template, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("a letter of a stored text is another") as fault:
        damages = ((article_id, change(article_id)) for article_id in CHANGED)
        try_all(fault, template, tmp_path, damages)
    assert fault.remark == f"{len(CHANGED)} noticed"


NONSENSE = {
    "authors": "UPDATE versions SET authors = '5' WHERE article = 2",
    "a text": "UPDATE versions SET text = CAST(x'e4' AS TEXT) WHERE article = 2",
    "a language": "UPDATE versions SET language = CAST(x'e4' AS TEXT) WHERE article = 2",
    "a version": "UPDATE articles SET version = 7 WHERE seq = 2",
    "a vector": "UPDATE vectors SET vector = x'010203' WHERE seq = 2",
    "a vector's kind": "UPDATE vectors SET vector = 5 WHERE seq = 2",
    "spans": "UPDATE sentences SET spans = x'010203' WHERE seq = 2",
    "where it begins": "UPDATE chunks SET start = 'x' WHERE seq = 2",
    "words": "UPDATE words SET vectors = 'x' WHERE seq = 2",
}


def say(statement: str) -> Damage:
    def damage(home: Path) -> None:
        with closing(sqlite3.connect(home / "catalogue.db")) as connection, connection:
            connection.execute(statement)

    return damage


def make_no_sense(
    fault: Fault, template: Template, folder: Path, names: Sequence[str], restored: int
) -> None:
    damages = ((name, say(NONSENSE[name])) for name in names)
    try_all(fault, template, folder, damages, restored)
    assert fault.remark == f"{len(names)} noticed"


def test_rows_that_make_no_sense_are_noticed(
    template: Template, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("rows of the catalogue make no sense") as fault:
        make_no_sense(fault, template, tmp_path, list(NONSENSE)[::2], 5)


@pytest.mark.slow
def test_any_rows_that_make_no_sense_are_noticed_and_put_right(
    template: Template, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("rows of the catalogue make no sense") as fault:
        make_no_sense(fault, template, tmp_path, list(NONSENSE), 1)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_any_flipped_bit_is_noticed_or_does_no_harm(
    template: Template, tmp_path: Path, ledger: Ledger
) -> None:
    dice = random.Random(3)
    size = (template.home / "catalogue.db").stat().st_size
    places = [(dice.randrange(size), dice.randrange(8)) for _ in range(36)]
    with ledger("a bit of the catalogue is flipped") as fault:
        damages = ((f"bit {n} of byte {at}", bit(at, n)) for at, n in places)
        try_all(fault, template, tmp_path, damages, restored=4)


GONE: dict[str, Damage] = {
    "no header": lambda home: _overwrite(home, 0, bytes(100)),
    "another header": lambda home: _overwrite(home, 0, b"no database any more, but a text"),
    "of no length": lambda home: (home / "catalogue.db").write_bytes(b""),
    "deleted": lambda home: (home / "catalogue.db").unlink(),
    "cut to a half": lambda home: _cut(home, 2),
    "cut to a page": lambda home: _cut(home, 1000),
    "a text instead": lambda home: (home / "catalogue.db").write_text("Ein Text.\n" * 9000),
}


def _cut(home: Path, part: int) -> None:
    path = home / "catalogue.db"
    with path.open("r+b") as file:
        file.truncate(max(PAGE, path.stat().st_size // part // PAGE * PAGE))


def test_a_catalogue_without_a_beginning_or_an_end_is_noticed_and_brought_back(
    template: Template, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("the catalogue is cut, emptied, deleted") as fault:
        few = [(name, GONE[name]) for name in ("no header", "cut to a half")]
        try_all(fault, template, tmp_path, few)
    assert fault.remark == f"{len(few)} noticed"


@pytest.mark.slow
def test_a_catalogue_of_which_anything_is_gone_is_noticed_and_brought_back(
    template: Template, tmp_path: Path, ledger: Ledger
) -> None:
    with ledger("the catalogue is cut, emptied, deleted") as fault:
        try_all(fault, template, tmp_path, GONE.items())
    assert fault.remark == f"{len(GONE)} noticed"


def test_nothing_is_written_into_a_catalogue_that_is_gone(
    template: Template, tmp_path: Path, ledger: Ledger
) -> None:
    """An ingest would make an empty one, silently, and the backup would be forgotten."""
    source = write_lines(tmp_path / "more.jsonl", {"more": news(70)})
    with ledger("the catalogue is cut, emptied, deleted") as fault:
        for name in ("of no length", "deleted"):
            home = template.copied(tmp_path / "home")
            GONE[name](home)
            found = beleg(home, "ingest", source).complaints(NAMED)
            fault.tried([*found, *brought_back(home)], f"ingest, {name}")
