# ruff: noqa: E501, as one line is one name
"""Programs by the names they give; and everybody else, above all browsers of China.

Held against three collections: our own of Chinese browsers, the crawlers that
crawler-user-agents collects, and the names fake-useragent collected from readers of the web.
"""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import crawleruseragents
import pytest

from articles.visits.robots import is_robot

LIST = Path(__file__).parent.parent / "files" / "chinese_browsers.txt"
CHINESE = [line for line in LIST.read_text().splitlines() if line and not line.startswith("#")]
ROBOTS = """
Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)
Mozilla/5.0 (compatible; Baiduspider-render/2.0; +http://www.baidu.com/search/spider.html)
Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)
Mozilla/5.0 (compatible; 360Spider; http://webscan.360.cn)
Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 Chrome/50.0 Safari/537.36; 360Spider
Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (compatible; YisouSpider/5.0)
Mozilla/5.0 (iPhone; CPU iPhone OS 10_3 like Mac OS X) Mobile/14E277 Safari/603.1.30 YisouSpider
Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)
Mozilla/5.0 (compatible;PetalBot;+https://webmaster.petalsearch.com/site/petalbot)
Mozilla/5.0 (Linux; Android 7.0;) AppleWebKit/537.36 Mobile Safari/537.36 (compatible; PetalBot)
Mozilla/5.0 (Macintosh) AppleWebKit/600.2.5 (Applebot/0.1; +http://www.apple.com/go/applebot)
Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36
Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/109.0 Mobile Safari/537.36 Chrome-Lighthouse
DingTalkBot-LinkService/1.0 (+https://www.dingtalk.com)
curl/8.5.0
Wget/1.21.3
Wget/1.16.1 (darwin15.2.0)
python-requests/2.31.0
Python-urllib/3.11
Go-http-client/2.0
Java/1.8.0_181
okhttp/4.9.0
axios/1.6.0
Apache-HttpClient/4.5.13 (Java/11.0.20)
Mozilla/5.0 (Windows NT; Windows NT 10.0; zh-CN) WindowsPowerShell/5.1.19041
Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)
Prometheus/2.45.0
Blackbox Exporter/0.24.0
facebookexternalhit/1.1
Lavf/58.29.100
-
""".strip().splitlines()


def found(names: set[str]) -> set[str]:
    return {name for name in names if is_robot(name)}


class TestPeople:
    @pytest.mark.parametrize("name", CHINESE)
    def test_with_chinese_browsers_are_not_taken_for_programs(self, name):
        assert not is_robot(name)

    def test_have_many_browsers(self):
        assert len(CHINESE) == len(set(CHINESE)) >= 150

    def test_of_the_world_are_hardly_ever_taken_for_programs(self):
        lines = files("fake_useragent.data").joinpath("browsers.jsonl").read_text().splitlines()
        names = {json.loads(line)["useragent"] for line in lines}
        assert len(names) > 500
        assert len(found(names)) < 0.002 * len(names)


class TestPrograms:
    @pytest.mark.parametrize("name", [*ROBOTS, "", " "])
    def test_are_known(self, name):
        assert is_robot(name)

    def test_are_most_that_others_collected(self):
        listed = crawleruseragents.CRAWLER_USER_AGENTS_DATA
        names = {name for crawler in listed for name in crawler.get("instances", [])}
        assert len(names) > 1000
        assert len(found(names)) > 0.95 * len(names)


@pytest.mark.parametrize("length", [1_000, 100_000])
@pytest.mark.parametrize(
    "part", ["a", "compatible; ", "http", "Mozilla (", "msie compatible ", "\n"]
)
def test_a_long_name_takes_no_longer_than_it_is(part, length):
    """No header is that long: the server refuses it. Only whoever changes the rules asks."""
    is_robot((part * length)[:length])
