"""Settings from the environment: nonsense stops the start, with one sentence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from newsroom import environment

ROOT = Path(__file__).resolve().parent.parent
NAME = "SOMETHING"


def refusal(read, value: str, monkeypatch, **options) -> str:
    """The sentence that refuses a value."""
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured) as caught:
        read(NAME, **options)
    return str(caught.value)


class TestText:
    @pytest.mark.parametrize(
        ("value", "read"),
        [("x", "x"), ("  x ", "x"), ("", ""), ("$HOME", "$HOME"), ("$x", "$x"), ("a\\$b", "a\\$b")],
    )
    def test_is_taken_as_it_stands(self, monkeypatch, value, read):
        monkeypatch.setenv(NAME, value)
        assert environment.text(NAME) == read

    def test_has_a_default(self, monkeypatch):
        monkeypatch.delenv(NAME, raising=False)
        assert environment.text(NAME, "d") == "d"


class TestFlag:
    @pytest.mark.parametrize(
        ("value", "read"),
        [
            ("True", True),
            ("true", True),
            ("1", True),
            ("False", False),
            ("0", False),
            (" 0 ", False),
        ],
    )
    def test_is_true_or_false(self, monkeypatch, value, read):
        monkeypatch.setenv(NAME, value)
        assert environment.flag(NAME, default=not read) is read

    @pytest.mark.parametrize("default", [True, False])
    def test_has_a_default(self, monkeypatch, default):
        monkeypatch.setenv(NAME, "")
        assert environment.flag(NAME, default=default) is default

    @pytest.mark.parametrize("value", ["yes", "on", "Ture", "2", "-1", "是", "False,", "None"])
    def test_refuses_to_guess(self, monkeypatch, value):
        sentence = refusal(environment.flag, value, monkeypatch, default=False)
        assert NAME in sentence
        assert value in sentence
        assert "True or False" in sentence


class TestNumber:
    @pytest.mark.parametrize(("value", "read"), [("0", 0), ("007", 7), ("10", 10), ("", 3)])
    def test_is_whole_and_within_its_limits(self, monkeypatch, value, read):
        monkeypatch.setenv(NAME, value)
        assert environment.number(NAME, default=3, most=10) == read

    @pytest.mark.parametrize(
        "value", ["-1", "11", "1.0", "1e1", "0x1", "１", "一", "1_0", "1 0", "9" * 5000]
    )
    def test_refuses_anything_else(self, monkeypatch, value):
        sentence = refusal(environment.number, value, monkeypatch, default=0, most=10)
        assert NAME in sentence
        assert "from 0 to 10" in sentence


class TestWords:
    def test_are_parted_by_commas(self, monkeypatch):
        monkeypatch.setenv(NAME, " a, b ,,c ")
        assert environment.words(NAME) == ["a", "b", "c"]
        monkeypatch.delenv(NAME)
        assert environment.words(NAME) == []


class TestHosts:
    def test_are_names_and_addresses(self, monkeypatch):
        monkeypatch.setenv(NAME, "news.example.com, 10.0.0.8,[::1],.example.com,web_1,localhost")
        assert len(environment.hosts(NAME, default="")) == 6

    @pytest.mark.parametrize(
        "value",
        [
            "*",
            "a,*",
            "https://news.example.com",
            "news.example.com/",
            "news.example.com:8000",
            "a b",
            "::1",
            "*.example.com",
        ],
    )
    def test_refuse_anything_else(self, monkeypatch, value):
        assert "host names only" in refusal(environment.hosts, value, monkeypatch, default="")


class TestOrigins:
    def test_are_scheme_and_host(self, monkeypatch):
        monkeypatch.setenv(
            NAME, "https://news.example.com,http://10.0.0.8:8000,https://*.example.com"
        )
        assert len(environment.origins(NAME)) == 3

    @pytest.mark.parametrize(
        "value",
        [
            "news.example.com",
            "//news.example.com",
            "ftp://news.example.com",
            "https://",
            "https://news.example.com/",
            "https://news.example.com?a=1",
            "https://a b",
            "https://[",
            "https://news.example.com:x",
            "https://news.example.com:99999",
            "*",
        ],
    )
    def test_refuse_anything_else(self, monkeypatch, value):
        assert "scheme and host" in refusal(environment.origins, value, monkeypatch)


class TestDatabase:
    def test_may_be_sqlite_that_loses_nothing(self, monkeypatch):
        monkeypatch.setenv(NAME, "sqlite:////srv/news/db.sqlite3")
        config = environment.database(NAME, default="")
        assert config["ENGINE"] == "django.db.backends.sqlite3"
        assert config["NAME"] == "/srv/news/db.sqlite3"
        assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            assert pragma in config["OPTIONS"]["init_command"]

    def test_may_be_postgresql_that_never_hangs(self, monkeypatch):
        monkeypatch.setenv(NAME, "postgres://desk:p%40ss@db.example.com:5433/news")
        monkeypatch.setenv("CONN_MAX_AGE", "0")
        config = environment.database(NAME, default="")
        assert config["ENGINE"] == "django.db.backends.postgresql"
        assert (config["USER"], config["PASSWORD"]) == ("desk", "p@ss")
        assert (config["HOST"], config["PORT"], config["NAME"]) == ("db.example.com", 5433, "news")
        assert config["CONN_MAX_AGE"] == 0
        assert config["CONN_HEALTH_CHECKS"] is True
        assert "statement_timeout" in config["OPTIONS"]["options"]

    @pytest.mark.parametrize(
        "value",
        [
            "nonsense",
            "db.sqlite3",
            "mysql://a:b@c/d",
            "postgres://[",
            "postgres://host:port/name",
            "postgres://user@host/",
            "postgres://",
        ],
    )
    def test_refuses_anything_else(self, monkeypatch, value):
        assert NAME in refusal(environment.database, value, monkeypatch, default="")

    def test_that_is_in_use_has_its_options(self):
        from django.db import connection

        if connection.vendor == "sqlite":
            assert connection.settings_dict["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
        else:
            assert connection.settings_dict["CONN_HEALTH_CHECKS"] is True


class TestCache:
    def test_may_be_memory(self, monkeypatch):
        monkeypatch.setenv(NAME, "locmem://")
        assert environment.cache(NAME, default="")["BACKEND"].endswith("LocMemCache")

    @pytest.mark.parametrize("url", ["redis://redis:6379/0", "rediss://:secret@redis/1"])
    def test_may_be_redis_that_nobody_waits_for(self, monkeypatch, url):
        monkeypatch.setenv(NAME, url)
        config = environment.cache(NAME, default="")
        assert (config["BACKEND"].split(".")[-1], config["LOCATION"]) == ("RedisCache", url)
        assert config["OPTIONS"]["socket_connect_timeout"] < 1
        assert config["OPTIONS"]["socket_timeout"] < 1

    @pytest.mark.parametrize("value", ["nonsense", "memcache://a", "redis://[", "redis://a:b/0"])
    def test_refuses_anything_else(self, monkeypatch, value):
        assert NAME in refusal(environment.cache, value, monkeypatch, default="")


class TestEnvFile:
    def test_is_read_where_the_environment_is_silent(self, monkeypatch, tmp_path):
        monkeypatch.setenv("SAID_BY_BOTH", "environment")
        # Read into the environment of this process, so taken back at the end.
        monkeypatch.setenv("SAID_BY_FILE", "")
        monkeypatch.delenv("SAID_BY_FILE")
        file = tmp_path / ".env"
        file.write_text("SAID_BY_BOTH=file\nSAID_BY_FILE='a b'\n")
        environment.read_env_file(str(file))
        assert environment.text("SAID_BY_BOTH") == "environment"
        assert environment.text("SAID_BY_FILE") == "a b"

    def test_may_be_missing(self, tmp_path):
        environment.read_env_file(str(tmp_path / "none"))


class TestStart:
    """Started for real: one sentence, no traceback."""

    @staticmethod
    def start(*command: str, **variables: str) -> subprocess.CompletedProcess:
        # An empty value wins over the .env file a developer may have.
        env = {"PATH": os.environ["PATH"], "ENV_FILE": os.devnull, "SECRET_KEY": "", "DEBUG": ""}
        return subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env=env | {"PYTHONDONTWRITEBYTECODE": "1"} | variables,
            capture_output=True,
            text=True,
            timeout=60,
        )

    def test_without_secret_key_is_refused_in_one_sentence(self):
        done = self.start("manage.py", "check")
        assert done.returncode == 1
        assert done.stdout == ""
        assert done.stderr.startswith("SECRET_KEY is missing")
        assert done.stderr.count("\n") == 1

    @pytest.mark.parametrize(
        ("name", "value"),
        [("DEBUG", "yes"), ("DATABASE_URL", "oracle://x"), ("PROXY_COUNT", "-1"), ("HTTPS", "on")],
    )
    def test_with_nonsense_is_refused_in_one_sentence(self, name, value):
        done = self.start("manage.py", "check", SECRET_KEY="x", **{name: value})
        assert done.returncode == 1
        assert done.stderr.startswith(name)
        assert done.stderr.count("\n") == 1

    def test_of_the_server_is_refused_in_one_sentence(self):
        done = self.start("-c", "import newsroom.wsgi")
        assert done.returncode == 1
        assert done.stderr.startswith("SECRET_KEY is missing")
        assert done.stderr.count("\n") == 1

    def test_with_a_key_that_begins_with_a_dollar_sign_succeeds(self):
        done = self.start(
            "manage.py", "check", SECRET_KEY="$ecret", DATABASE_URL="sqlite://:memory:"
        )
        assert (done.returncode, done.stderr) == (0, "")


class TestOrigin:
    def test_is_one_address_or_none(self, monkeypatch):
        monkeypatch.delenv(NAME, raising=False)
        assert environment.origin(NAME) == ""
        monkeypatch.setenv(NAME, "https://news.example.com")
        assert environment.origin(NAME) == "https://news.example.com"

    @pytest.mark.parametrize("value", ["https://a.example,https://b.example", "news", "https://a/"])
    def test_refuses_anything_else(self, value, monkeypatch):
        assert refusal(environment.origin, value, monkeypatch)


class TestMailServer:
    @pytest.mark.parametrize(
        ("url", "server"),
        [
            ("", ("", 25, "", "", False, False)),
            ("smtp://mail.example.com", ("mail.example.com", 25, "", "", False, False)),
            ("smtp://10.0.0.8:2525/", ("10.0.0.8", 2525, "", "", False, False)),
            (
                "smtp+tls://news:p%40ss@mail.example.com",
                ("mail.example.com", 587, "news", "p@ss", False, True),
            ),
            (
                "smtps://news%40example.com:x@mail.example.com:4650",
                ("mail.example.com", 4650, "news@example.com", "x", True, False),
            ),
        ],
    )
    def test_is_an_address(self, monkeypatch, url, server):
        monkeypatch.setenv(NAME, url)
        assert environment.mail_server(NAME) == server

    @pytest.mark.parametrize(
        "value",
        [
            "mail.example.com",
            "smtp://",
            "smtp://:25",
            "http://mail.example.com",
            "smtp://mail.example.com:x",
            "smtp://mail.example.com:0",
            "smtp://mail.example.com/path",
            "smtp://news:pass/word@mail.example.com",
            "smtp://news:pass#word@mail.example.com",
            "smtp://[",
        ],
    )
    def test_refuses_anything_else(self, monkeypatch, value):
        assert "smtp://host:25" in refusal(environment.mail_server, value, monkeypatch)


class TestMailbox:
    @pytest.mark.parametrize("value", ["news@example.com", "集团新闻 <news@example.com>"])
    def test_is_one_address(self, monkeypatch, value):
        monkeypatch.setenv(NAME, value)
        assert environment.mailbox(NAME, default="a@localhost") == value

    def test_has_a_default(self, monkeypatch):
        monkeypatch.delenv(NAME, raising=False)
        assert environment.mailbox(NAME, default="newsroom@localhost") == "newsroom@localhost"

    @pytest.mark.parametrize("value", ["news", "news@", "a@b.example, c@d.example", "@example.com"])
    def test_refuses_anything_else(self, monkeypatch, value):
        assert "one address" in refusal(environment.mailbox, value, monkeypatch, default="")
