"""The page of what was read most, and the ways to it."""

from __future__ import annotations

import pytest

from articles.models import ArticleViews, DailyViews
from tests.conftest import NOON
from tests.factories import make_edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("noon")]


@pytest.fixture
def read(editor):
    story = make_edition(by=editor, title="大家都在看")
    DailyViews.objects.create(article_id=story.pk, day=NOON.date(), views=4)
    ArticleViews.objects.filter(pk=story.pk).update(heat=1200)
    return story


class TestHotPage:
    def test_shows_four_lists(self, client, read):
        html = client.get("/hot/").content.decode()
        for period in ("day", "week", "month", "lately"):
            assert f'<a href="#{period}">' in html
            assert f'<h2 id="{period}">' in html
        assert html.count('data-via="hot"') == html.count("大家都在看") == 4

    def test_says_where_nothing_was_read(self, client, editor):
        make_edition(by=editor)
        html = client.get("/en/hot/").content.decode()
        assert html.count("Nothing was read in this time yet.") == 4

    def test_is_led_to_from_the_front_page(self, client, read):
        html = client.get("/").content.decode()
        for period in ("day", "month", "lately"):
            assert f'href="/hot/#{period}"' in html
        assert '<ol data-via="hot">' in html

    def test_is_kept_and_sets_no_cookie(self, client, read, django_assert_max_num_queries):
        assert not client.get("/hot/").cookies
        with django_assert_max_num_queries(1):
            client.get("/hot/")
