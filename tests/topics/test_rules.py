"""What the rule of a section finds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from articles import publishing
from articles.listing import keeping
from articles.models import TopicSection
from articles.topics import rules
from tests.factories import make_channel, make_department, make_edition

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
RULE = TopicSection.Feed.RULE


def found(noon, *, ended=None, **rule) -> list[int]:
    section = TopicSection(feed=RULE, **rule)
    return [story.article_id for story in rules.find([section], noon, until=ended)]


class TestFind:
    def test_a_channel_with_those_beneath_it_newest_first(self, editor, noon):
        above = make_channel()
        beneath = make_channel(parent=above)
        old = make_edition(by=editor, channel=above, at=noon - 2 * DAY)
        new = make_edition(by=editor, channel=beneath, at=noon - DAY)
        make_edition(by=editor)
        assert found(noon, channel=above) == [new.pk, old.pk]

    def test_a_unit_with_those_beneath_it(self, editor, noon):
        above = make_department()
        beneath = make_department(parent=above)
        row = make_edition(by=editor, source_department=beneath)
        make_edition(by=editor)
        assert found(noon, unit=above) == [row.pk]

    def test_all_conditions_together(self, editor, noon):
        channel, unit = make_channel(), make_department()
        fits = make_edition(by=editor, channel=channel, source_department=unit, tags=["安全"])
        make_edition(by=editor, channel=channel, source_department=unit)
        make_edition(by=editor, channel=channel, tags=["安全"])
        make_edition(by=editor, source_department=unit, tags=["安全"])
        assert found(noon, channel=channel, unit=unit, tag="安全") == [fits.pk]

    def test_days_from_and_until_both_included(self, editor, noon):
        days = [make_edition(by=editor, at=noon - back * DAY, title=str(back)) for back in range(4)]
        wanted = found(noon, since=date(2026, 6, 13), until=date(2026, 6, 14))
        assert wanted == [days[1].pk, days[2].pk]

    def test_nothing_published_after_the_topic_ended(self, editor, noon):
        old = make_edition(by=editor, tags=["安全"], at=noon - 2 * DAY)
        make_edition(by=editor, tags=["安全"], at=noon)
        assert found(noon, tag="安全", ended=noon - DAY) == [old.pk]

    def test_only_what_readers_may_see(self, editor, noon):
        expiring = make_edition(by=editor, tags=["安全"])
        expiring.expires_at = noon + DAY
        expiring.save()
        keeping.shelve(expiring)
        gone = make_edition(by=editor, tags=["安全"])
        publishing.withdraw(gone.article, by=editor, reason="有误")
        assert found(noon, tag="安全") == [expiring.pk]
        assert found(noon + 2 * DAY, tag="安全") == []
        assert found(noon - DAY, tag="安全") == []

    @pytest.mark.parametrize("tag", ["没有的标签", "'; DROP TABLE", "%", "\\", "𠮷", "a" * 100])
    def test_nothing_for_a_tag_nobody_gave(self, editor, noon, tag):
        make_edition(by=editor, tags=["安全"])
        assert found(noon, tag=tag) == []

    def test_no_more_than_is_counted(self, editor, noon, monkeypatch):
        monkeypatch.setattr(rules, "MOST_FOUND", 2)
        for back in range(3):
            make_edition(by=editor, tags=["安全"], at=noon - back * DAY)
        assert len(found(noon, tag="安全")) == 2

    def test_two_statements_however_many_rules(self, editor, noon, django_assert_num_queries):
        make_edition(by=editor, tags=["安全", "保供"])
        both = [TopicSection(pk=n, feed=RULE, tag=tag) for n, tag in enumerate(("安全", "保供"), 1)]
        with django_assert_num_queries(2):
            assert {story.section_id for story in rules.find(both, noon)} == {1, 2}
