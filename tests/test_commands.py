"""Commands that only parse and call."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from articles.models import ArticleViews, DailyViews, ViewInbox
from tests.conftest import NOON
from tests.factories import figure, make_edition, make_image
from tests.visits.looking import ARTICLE, days, put_up, receive, visit

pytestmark = pytest.mark.django_db


class TestDrainViews:
    def test_moves_what_waits(self, noon, capsys):
        receive(put_up(ARTICLE), visit(1))
        call_command("drain_views")
        assert capsys.readouterr().out == "1 rows of the inbox drained\n"
        assert not ViewInbox.objects.exists()
        assert DailyViews.objects.get().views == 1


@pytest.mark.usefixtures("noon")
class TestAuditViews:
    @pytest.fixture
    def counted(self, editor):
        story = make_edition(by=editor)
        for number in range(3):
            receive(story.pk, visit(number))
        return story

    def test_finds_what_was_counted(self, counted, capsys):
        call_command("audit_views")
        assert days(counted) == {NOON.date(): 3}
        call_command("audit_views")
        said = "35 days recounted: every figure is as it was counted.\n"
        assert capsys.readouterr().out == said * 2

    def test_ends_with_an_error_where_a_figure_was_edited(self, counted, capsys):
        days(counted)
        ArticleViews.objects.update(total=4)
        with pytest.raises(CommandError, match="1 figures differ"):
            call_command("audit_views")
        said = f"article {counted.pk}, all days: counted 3, shown 4\n"
        assert capsys.readouterr().out == said


class TestExpose:
    def test_makes_the_public_pictures_of_live_stories_again(self, editor, capsys):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        name = edition.cover["source"].removeprefix("/media/")
        default_storage.delete(name)
        call_command("expose")
        assert capsys.readouterr().out == "1 stories exposed\n"
        assert default_storage.exists(name)
