"""Which readers are programs, by the name they give. Pure.

The COUNTER list of robots is not used: its pattern `core` calls Huawei's browser (HMSCore) a
robot, with every sixth browser of China. A list of all crawlers there are is not used either: it
has to be kept up to date and takes a thousand times as long. Four short rules are held against
such lists and the names of browsers instead (tests/visits/test_robots.py).
"""

from __future__ import annotations

import re
from functools import lru_cache

# 1. It says what it is.
_ROBOT = re.compile(
    r"""
    (?<!cu)bot(?:[^a-z]|$)             # Googlebot/2.1; a Cubot is a telephone
    | bot[-_] | crawl | spider | slurp | archiver | scrap(?:er|y|ing) | fetch
    | headless | phantomjs | lighthouse | selenium | puppeteer | playwright | synthetic
    | externalhit | preview | validator | monitor | uptime | pingdom | zabbix | nagios
    | prometheus | blackbox | statuscake | mediapartners | feed(?:burner|ly|parser)
    | scan(?:ner)?\b | (?:link|site|seo|page|url)[-_ ]?check | inspect | agent[-/] | -agent
    | ^(?:curl|wget|python|java|go-http|okhttp|axios|node|undici|ruby|perl|php|libwww|lwp|aiohttp
        |httpx|httpie|apache-httpclient|postman|insomnia|guzzle|rest-client)
    | python-(?:requests|urllib|httpx) | apache-httpclient | libcurl | httpclient | powershell
    # 2. It says where to ask about it; so does a part for Delphi programs that shows pages.
    | (?<!from:\ )https?://(?!bsalsa) | \+[a-z]+@ | [(;+]\s?www\.
    """,
    re.IGNORECASE | re.VERBOSE,
)
# 3. It calls itself compatible with browsers, and is none of those that did in their time.
_COMPATIBLE = re.compile(
    r"^(?!.*(?:msie|trident|opera|konqueror|embeddedwb)).*compatible", re.IGNORECASE
)
# 4. It names neither a browser nor anything a browser or a download manager runs on.
_READER = re.compile(
    r"""
    mozilla | opera | firefox | webkit | gecko | ucweb | ^juc | android | harmony | iphone | ipad
    | darwin | windows | x11 | blackberry | symbian | nokia | midp
    """,
    re.IGNORECASE | re.VERBOSE,
)


# Few names come again and again.
@lru_cache(maxsize=500)
def is_robot(user_agent: str) -> bool:
    """Whether a program asks: one that says so, or one that does not say what people read with."""
    return (
        _READER.search(user_agent) is None
        or _ROBOT.search(user_agent) is not None
        or _COMPATIBLE.search(user_agent) is not None
    )
