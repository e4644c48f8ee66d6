"""Which readers are programs, by the name they give. Pure.

The COUNTER list of robots is not used: its pattern `core` calls Huawei's browser (HMSCore) a
robot, with every sixth browser of China. The words below were held against the names that
Chinese browsers and in-app browsers give themselves (tests/visits/test_robots.py).
"""

from __future__ import annotations

import re

_ROBOT = re.compile(
    r"""
    (?<!cu)bot(?:[^a-z]|$)             # Googlebot/2.1; a Cubot is a telephone
    | bot[-_] | crawl | spider | slurp | archiver | scrap(?:er|y) | fetcher
    | headless | phantomjs | lighthouse | selenium | puppeteer | playwright
    | externalhit | preview | validator | monitor | uptime | pingdom | zabbix | nagios
    | prometheus | blackbox | statuscake | mediapartners | feed(?:burner|ly|fetch|parser)
    | ^(?:curl|wget|python|java|go-http|okhttp|axios|node|undici|ruby|perl|php|libwww|lwp|aiohttp
        |httpx|httpie|apache-httpclient|postman|insomnia|guzzle|rest-client|powershell)
    | python-(?:requests|urllib|httpx) | apache-httpclient | libcurl
    """,
    re.IGNORECASE | re.VERBOSE,
)


def is_robot(user_agent: str) -> bool:
    """Whether a program asks: one that says so, or one that says nothing at all."""
    name = user_agent.strip()
    return len(name) < 2 or _ROBOT.search(name) is not None
