"""The doctor finds real damage, says what to do, and mends what can be made again."""

import json
import multiprocessing
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
import typer

from bot import bootstrap
from bot.bootstrap import App, app
from bot.cli.upkeep import doctor
from bot.deletion import delete_articles
from bot.doctor import Check, diagnose, examine
from bot.settings import Settings
from ingest.embedding import contract
from tests.support.embedding import HashingEmbedder
from tests.support.store import embedded
from tests.support.traces import traces
from vectorstore import mending, postings
from vectorstore.backup import write_backup
from vectorstore.models import NO_FILTERS
from vectorstore.register import Kept, Kind, Register
from vectorstore.reindexing import side_index
from vectorstore.retriever import Retriever

TOWNS = ("Auental", "Bärenfels", "Cronau", "Dornwald", "Elmsbach", "Falkenried")
UNIT = "vector = CAST(substr(vector, 1, length(vector) - 4) AS BLOB)"


def text_of(town: str) -> str:
    said = " ".join(f"In {town} steht seit dem Jahr {1900 + n} Haus Nummer {n}." for n in range(40))
    return f"{said}\n\nDer Bürgermeister von {town} wohnt am Markt."


def line(name: str, text: str) -> str:
    return json.dumps({"id": name, "text": text, "language": "de"})


@pytest.fixture(autouse=True)
def _no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_model", lambda cache, tell, jobs, name: HashingEmbedder())


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with six articles, one of them in two versions, one that says nothing."""
    home = tmp_path_factory.mktemp("pattern") / "home"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "_model", lambda cache, tell, jobs, name: HashingEmbedder())
        with app(Settings(BELEG_HOME=str(home)), owner=True) as parts:
            source = home.parent / "a.jsonl"
            texts = {"leer": "…", "Auental": "Zuerst stand hier etwas anderes."}
            for told in (texts, {town: text_of(town) for town in TOWNS}):
                lines = [
                    json.dumps({"id": i, "text": t, "language": "de"}) for i, t in told.items()
                ]
                source.write_text("\n".join(lines))
                assert not parts.pipeline().ingest([str(source)]).failed
            assert parts.index is not None
            assert parts.index.own()
            assert parts.index.catch_up()
    return home


@pytest.fixture
def home(pattern: Path, tmp_path: Path) -> Path:
    shutil.copytree(pattern, tmp_path / "home")
    return tmp_path / "home"


@contextmanager
def opened(home: Path) -> Iterator[App]:
    with app(Settings(BELEG_HOME=str(home)), owner=True) as parts:
        yield parts


def checks_of(home: Path, repair: bool = False) -> dict[str, Check]:
    return {c.name: c for c in diagnose(Settings(BELEG_HOME=str(home)), repair)}


def wrong_in(home: Path, repair: bool = False) -> dict[str, Check]:
    """The checks that are not ok."""
    return {name: check for name, check in checks_of(home, repair).items() if not check.ok}


def damage(home: Path, *statements: str) -> None:
    with closing(sqlite3.connect(home / "catalogue.db", isolation_level=None)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount != 0, "nothing was damaged"


def backed_up(home: Path) -> Path:
    path = home.parent / "mine.db"
    found = write_backup(home / "catalogue.db", path)
    Register(home).note(Kept(path, "2026-11-25T12:00:00+00:00", Kind.BACKUP, found.articles))
    return path


def found_by_their_words(home: Path) -> set[str]:
    """The towns whose passages are found in meaning and in words, each with its last sentence."""
    with opened(home) as parts:
        index = parts.dense
        assert index is not None
        retriever = Retriever(parts.database, parts.embedder, index)
        hits = {
            town: retriever.search(f"Bürgermeister von {town} Markt", 3, NO_FILTERS)
            for town in TOWNS
        }
    return {town for town, found in hits.items() if found and found[0].article.id == town}


# -- a sound home ------------------------------------------------------------------------


def test_a_sound_home_is_found_sound_and_nothing_is_repaired(home: Path) -> None:
    for repair in (False, True):
        checks = checks_of(home, repair)
        assert [c for c in checks.values() if not c.ok or c.repaired] == []
    names = "home cache settings catalogue passages postings copies indexes deletion chroma backups"
    assert checks.keys() >= {*names.split(), "embedding model"}
    assert "loaded whole" in checks["embedding model"].state  # it isn't the packaged one
    assert checks["passages"].state.startswith("each of ")
    assert checks["chroma"].state.startswith("agrees with the catalogue")
    assert found_by_their_words(home) == set(TOWNS)


def test_a_home_that_is_not_there_yet_is_found_sound(tmp_path: Path) -> None:
    assert wrong_in(tmp_path / "new") == {}


# -- what is derived ---------------------------------------------------------------------


class Damage(NamedTuple):
    """What is done to a home, which check finds it, and a part of what that says."""

    sql: str
    check: str
    says: str


CHUNK = "(SELECT seq FROM chunks WHERE article = 3 ORDER BY seq LIMIT 1)"
LAST = "(SELECT max(seq) FROM chunks WHERE article = 3)"
DAMAGES = {
    "no vector": Damage(f"DELETE FROM vectors WHERE seq = {CHUNK}", "passages", "the vector"),
    "other dimension": Damage(
        f"UPDATE vectors SET {UNIT} WHERE seq = {CHUNK}", "passages", "the vector"
    ),
    "not a number": Damage(
        "UPDATE vectors SET vector = CAST(x'0000c07f' || substr(vector, 5) AS BLOB) "
        f"WHERE seq = {CHUNK}",
        "passages",
        "the vector",
    ),
    "no sentences": Damage(f"DELETE FROM sentences WHERE seq = {CHUNK}", "passages", "sentences"),
    "sentences elsewhere": Damage(
        "UPDATE sentences SET spans = CAST(x'ffffff0f' || substr(spans, 5) AS BLOB) "
        f"WHERE seq = {CHUNK}",
        "passages",
        "sentences",
    ),
    "broken words": Damage(
        f"UPDATE words SET vectors = x'00' WHERE seq = {CHUNK}", "passages", "words"
    ),
    "no passage": Damage(f"DELETE FROM chunks WHERE seq = {CHUNK}", "passages", "rows"),
    "no last passage": Damage(f"DELETE FROM chunks WHERE seq = {LAST}", "passages", "rows"),
    "no passages": Damage(
        "DELETE FROM chunks WHERE article = 3", "passages", "a passage is missing"
    ),
    "not indexed": Damage("DELETE FROM indexed WHERE article = 3", "passages", "'Bärenfels'"),
    "an earlier version's": Damage(
        "UPDATE chunks SET version = 1 WHERE article = 2", "passages", "another version"
    ),
    "outside the text": Damage(
        f'UPDATE chunks SET "end" = "end" + 9999 WHERE seq = {LAST}', "passages", "outside"
    ),
    "text for a number": Damage(
        f"UPDATE chunks SET start = 'x' WHERE seq = {CHUNK}", "passages", "broken"
    ),
    "another id": Damage(f"UPDATE chunks SET id = 'x' WHERE seq = {CHUNK}", "passages", "id"),
    "of no article": Damage("UPDATE chunks SET article = 99 WHERE article = 3", "passages", "rows"),
    "no posting": Damage(
        f"DELETE FROM grams_docsize WHERE id = {CHUNK}", "postings", "1 passages are missing"
    ),
    "a posting left over": Damage(
        "INSERT INTO stems (rowid, body) VALUES (999999, 'rest')", "postings", "left over"
    ),
    "another term": Damage(
        f"INSERT INTO grams (rowid, body) VALUES ({CHUNK}, 'fremd')", "postings", "differ"
    ),
    "broken postings": Damage(
        "UPDATE stems_data SET block = zeroblob(length(block)) WHERE id > 10", "postings", ""
    ),
    "copies unknown": Damage("DELETE FROM copies WHERE article = 3", "copies", "1 articles"),
    "a key missing": Damage(
        "DELETE FROM copy_keys WHERE key = (SELECT min(key) FROM copy_keys WHERE article = 3)",
        "copies",
        "articles",
    ),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_derived_is_found_broken_and_made_again(home: Path, name: str) -> None:
    done = DAMAGES[name]
    damage(home, done.sql)
    found = wrong_in(home)
    assert done.check in found
    assert done.says in found[done.check].state
    assert "doctor --repair" in (found[done.check].advice or "")
    mended = checks_of(home, repair=True)
    assert [c for c in mended.values() if not c.ok] == []
    assert mended[done.check].repaired
    again = checks_of(home, repair=True)
    assert [c for c in again.values() if not c.ok or c.repaired] == []
    assert found_by_their_words(home) == set(TOWNS)


def test_only_the_broken_article_is_embedded_anew(home: Path) -> None:
    with opened(home) as parts:
        before = dict(parts.database.read().execute("SELECT seq, article FROM chunks").fetchall())
        damage(home, DAMAGES["no vector"].sql)
        (check,) = [c for c in examine(parts, repair=True) if c.name == "passages"]
        after = dict(parts.database.read().execute("SELECT seq, article FROM chunks").fetchall())
    assert "1 articles were embedded anew (Bärenfels)" in (check.repaired or "")
    assert {article for seq, article in before.items() if seq not in after} == {3}


def test_passages_of_another_model_are_not_mended_with_this_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damage(home, DAMAGES["no vector"].sql)
    other = HashingEmbedder(weights="others")
    monkeypatch.setattr(bootstrap, "_model", lambda cache, tell, jobs, name: other)
    found = wrong_in(home, repair=True)
    assert found.keys() == {"embedding model", "passages"}
    assert "beleg reindex" in (found["passages"].advice or "")


def repair_and_die(home: Path) -> None:
    """Falls after the passages are replaced, before the postings are."""
    bootstrap._model = lambda cache, tell, jobs, name: HashingEmbedder()  # type: ignore[assignment]
    mending.rebuild_postings = lambda database: os.kill(os.getpid(), signal.SIGKILL)
    checks_of(home, repair=True)


def test_a_repair_that_was_killed_is_done_by_the_next_one(home: Path) -> None:
    damage(home, DAMAGES["no sentences"].sql)
    killed = multiprocessing.get_context("spawn").Process(target=repair_and_die, args=(home,))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    assert "postings" in wrong_in(home)
    assert wrong_in(home, repair=True) == {}
    assert wrong_in(home) == {}
    assert found_by_their_words(home) == set(TOWNS)


def test_of_a_large_home_samples_are_compared_and_everything_when_repairing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vectorstore.posting_faults.ALL", 3)
    assert "postings" not in wrong_in(home)
    with closing(sqlite3.connect(home / "catalogue.db", isolation_level=None)) as connection:
        query = """SELECT c.seq, substr(v.text, c.start + 1, c.end - c.start) FROM chunks c
            JOIN versions v ON v.article = c.article AND v.version = c.version"""
        for seq, text in connection.execute(query).fetchall():
            terms = postings.terms_of(text, "de")
            postings.delete(connection, seq, terms)
            postings.insert(connection, seq, replace(terms, grams="nichts", stems="nichts"))
    assert "lack terms" in wrong_in(home)["postings"].state
    assert wrong_in(home, repair=True) == {}
    assert found_by_their_words(home) == set(TOWNS)


# -- indexes beside the live one ---------------------------------------------------------


def begin_another(parts: App) -> None:
    vectors = parts.database.read().execute("SELECT vector FROM vectors LIMIT 9").fetchall()
    matrix = np.stack([np.frombuffer(row[0], "<f4") for row in vectors])
    with side_index(parts.database, contract(HashingEmbedder(weights="others"))) as side:
        batch = mending.articles(parts.database, [2, 3])
        side.add([(article, embedded(article, matrix)) for _, article in batch])


def test_an_unfinished_index_is_left_alone_and_told(home: Path) -> None:
    with opened(home) as parts:
        begin_another(parts)
    for repair in (False, True):
        checks = checks_of(home, repair)
        assert checks["indexes"].ok, checks["indexes"]
        assert "2 of 7 articles (`beleg reindex` goes on)" in checks["indexes"].state


def test_a_broken_one_is_removed_when_asked(home: Path) -> None:
    with opened(home) as parts:
        begin_another(parts)
    damage(home, "DELETE FROM new_vectors")
    assert wrong_in(home).keys() == {"indexes"}
    mended = checks_of(home, repair=True)["indexes"]
    assert mended.ok
    assert mended.repaired == "the unfinished index was removed"
    assert mended.state == "the live one"


# -- the catalogue -----------------------------------------------------------------------


def change_text(home: Path, before: bytes, after: bytes) -> None:
    """Changes the bytes of stored texts behind SQLite's back."""
    path = home / "catalogue.db"
    content = path.read_bytes()
    assert before in content
    path.write_bytes(content.replace(before, after))


BROKEN: dict[str, Callable[[Path], None]] = {
    "another letter": lambda home: change_text(
        home, b"von Cronau wohnt", b"von Cronau stirbt"[:16]
    ),
    "no UTF-8": lambda home: change_text(home, b"von Cronau wohnt", b"von Cronau w\xff\xfent"),
    "no text": lambda home: damage(home, "DELETE FROM versions WHERE article = 4"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_text_that_is_not_what_was_stored_is_named(home: Path, name: str) -> None:
    BROKEN[name](home)
    found = wrong_in(home)
    assert found.keys() == {"catalogue"}
    assert "'Cronau'" in found["catalogue"].state
    assert "beleg restore --salvage" in (found["catalogue"].advice or "")
    assert wrong_in(home, repair=True).keys() == {"catalogue"}, "without a backup it is left alone"


@pytest.mark.parametrize("name", [*BROKEN, "a page", "gone", "empty"])
def test_a_damaged_catalogue_is_restored_and_what_is_newer_saved(home: Path, name: str) -> None:
    backup = backed_up(home)
    with opened(home) as parts:
        source = home.parent / "newer.jsonl"
        source.write_text(line("neu", text_of("Grünau")))
        assert parts.pipeline().ingest([str(source)]).added == 1
    hurt = {
        "a page": lambda home: change_page(home, b"von Cronau wohnt"),
        "gone": lambda home: (home / "catalogue.db").unlink(),
        "empty": lambda home: (home / "catalogue.db").write_bytes(b""),
    }
    {**BROKEN, **hurt}[name](home)
    found = checks_of(home)
    assert not found["catalogue"].ok
    assert found["catalogue"].state.startswith("damaged: ")
    assert str(backup) in (found["catalogue"].advice or "")
    assert found["python"].ok, "the other checks are still shown"
    assert found["backups"].ok
    mended = checks_of(home, repair=True)
    assert [c for c in mended.values() if not c.ok] == []
    told = mended["catalogue"].repaired or ""
    assert f"7 articles were restored from {backup}" in told
    assert found_by_their_words(home) == set(TOWNS)
    if name not in ("gone", "empty"):
        assert "saved from the damaged catalogue: 1 articles (neu)" in told
        assert mended["catalogue"].state.startswith("8 articles")
    again = checks_of(home, repair=True)
    assert [c for c in again.values() if not c.ok or c.repaired] == []


def change_page(home: Path, holding: bytes) -> None:
    path = home / "catalogue.db"
    content = bytearray(path.read_bytes())
    at = content.index(holding) // 4096 * 4096
    content[at : at + 4096] = b"\xa5" * 4096
    path.write_bytes(content)


def test_a_newer_catalogue_is_no_damage(home: Path) -> None:
    backed_up(home)
    damage(home, "PRAGMA user_version = 99")
    found = wrong_in(home, repair=True)
    assert found.keys() == {"catalogue"}
    assert "Update Beleg" in (found["catalogue"].advice or "")


# -- the command ------------------------------------------------------------------------


def told(home: Path, capsys: pytest.CaptureFixture[str], *, repair: bool) -> tuple[int, Any]:
    """What `beleg doctor --json` ends with and prints."""
    code = 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BELEG_HOME", str(home))
        try:
            doctor(repair=repair, json_=True)
        except typer.Exit as leaving:
            code = leaving.exit_code
    return code, json.loads(capsys.readouterr().out)


def test_the_command_exits_with_1_only_while_a_person_must_act(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = told(home, capsys, repair=False)
    assert (code, report["ok"]) == (0, True)
    assert set(report["checks"][0]) == {"name", "ok", "state", "advice", "repaired"}
    damage(home, DAMAGES["no vector"].sql)
    code, report = told(home, capsys, repair=False)
    assert (code, report["ok"]) == (1, False)
    code, report = told(home, capsys, repair=True)
    assert (code, report["ok"]) == (0, True)
    repaired = {check["name"]: check["repaired"] for check in report["checks"]}
    assert "1 articles were embedded anew" in repaired["passages"]


def test_settings_that_make_no_sense_are_a_check_too(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BELEG_TIMEZONE", "Mond")
    code, report = told(home, capsys, repair=False)
    assert code == 1
    (wrong,) = [check for check in report["checks"] if not check["ok"]]
    assert wrong["name"] == "settings"
    assert "BELEG_TIMEZONE" in wrong["advice"]


# -- the rest ----------------------------------------------------------------------------


def test_what_is_deleted_but_not_purged_is_told_and_removed_when_asked(home: Path) -> None:
    with opened(home) as parts:
        delete_articles(parts, ["Dornwald"])
    assert traces(home, ["Dornwald"])
    told = checks_of(home)["deletion"]
    assert told.ok, "whatever writes next sees to it"
    assert "words of 1 deleted articles" in told.state
    assert "doctor --repair" in (told.advice or "")
    mended = checks_of(home, repair=True)["deletion"]
    assert mended.ok
    assert "were removed" in (mended.repaired or "")
    assert traces(home, ["Dornwald"]) == []


def test_chroma_is_built_anew_without_being_asked(home: Path) -> None:
    for folder in (home / "chroma").iterdir():
        if folder.is_dir():
            shutil.rmtree(folder)
    found = checks_of(home)["chroma"]
    assert found.ok
    assert "built anew" in (found.repaired or "")
    assert checks_of(home)["chroma"].repaired is None


def test_the_last_backup_is_told_with_its_age_and_missed_when_it_is_gone(home: Path) -> None:
    assert checks_of(home)["backups"].state == "none yet"
    backup = backed_up(home)
    assert f"7 articles: {backup}" in checks_of(home)["backups"].state
    backup.write_bytes(b"something else")
    assert "backups" in wrong_in(home)
    backup.unlink()
    gone = checks_of(home)["backups"]
    assert gone.ok
    assert gone.state == f"none any more: {backup} is gone"
    assert gone.advice


def test_a_disk_that_is_nearly_full_is_told_before_it_is(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    little = shutil.disk_usage(home)._replace(free=5 * 10**8)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: little)
    told = checks_of(home)["home"]
    assert told.ok
    assert "0.5 GB free" in told.state
    assert "Free some space" in (told.advice or "")


def test_what_repair_could_not_do_is_not_advised_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(home) as parts:
        delete_articles(parts, ["Cronau"])
        assert parts.index is not None
        monkeypatch.setattr(type(parts.index.store), "discard", lambda store: False)
        parts.index.purge()
    told = wrong_in(home, repair=True)["chroma"]
    assert str(home / "chroma") in told.state
    assert "tries" not in (told.advice or "")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody who may not write")
def test_a_home_that_can_only_be_read_is_looked_into_all_the_same(home: Path) -> None:
    for folder in (home, *home.parents):
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    looking = context.Process(target=look_as_nobody, args=(home, theirs))
    looking.start()
    assert ours.poll(60)
    wrong = ours.recv()
    looking.join(20)
    assert wrong.keys() <= {"home", "cache"}
    assert "only be read" in wrong["home"]


def look_as_nobody(home: Path, wire: "multiprocessing.connection.Connection") -> None:
    bootstrap._model = lambda cache, tell, jobs, name: HashingEmbedder()  # type: ignore[assignment]
    wrong_in(home)  # loads what nobody may not read where Python is root's
    os.setuid(65534)
    wire.send({name: check.state for name, check in wrong_in(home).items()})
