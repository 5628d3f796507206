"""Catalogues as an earlier Beleg left them: tests/integration/schemas has one of each schema.

Each holds an article in two versions and two copies of another; one more was deleted.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

SCHEMAS = Path(__file__).parents[1] / "integration" / "schemas"
ADDED_TO = {5: (4,)}  # a schema whose file holds only what it adds to another
EARLIER = (1, 2, 3, 4, 5)


def made_by(schema: int, catalogue: Path) -> None:
    """Writes a catalogue of an earlier schema."""
    with closing(sqlite3.connect(catalogue)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        names = [str(before) for before in ADDED_TO.get(schema, ())] + [str(schema)]
        script = "".join((SCHEMAS / f"{name}.sql").read_text(encoding="utf-8") for name in names)
        connection.executescript(f"BEGIN;{script}COMMIT")
