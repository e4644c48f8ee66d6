"""Reading settings from the environment, refusing nonsense in one sentence.

django-environ parses addresses of databases and caches; it takes every unknown word for
False, though, so flags, numbers and lists are read here.
"""

import re
from email.utils import getaddresses
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

env = environ.Env()

# A name with an optional leading dot (all names beneath it), or an IPv6 address in brackets.
HOST = re.compile(r"\.?[0-9a-z_-]+(\.[0-9a-z_-]+)*|\[[0-9a-f:.]+\]", re.IGNORECASE)
ORIGIN = re.compile(r"https?://[^/?#@\s]+")


# What is in memory dies with the process: for tests.
IN_MEMORY = "sqlite://:memory:"


def read_env_file(path: str) -> None:
    """Adds what the file `.env` says to the environment; the environment itself wins."""
    environ.Env.read_env(path, overwrite=False)


def text(name: str, default: str = "") -> str:
    """The value as it stands; `env.str` would take $secret for the name of another variable."""
    return env.ENVIRON.get(name, default).strip()


def flag(name: str, *, default: bool) -> bool:
    """True or False. Anything else stops the start: a mistyped DEBUG must not guess."""
    value = text(name)
    if not value:
        return default
    answers = {"true": True, "1": True, "false": False, "0": False}
    if value.lower() not in answers:
        raise ImproperlyConfigured(f"{name} is “{value}”: write True or False.")
    return answers[value.lower()]


def number(name: str, *, default: int, least: int = 0, most: int = 10**9) -> int:
    value = text(name)
    if not value:
        return default
    if not re.fullmatch("[0-9]{1,18}", value) or not least <= int(value) <= most:
        raise ImproperlyConfigured(
            f"{name} is “{value}”: write a whole number from {least} to {most}."
        )
    return int(value)


def words(name: str, *, default: str = "") -> list[str]:
    """A list written with commas: `news.example.com,10.0.0.8`."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def hosts(name: str, *, default: str) -> list[str]:
    """Host names without scheme, port or path. A bare * is refused: it switches protection off."""
    names = words(name, default=default)
    for host in names:
        if not HOST.fullmatch(host):
            raise ImproperlyConfigured(
                f"{name} holds “{host}”: write host names only, such as news.example.com."
            )
    return names


def _scheme(address: str) -> str:
    """The scheme of an address; "" when brackets or port are nonsense."""
    try:
        parts = urlsplit(address)
        return parts.scheme if parts.port != 0 else ""
    except ValueError:
        return ""


def origins(name: str) -> list[str]:
    names = words(name)
    for origin in names:
        if not ORIGIN.fullmatch(origin) or not _scheme(origin):
            raise ImproperlyConfigured(
                f"{name} holds “{origin}”: write scheme and host, such as https://news.example.com."
            )
    return names


def origin(name: str) -> str:
    """One origin, such as https://news.example.com; "" when there is none."""
    found = origins(name)
    if len(found) > 1:
        raise ImproperlyConfigured(f"{name} holds {len(found)} addresses: write one.")
    return found[0] if found else ""


def database(name: str, *, default: str) -> dict:
    """A Django DATABASES entry for SQLite or PostgreSQL, with the house's own options.

    SQLite: Django's default loses about half of concurrent read-then-write requests to
    "database is locked"; BEGIN IMMEDIATE loses none. synchronous=FULL keeps acknowledged
    commits over a power cut, NORMAL does not in WAL mode.
    """
    url = text(name, default)
    scheme = "sqlite" if url == IN_MEMORY else _scheme(url)
    if scheme not in ("sqlite", "postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"{name} is “{url}”: write sqlite:///path/to/file or postgres://user:password@host/name."
        )
    config = env.db_url_config(url)
    if scheme == "sqlite":
        config["OPTIONS"] = {
            "timeout": 5,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            ),
        }
        # Opening the file costs more than a kept page. A restored file is seen after a minute.
        config["CONN_MAX_AGE"] = number("CONN_MAX_AGE", default=60)
        return config
    if not config["NAME"]:
        raise ImproperlyConfigured(
            f"{name} names no database: add it after the host, as in host/name."
        )
    config["CONN_MAX_AGE"] = number("CONN_MAX_AGE", default=60)
    config["CONN_HEALTH_CHECKS"] = True
    config.setdefault("OPTIONS", {})["options"] = "-c statement_timeout=10s -c lock_timeout=5s"
    return config


def search_server(name: str) -> str:
    """The address of an OpenSearch server and of the index on it; "" for the database's own."""
    url = text(name)
    if url and (_scheme(url) not in ("opensearch", "opensearchs") or not urlsplit(url).hostname):
        raise ImproperlyConfigured(
            f"{name} is “{url}”: write opensearch://host:9200/newsroom, with opensearchs for https."
        )
    return url


class MailServer(NamedTuple):
    """Secret from the first byte on (`smtps`), or from STARTTLS on (`smtp+tls`)."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    is_secret: bool = False
    becomes_secret: bool = False


MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mail_server(name: str) -> MailServer:
    """The server that takes messages; without a host where there is none."""
    url = text(name)
    if not url:
        return MailServer()
    scheme = _scheme(url)
    if scheme not in MAIL_PORTS or not urlsplit(url).hostname or _has_more(url):
        raise ImproperlyConfigured(
            f"{name} is “{url}”: write smtp://host:25, smtp+tls://user:password@host:587 or "
            "smtps://user:password@host:465."
        )
    parts = urlsplit(url)
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or MAIL_PORTS[scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_secret=scheme == "smtps",
        becomes_secret=scheme == "smtp+tls",
    )


def _has_more(url: str) -> bool:
    """Whether something follows the host: a path, or a password with a character not quoted."""
    parts = urlsplit(url)
    return bool(parts.path.strip("/") or parts.query or parts.fragment)


def mailbox(name: str, *, default: str) -> str:
    """One address that messages come from, with a name before it or not."""
    value = text(name, default) or default
    try:
        [(_name, address)] = getaddresses([value])
        validate_email(address)
    except (ValueError, ValidationError) as error:
        raise ImproperlyConfigured(
            f"{name} is “{value}”: write one address, such as news@example.com or "
            "集团新闻 <news@example.com>."
        ) from error
    return value


def cache(name: str, *, default: str) -> dict:
    """A Django CACHES entry: local memory, or Redis with timeouts so short that pages go on."""
    url = text(name, default)
    if _scheme(url) not in ("locmem", "locmemcache", "redis", "rediss"):
        raise ImproperlyConfigured(f"{name} is “{url}”: write locmem:// or redis://host:6379/0.")
    if url.startswith("locmem"):
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_connect_timeout": 0.3, "socket_timeout": 0.3},
    }
