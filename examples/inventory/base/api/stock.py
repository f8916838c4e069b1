from __future__ import annotations

import sqlite3
from dataclasses import dataclass


@dataclass
class Item:
    code: str
    shelf: str
    quantity: int


class Stock:
    def __init__(self, path: str) -> None:
        self._db = sqlite3.connect(path)

    def get(self, code: str) -> Item | None:
        row = self._db.execute("SELECT code, shelf, quantity FROM item WHERE code = ?", (code,)).fetchone()
        return Item(*row) if row else None

    def put(self, item: Item) -> None:
        with self._db:
            self._db.execute("INSERT OR REPLACE INTO item VALUES (?, ?, ?)", (item.code, item.shelf, item.quantity))
