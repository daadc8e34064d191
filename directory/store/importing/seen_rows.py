"""What an import remembers of the rows before: which zones and spots were met, and in which row first."""

import json
import sqlite3
from collections.abc import Sequence


class SeenRows:
    """Zone ids and spots met so far, in a temporary file of SQLite's so that memory stays bounded."""

    def __enter__(self) -> "SeenRows":
        self._connection = sqlite3.connect("")
        self._connection.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, row INTEGER) WITHOUT ROWID")
        self._recent: dict[str, int] = {}
        return self

    def __exit__(self, *_error: object) -> None:
        self._connection.close()

    def look_up(self, keys: Sequence[str]) -> None:
        """Look up all at once for which of these keys `first_row` knows an earlier row."""
        self._connection.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", self._recent.items())
        query = "SELECT key, row FROM seen WHERE key IN (SELECT value FROM json_each(?))"
        self._recent = dict(self._connection.execute(query, (json.dumps(keys),)))

    def first_row(self, key: str, row: int) -> int:
        """The row that had `key` first, of those that were looked up or came since: `row` itself when it is new."""
        return self._recent.setdefault(key, row)

    def has(self, key: str) -> bool:
        """Whether `key` was met."""
        if key in self._recent:
            return True
        return self._connection.execute("SELECT 1 FROM seen WHERE key = ?", (key,)).fetchone() is not None
