"""A catalogue that is damaged, or can't be written to, is named and answered from if it can be."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.store import article, numbered, store
from vectorstore.catalogue import Catalogue
from vectorstore.database import Database
from vectorstore.errors import CatalogueDamaged, StoreError

NOBODY = 65534
LISTS = """
import os
import sys
from pathlib import Path
from vectorstore.catalogue import Catalogue
from vectorstore.errors import StoreError
from vectorstore.database import Database
os.setuid(int(sys.argv[2]))  # now: nobody may not even read Python's own folder
database = Database(Path(sys.argv[1]))
print(*(one.article.id for one in Catalogue(database).articles()))
try:
    database.set_note("seen", "yes")
except StoreError as error:
    print(error)
"""


def made(path: Path) -> None:
    database = Database(path)
    store(Catalogue(database), numbered("a", 200), article("b"))
    database.close()


def test_a_broken_page_is_told_with_the_command_that_helps(tmp_path: Path):
    path = tmp_path / "catalogue.db"
    made(path)
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(CatalogueDamaged, match="beleg restore"):
        Database(path)


def test_a_broken_page_that_only_a_question_reaches_is_told_too(tmp_path: Path):
    path = tmp_path / "catalogue.db"
    made(path)
    content = bytearray(path.read_bytes())
    for page in range(0, len(content), 4096):
        if b"Absatz 7 von a." in content[page : page + 4096]:
            content[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(content)
    database = Database(path)
    with pytest.raises(CatalogueDamaged, match="beleg restore"), database.snapshot():
        list(Catalogue(database).texts())
    database.close()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody who may not write")
@pytest.mark.parametrize("left", [False, True], ids=["closed", "after a kill"])
def test_a_home_that_can_not_be_written_to_can_be_read(tmp_path: Path, left: bool):
    home = tmp_path / "home"
    made(home / "catalogue.db")
    for folder in (tmp_path, *tmp_path.parents):
        if folder.is_relative_to("/tmp") and folder != Path("/tmp"):
            folder.chmod(0o755)
    database = Database(home / "catalogue.db")
    store(Catalogue(database), article("c"))
    if not left:
        database.close()
    done = subprocess.run(
        [sys.executable, "-c", LISTS, str(home / "catalogue.db"), str(NOBODY)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    database.close()
    assert not done.stderr
    listed, refused = done.stdout.splitlines()
    assert listed == "c b a"
    assert "BELEG_HOME names a folder you can write to" in refused


def test_an_error_inside_a_snapshot_is_told_and_leaves_the_connection_usable(tmp_path: Path):
    database = Database(tmp_path / "catalogue.db")
    with pytest.raises(StoreError), database.snapshot():
        database.read().execute("SELECT * FROM nowhere")
    with database.snapshot(), database.snapshot():
        assert database.generation == 0
    assert not database.read().in_transaction
    database.close()
