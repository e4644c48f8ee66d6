"""Django's sentences in our own Chinese: still Django's, all translated, shown to staff."""

from __future__ import annotations

import json
from pathlib import Path

import django
import polib
import pytest
import taggit
from django.utils.translation import gettext, override

from articles.admin import words
from tests.factories import make_channel, make_department

pytestmark = pytest.mark.django_db

THEIRS = (
    (django, "contrib/admin", "django"),
    (django, "contrib/admin", "djangojs"),
    (django, "contrib/auth", "django"),
    (taggit, "", "django"),
)


def known() -> set[str]:
    return {
        entry.msgid
        for package, app, domain in THEIRS
        for entry in polib.pofile(
            str(Path(package.__path__[0]) / app / f"locale/en/LC_MESSAGES/{domain}.po")
        )
    }


class TestEverySentence:
    def test_is_one_that_django_says(self):
        assert not {*words.PAGES, *words.SCRIPTS} - known()

    def test_is_said_in_chinese(self):
        for sentence in (*words.PAGES, *words.SCRIPTS):
            assert gettext(sentence) != sentence

    def test_stays_as_it_is_in_english(self):
        with override("en"):
            for sentence in (*words.PAGES, *words.SCRIPTS):
                assert gettext(sentence) == sentence


class TestPages:
    @pytest.mark.parametrize(
        ("address", "said", "stiff"),
        [
            ("/admin/articles/channel/{pk}/change/", "修改栏目", "修改 栏目"),
            ("/admin/articles/channel/{pk}/delete/", "确定删除栏目“集团新闻”吗", "你确认"),
            ("/admin/articles/channel/{pk}/history/", "集团新闻的修改记录", "变更历史"),
            ("/admin/articles/channel/", "批量操作", "动作"),
            ("/admin/articles/article/", "按栏目", "以 栏目"),
            ("/admin/auth/user/add/", "再输一遍密码", "密码确认"),
            ("/admin/password_change/", "修改密码", "安全起见"),
            ("/admin/", "退出登录", "注销"),
        ],
    )
    def test_speak_as_the_house_does(self, as_chief, address, said, stiff):
        html = as_chief.get(address.format(pk=make_channel().pk)).content.decode()
        assert said in html
        assert stiff not in html

    def test_name_the_trail_as_the_portal_does(self, as_chief):
        html = as_chief.get("/admin/articles/channel/").content.decode()
        assert 'aria-label="当前位置"' in html
        assert "条形导航" not in html

    def test_say_why_a_row_in_use_stays(self, as_chief):
        above = make_department(name="能源公司")
        make_department(name="栎坪煤矿", parent=above)
        html = as_chief.get(f"/admin/articles/department/{above.pk}/delete/").content.decode()
        assert "请先把它们改到别处" in html
        assert "栎坪煤矿" in html

    def test_tell_a_failed_log_in_what_to_do(self, client, editor):
        answer = client.post("/admin/login/", {"username": "editor", "password": "wrong"})
        assert "请核对后再输" in answer.content.decode()

    def test_count_rows_in_a_sentence(self, as_chief):
        for number in range(3):
            make_department(name=f"第{number}公司")
        assert "共3个" in as_chief.get("/admin/articles/department/").content.decode()


class TestScripts:
    def test_know_the_words_too(self, as_chief):
        catalogue = as_chief.get("/admin/jsi18n/").content.decode()
        for sentence in words.SCRIPTS:
            assert json.dumps(gettext(sentence)) in catalogue
