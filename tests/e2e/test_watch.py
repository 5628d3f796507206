"""`beleg watch` as a process: news come by feed and folder, and it ends when it is told to."""

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.bot_api import BotApi
from tests.support.command import BELEG, Beleg
from tests.support.pages import article_page
from tests.support.site import Site
from tests.support.store import eventually

LOCK = (
    "Die Schleuse von Lindenau wird nach dem Fährmann Gustav Ehrlich benannt.",
    "Das hat der Gemeinderat am Montag nach langer Aussprache mit großer Mehrheit beschlossen.",
    "Die Arbeiten am Mühlkanal beginnen im Frühjahr und dauern gut ein Jahr, sagt die Verwaltung.",
)
STARS = "Die Sternwarte Hohenfels hat ihr Fernrohr nach dem Astronomen Ottokar Bremm benannt."
ABOUT_LOCK = "Nach wem wird die Schleuse von Lindenau benannt?"
ABOUT_STARS = "Nach wem hat die Sternwarte Hohenfels ihr Fernrohr benannt?"


@dataclass(frozen=True)
class Place:
    """A site with a feed, a folder, and a list that watches both."""

    site: Site
    beleg: Beleg
    inbox: Path
    file: Path

    def publish(self) -> None:
        """Puts the article about the lock into the feed."""
        page = article_page(title="Schleuse benannt", paragraphs=LOCK)
        url = self.site.page("/schleuse", page)
        item = f"<item><title>Schleuse</title><link>{url}</link></item>"
        rss = f'<rss version="2.0"><channel><title>Bote</title>{item}</channel></rss>'
        self.site.page("/feed.xml", rss)

    def added(self, name: str) -> Callable[[], bool]:
        """Whether something came from a source, as the status file tells it."""

        def came() -> bool:
            path = self.beleg.home / "watch.json"
            sources = json.loads(path.read_text())["sources"] if path.exists() else []
            return any(s["name"] == name and s["counts"]["added"] for s in sources)

        return came


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setenv("FETCH_ALLOW", "127.0.0.1")
    inbox, file = tmp_path / "inbox", tmp_path / "sources.toml"
    inbox.mkdir()
    with Site() as site:
        file.write_text(
            f'[[source]]\nname = "Bote"\nfeed = "{site.url("/feed.xml")}"\ninterval = 1\n'
            '[[source]]\nname = "Eingang"\nfolder = "inbox"\nlanguage = "de"\n'
        )
        yield Place(site, Beleg(tmp_path / "home"), inbox, file)


@contextmanager
def running(place: Place, *command: str) -> Iterator["tuple[subprocess.Popen[bytes], Path]"]:
    """A process with what it says on standard error."""
    said = place.file.with_name("said.txt")
    with said.open("wb") as out:
        process = subprocess.Popen(
            [BELEG, *command], stderr=out, stdout=out, env=place.beleg.environment
        )
    try:
        yield process, said
    finally:
        process.kill()
        process.wait()


def ok(condition: Callable[[], object], seconds: float = 40) -> None:
    assert eventually(condition, seconds)


def test_a_watch_takes_in_what_comes_and_ends_cleanly(place: Place) -> None:
    place.publish()
    with running(place, "watch", str(place.file)) as (process, said):
        ok(lambda: b"Bote: 1 added" in said.read_bytes())
        (place.inbox / "stern.txt").write_text(f"Fernrohr benannt\n\n{STARS}\n")
        ok(place.added("Eingang"))
        questions = "".join(json.dumps({"question": q}) + "\n" for q in (ABOUT_LOCK, ABOUT_STARS))
        lock, stars = place.beleg("ask", "--batch", "-", stdin=questions).records
        assert "Gustav Ehrlich" in lock["text"]
        assert "Ottokar Bremm" in stars["text"]
        second = place.beleg("watch", str(place.file))
        assert second.code == 1
        assert second.err.startswith("Another process watches the sources of this home already")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=15) == 0
        assert "Traceback" not in said.read_text()
    (doctor,) = place.beleg("doctor", "--json").records
    checks = {check["name"]: check for check in doctor["checks"]}
    assert checks["watch"]["ok"]
    assert checks["watch"]["state"].startswith("not running since ")
    assert checks["chroma"]["state"].startswith("agrees with the catalogue: ")


@pytest.mark.slow
def test_the_bot_watches_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.publish()
    with BotApi.running() as api:
        monkeypatch.setenv("TELEGRAM_BOT_TOKEN", api.token)
        monkeypatch.setenv("TELEGRAM_API_URL", api.url)
        monkeypatch.setenv("WATCH_FILE", str(place.file))
        with running(place, "bot") as (process, said):
            api.wait_for_poll(timeout=40)
            ok(place.added("Bote"))
            asked = api.user_sends(ABOUT_LOCK, chat=7)
            assert "Gustav Ehrlich" in api.wait_for_message(chat=7, after=asked, timeout=40).text
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=15) == 0
            assert "Bote: 1 added" in said.read_text()
            assert "Traceback" not in said.read_text()


def test_once_says_what_came_of_every_source(place: Place) -> None:
    place.file.write_text(
        '[[source]]\nfolder = "inbox"\n[[source]]\nname = "Weg"\nfolder = "weg"\n'
    )
    done = place.beleg("watch", str(place.file), "--once", "--json")
    assert done.code == 1
    told = {record["name"]: record["failures"] for record in done.records}
    assert told == {str(place.inbox): 0, "Weg": 1}
    assert "Weg: There is no such file or folder." in place.beleg("watch", "--status").out


def test_what_cannot_be_watched_is_told(place: Place) -> None:
    nothing = place.beleg("watch")
    assert nothing.code == 2
    assert "[[source]]" in nothing.err
    place.file.write_text("[[source]]\nfeed = 7\n")
    broken = place.beleg("watch", str(place.file))
    assert broken.code == 1
    assert f"{place.file}, [[source]] 1: " in broken.err
    assert place.beleg("watch", "--status").code == 0
