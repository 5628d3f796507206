"""What processes do to keep a home in order, until they are killed at one of their steps."""

import os
from collections.abc import Sequence
from pathlib import Path

from bot.bootstrap import App
from bot.deletion import delete_articles, purge_home
from bot.settings import load_settings
from ingest import pipeline
from ingest.pipeline import Pipeline
from tests.support.embedding import HashingEmbedder
from tests.support.kill_work import Notebook, Open
from vectorstore.backup import write_backup
from vectorstore.database import Database
from vectorstore.restore import restore

OTHER = "other"  # the weights of the model that an index is made anew with


def reindex_and_go_back(folder: Path) -> None:
    """Makes the index anew, takes in an article, goes back to the index before."""
    pipeline.REINDEXED = 2
    notebook = Notebook(folder / "done")
    here = Open.at(folder / "home")
    other = Pipeline(here.catalogue, HashingEmbedder(weights=OTHER))
    other.reindex(lambda line: None)
    notebook.write("reindexed")
    assert not other.ingest([str(folder / "new.jsonl")]).failed
    notebook.write("taken in")
    here.pipeline.reindex(lambda line: None, back=True)
    notebook.write("back")
    here.close()


def reindex(home: Path, weights: str) -> str:
    """Makes the index anew with a model, or goes on with that; the weights it has then."""
    here = Open.at(home)
    try:
        Pipeline(here.catalogue, HashingEmbedder(weights=weights)).reindex(lambda line: None)
        contract = here.catalogue.contract()
        assert contract is not None
        return contract.weights
    finally:
        here.close()


def open_catalogue(folder: Path) -> None:
    """Opens a home, which brings it to the present schema."""
    Database(folder / "home" / "catalogue.db").close()
    Notebook(folder / "done").write("opened")


def back_up(folder: Path) -> None:
    """Writes a backup over the one before."""
    write_backup(folder / "home" / "catalogue.db", folder / "backup.db")
    Notebook(folder / "done").write("backed up")


def bring_back(folder: Path) -> None:
    """Brings back the backup."""
    restore(folder / "home", folder / "backup.db")
    Notebook(folder / "done").write("restored")


def delete_and_purge(folder: Path, article_ids: Sequence[str]) -> None:
    """Deletes articles and takes their words out of every file, as `beleg delete` does."""
    notebook = Notebook(folder / "done")
    here = Open.at(folder / "home")
    app = _app(folder / "home", here)
    delete_articles(app, article_ids)
    notebook.write("deleted")
    assert purge_home(app, notebook.write)
    here.close()


def purge(home: Path) -> None:
    """Takes out of every file what is due, as the next process does."""
    here = Open.at(home)
    try:
        assert purge_home(_app(home, here), print)
    finally:
        here.close()


def _app(home: Path, here: Open) -> App:
    os.environ["BELEG_HOME"] = str(home)
    return App(load_settings(), here.database, here.catalogue, HashingEmbedder(), here.index)
