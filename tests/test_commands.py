"""Commands that only parse and call."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from articles.models import DailyViews, ViewInbox
from articles.visits import ledger, recognition
from tests.factories import figure, make_edition, make_image

pytestmark = pytest.mark.django_db


class TestDrainViews:
    def test_moves_what_waits(self, noon, capsys):
        visit = recognition.Visit("0" * 32, noon, noon)
        ledger.count(7, visit, noon)
        call_command("drain_views")
        assert capsys.readouterr().out == "1 views drained\n"
        assert not ViewInbox.objects.exists()
        assert DailyViews.objects.get().views == 1


class TestExpose:
    def test_makes_the_public_pictures_of_live_stories_again(self, editor, capsys):
        edition = make_edition(by=editor, body=figure(make_image(by=editor)))
        name = edition.cover["source"].removeprefix("/media/")
        default_storage.delete(name)
        call_command("expose")
        assert capsys.readouterr().out == "1 stories exposed\n"
        assert default_storage.exists(name)
