"""A statement PostgreSQL plans once a connection; planning takes it longer than doing.

It is planned to read indexes: a plan made while a table is small would read all of it, and would go
on to when it has grown. A statement has to ask each large table for what it names, as a join may
read all of an index, too.

By name, in SQL, since psycopg 2 knows nothing else. Behind a pooler that gives each transaction
another connection the name may be missing, or be there already: then it is planned as any other.
"""

from __future__ import annotations

import re
from hashlib import sha256
from itertools import count
from typing import Any
from weakref import WeakSet

from django.db import DatabaseError

# https://www.postgresql.org/docs/current/errcodes-appendix.html
NO_SUCH_NAME, NAME_TAKEN = "26000", "42P05"


class Prepared:
    """`statement` has %s where values go."""

    def __init__(self, statement: str, parameters: int):
        self.statement = statement
        numbers = count(1)
        text = re.sub("%s", lambda _place: f"${next(numbers)}", statement)
        # Another release, with other words, may share the pooler.
        name = f"newsroom_{sha256(text.encode()).hexdigest()[:16]}"
        self._prepare = f"PREPARE {name} AS {text}"
        # One way to the server, and its own transaction: the setting ends with it.
        self._execute = (
            f"SET LOCAL enable_seqscan = off; EXECUTE {name} ({', '.join(['%s'] * parameters)})"
        )
        self._known: WeakSet[Any] = WeakSet()

    def execute(self, cursor: Any, values: list[Any]) -> None:
        """`cursor` is one of Django's."""
        link = cursor.db.connection
        # An error would end a transaction that others began.
        if cursor.db.in_atomic_block and link not in self._known:
            cursor.execute(self.statement, values)
            return
        try:
            if link not in self._known:
                cursor.execute(self._prepare)
                self._known.add(link)
            cursor.execute(self._execute, values)
        except DatabaseError as error:
            if getattr(error.__cause__, "pgcode", "") not in (NO_SUCH_NAME, NAME_TAKEN):
                raise
            self._known.discard(link)
            cursor.execute(self.statement, values)
