"""Print the address of a PostgreSQL database the tests may use.

Exit with 1 and a sentence when there is none. TEST_DATABASE_URL wins. Otherwise
the usual local addresses are tried, and the database gets a name of this folder's
own, so that two copies of the project can be tested at the same time. Django
makes the database, under this name with "test_" before it.
"""

import hashlib
import os
import sys
from pathlib import Path

import psycopg2

LOCAL = ("postgres:///postgres", "postgres://postgres@127.0.0.1:5432/postgres")


def refusal(url: str) -> str:
    """Say why the tests can't use this server, or return ''."""
    try:
        connection = psycopg2.connect(url, connect_timeout=5)
    except psycopg2.Error as error:
        return " ".join(str(error).split())
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        row = cursor.fetchone()
    connection.close()
    return "" if row and row[0] else "this user may not create databases"


def main() -> None:
    asked = os.environ.get("TEST_DATABASE_URL")
    reasons = []
    for url in [asked] if asked else LOCAL:
        reason = refusal(url)
        if not reason:
            folder = hashlib.sha256(os.fsencode(Path.cwd())).hexdigest()[:8]
            print(asked or url.removesuffix("postgres") + f"newsroom_{folder}")
            return
        reasons.append(reason)
    where = "TEST_DATABASE_URL" if asked else "This machine (TEST_DATABASE_URL names another)"
    sys.exit(f"{where}: {reasons[-1]}")


main()
