"""Catalogues as an earlier Beleg left them: tests/integration/schemas has one of each schema.

Each holds an article in two versions and two copies of another; one more was deleted.
"""

import sqlite3
from contextlib import closing
from pathlib import Path

SCHEMAS = Path(__file__).parents[1] / "integration" / "schemas"
EARLIER = (1, 2, 3, 4, 5)


def made_by(schema: int, catalogue: Path) -> None:
    """Writes a catalogue of an earlier schema."""
    with closing(sqlite3.connect(catalogue)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        script = (SCHEMAS / f"{schema}.sql").read_text(encoding="utf-8")
        connection.executescript(f"BEGIN;{script}COMMIT")
