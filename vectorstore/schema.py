"""The catalogue's tables, and the numbered steps that make an earlier schema the present one.

articles   an id, and which of its versions is the current one
versions   what each version of an article said
(the index)   sets of tables derived from the current versions: vectorstore/index_sets.py
pending    chunks that Chroma has to look at again: live ones it lacks, retired ones it holds
origins    which source brought which article (for --prune)
pages      which address brought which article, and how to ask whether it has changed
copies, copy_keys   which articles are copies of one another
replies, reply_articles, spent   what chat models have written from which articles, for how much
(people)   what is kept of who asks in a messenger: vectorstore/people.py
meta       what catalogue this is, the index contract, the generation (grows with every write)
"""

import sqlite3

from vectorstore import copy_groups, index_sets, pages, people, replies
from vectorstore.index_sets import run

SCHEMA = 6

_FIRST_NOTES = "INSERT INTO meta VALUES ('catalogue', lower(hex(randomblob(16)))), ('index', '0')"

_TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO meta VALUES ('generation', '0');
{_FIRST_NOTES};
CREATE TABLE articles (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    gone TEXT
);
CREATE TABLE versions (
    article INTEGER NOT NULL REFERENCES articles (seq) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    url TEXT, title TEXT, text TEXT NOT NULL, published TEXT, day TEXT, updated TEXT,
    authors TEXT NOT NULL, source TEXT, source_folded TEXT, language TEXT,
    content_hash TEXT NOT NULL, section TEXT,
    PRIMARY KEY (article, version)
);
CREATE INDEX versions_by_day ON versions (day);
{index_sets.tables(0)};
CREATE TABLE pending (seq INTEGER PRIMARY KEY AUTOINCREMENT, chunk TEXT NOT NULL);
CREATE TABLE origins (
    origin TEXT NOT NULL,
    article INTEGER NOT NULL REFERENCES articles (seq) ON DELETE CASCADE,
    PRIMARY KEY (origin, article)
) WITHOUT ROWID;
CREATE INDEX origins_by_article ON origins (article);
{pages.TABLES}{copy_groups.TABLES}{replies.TABLES}{people.TABLES}"""

_MIGRATIONS = {
    1: "CREATE TABLE words (seq INTEGER PRIMARY KEY, vectors BLOB NOT NULL)",
    2: f"""ALTER TABLE articles ADD COLUMN gone TEXT;
        ALTER TABLE versions ADD COLUMN section TEXT;{pages.TABLES}{copy_groups.TABLES}""",
    3: f"""{index_sets.indexed()};
        INSERT INTO indexed SELECT seq, version FROM articles;{_FIRST_NOTES}""",
    4: replies.TABLES,
    5: f"DELETE FROM spent;{people.TABLES}",  # it named people
}
"""What makes each earlier schema the next one."""


def found(connection: sqlite3.Connection) -> int:
    """The number of the schema that a file has; 0 if it is empty."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def create(connection: sqlite3.Connection) -> None:
    """The tables in an empty file, unless they are there by now. Needs a transaction."""
    if found(connection) == 0:
        run(connection, _TABLES)
        connection.execute(f"PRAGMA user_version = {SCHEMA}")


def migrate(connection: sqlite3.Connection) -> None:
    """Every step from what is there to the present schema. Needs a transaction."""
    for earlier in range(found(connection), SCHEMA):
        run(connection, _MIGRATIONS[earlier])
    copy_groups.complete(connection)
    connection.execute(f"PRAGMA user_version = {SCHEMA}")
