# ruff: noqa: E501, as one line is one name
"""Programs by the names they give; and everybody else, above all browsers of China."""

from __future__ import annotations

import pytest

from articles.visits.robots import is_robot

READERS = """

Mozilla/5.0 (Linux; Android 12; NOH-AN00 Build/HUAWEINOH-AN00; HMSCore 6.11.0.302) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/99.0.4844.88 HuaweiBrowser/13.0.5.303 Mobile Safari/537.36
Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.44(0x18002c2f) NetType/WIFI Language/zh_CN
Mozilla/5.0 (Windows NT 10.0; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/86.0.4240.198 Safari/537.36 QBCore/4.0.1326.400 QQBrowser/9.0.2524.400 wxwork/4.1.10 MicroMessenger/6.2
Mozilla/5.0 (Linux; Android 13; V2199A) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/87.0.4280.141 Mobile Safari/537.36 baiduboxapp/13.45.0.10
Mozilla/5.0 (Linux; U; Android 12; zh-CN; CUBOT P50) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/100.0.4896.58 UCBrowser/15.5.8.1248 Mobile Safari/537.36
Mozilla/5.0 (iPhone; CPU iPhone OS 16_6 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 AliApp(DingTalk/7.0.40) com.laiwang.DingTalk/31533570
Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/114.0.0.0 Safari/537.36 Lark/7.6.9 LarkLocale/zh_CN
Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0; 360SE) like Gecko
Mozilla/5.0 (X11; Linux aarch64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/78.0.3904.108 Safari/537.36 UOS
AndroidDownloadManager/12 (Linux; U; Android 12; JEF-AN00)
Dalvik/2.1.0 (Linux; U; Android 11; MI 9)
""".strip().splitlines()
ROBOTS = """
Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)
Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)
Mozilla/5.0 (compatible; Baiduspider-render/2.0; +http://www.baidu.com/search/spider.html)
Sogou web spider/4.0(+http://www.sogou.com/docs/help/webmasters.htm#07)
Mozilla/5.0 (compatible; 360Spider; http://webscan.360.cn)
Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (compatible; YisouSpider/5.0)
Mozilla/5.0 (Linux; Android 5.0) AppleWebKit/537.36 (compatible; Bytespider; spider-feedback@bytedance.com)
Mozilla/5.0 (compatible;PetalBot;+https://webmaster.petalsearch.com/site/petalbot)
Mozilla/5.0 (Macintosh) AppleWebKit/600.2.5 (Applebot/0.1; +http://www.apple.com/go/applebot)
Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0.0.0 Safari/537.36
Mozilla/5.0 (Linux; Android 11) AppleWebKit/537.36 Chrome/109.0 Mobile Safari/537.36 Chrome-Lighthouse
DingTalkBot-LinkService/1.0 (+https://www.dingtalk.com)
curl/8.5.0
Wget/1.21.3
python-requests/2.31.0
Python-urllib/3.11
Go-http-client/2.0
Java/1.8.0_181
okhttp/4.9.0
axios/1.6.0
Apache-HttpClient/4.5.13 (Java/11.0.20)
Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)
Prometheus/2.45.0
Blackbox Exporter/0.24.0
facebookexternalhit/1.1
-
""".strip().splitlines()


@pytest.mark.parametrize("name", READERS)
def test_people_are_not_taken_for_programs(name):
    assert not is_robot(name)


@pytest.mark.parametrize("name", [*ROBOTS, "", " "])
def test_programs_are_known(name):
    assert is_robot(name)
