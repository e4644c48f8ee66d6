"""The page on which correction notes are written and taken back."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from articles.models import Correction
from tests.factories import make_article, make_edition

pytestmark = pytest.mark.django_db

WORDS = "第三段“1.2万吨”有误，应为“1200吨”。"


def url_of(article_id: int) -> str:
    return reverse("admin:articles_article_corrections", args=[article_id])


def take_back_url(note: Correction) -> str:
    name = "admin:articles_article_take_correction_back"
    return reverse(name, args=[note.edition_id, note.pk])


class TestCorrections:
    def test_a_note_stands_on_the_page_at_once_and_in_the_log(self, as_editor, editor):
        edition = make_edition(by=editor)
        assert WORDS not in as_editor.get(edition.get_absolute_url()).content.decode()
        answer = as_editor.post(url_of(edition.pk), {"words": WORDS}, follow=True)
        assert WORDS in answer.content.decode()
        assert WORDS in as_editor.get(edition.get_absolute_url()).content.decode()
        assert WORDS in LogEntry.objects.latest("pk").change_message

    def test_one_that_was_taken_back_is_gone_and_in_the_log(self, as_editor, editor):
        edition = make_edition(by=editor)
        as_editor.post(url_of(edition.pk), {"words": WORDS})
        as_editor.get(edition.get_absolute_url())
        as_editor.post(take_back_url(Correction.objects.get()))
        assert WORDS not in as_editor.get(edition.get_absolute_url()).content.decode()
        assert WORDS in LogEntry.objects.latest("pk").change_message

    def test_says_what_is_missing_and_keeps_what_was_typed(self, as_editor, editor):
        edition = make_edition(by=editor)
        long = "字" * 301
        answer = as_editor.post(url_of(edition.pk), {"words": long})
        assert answer.status_code == 422
        assert long in answer.content.decode()
        assert 'role="alert"' in answer.content.decode()

    def test_shows_script_as_text(self, as_editor, editor):
        edition = make_edition(by=editor)
        as_editor.post(url_of(edition.pk), {"words": "<script>alert(1)</script>"})
        for address in (url_of(edition.pk), edition.get_absolute_url()):
            assert "<script>alert" not in as_editor.get(address).content.decode()

    def test_is_404_for_writers_outsiders_and_drafts(self, client, editor, writer, outsider):
        edition, draft = make_edition(by=editor), make_article(by=editor)
        Correction.objects.create(edition=edition, text=WORDS, made_by=editor)
        note = Correction.objects.get()
        for person in (writer, outsider):
            client.force_login(person, backend="newsroom.authentication.OneStatementBackend")
            assert client.post(url_of(edition.pk), {"words": "x"}).status_code == 404
            assert client.post(take_back_url(note)).status_code == 404
        client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
        assert client.get(url_of(draft.pk)).status_code == 404
        assert Correction.objects.count() == 1

    def test_a_second_click_changes_nothing(self, as_editor, editor):
        edition = make_edition(by=editor)
        for _click in range(2):
            assert as_editor.post(url_of(edition.pk), {"words": WORDS}).url == url_of(edition.pk)
        note = Correction.objects.get()
        for _click in range(2):
            assert as_editor.post(take_back_url(note)).url == url_of(edition.pk)
        assert not Correction.objects.exists()

    def test_a_note_belongs_to_its_story(self, as_editor, editor):
        one, other = make_edition(by=editor), make_edition(by=editor)
        note = Correction.objects.create(edition=one, text=WORDS, made_by=editor)
        name = "admin:articles_article_take_correction_back"
        answers = [
            as_editor.post(reverse(name, args=[other.pk, number])).url for number in (note.pk, 999)
        ]
        assert answers == [url_of(other.pk)] * 2
        assert as_editor.get(take_back_url(note)).status_code == 405
        assert Correction.objects.count() == 1

    def test_the_bar_of_the_form_leads_there_once_published(self, as_editor, editor):
        edition, draft = make_edition(by=editor), make_article(by=editor)
        change = "admin:articles_article_change"
        published = as_editor.get(reverse(change, args=[edition.pk])).content.decode()
        assert url_of(edition.pk) in published
        unpublished = as_editor.get(reverse(change, args=[draft.pk])).content.decode()
        assert url_of(draft.pk) not in unpublished
