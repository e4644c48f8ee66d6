"""Saving by a script: every answer it may get, and what each leaves behind."""

from __future__ import annotations

import re
from itertools import count
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import binning, writing
from articles.admin import receipts
from articles.models import Article, Edition, Presence, Revision, SaveReceipt
from tests.factories import figure, make_article, make_channel, make_edition, make_image

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"
NEW = "/admin/articles/article/autosave/"
KEPT_NEW = "/admin/articles/article/kept/"
SITTING, OTHER_SITTING = "a" * 32, "b" * 32
BACKEND = "newsroom.authentication.OneStatementBackend"


def autosave(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/autosave/"


def article_page(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def stay(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/presence/"


def kept(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/kept/"


def fields(by, **given) -> dict[str, str]:
    """What the page's script sends for a form that lacks nothing."""
    return {
        "kicker": "",
        "title": "同心同向 实干争先",
        "subtitle": "",
        "short_title": "",
        "summary": "",
        "body": "<p>正文第一段。</p>",
        "outside_source": "新华网",
        "byline": "王芳",
        "tags": "",
        "based_on": "0",
        "receipt": str(uuid4()),
        "sitting": SITTING,
        "_autosave": "1",
        "_writer": str(by.pk),
        **{name: str(value) for name, value in given.items()},
    }


def on_purpose(sent: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in sent.items() if name != "_autosave"} | {"_save": "1"}


def published(sent: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in sent.items() if name != "_autosave"} | {"_publish": "1"}


def autosaved(sent: dict[str, str]) -> dict[str, str]:
    return sent


def logged_in(user) -> Client:
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def first_blind(look):
    """A way to look that sees nothing the first time."""
    calls = count()
    return lambda request: look(request) if next(calls) else None


@pytest.fixture
def article(writer) -> Article:
    return make_article(by=writer, outside_source="新华网")


class TestAutosave:
    def test_makes_an_article_and_says_where_it_is(self, as_writer, writer):
        answer = as_writer.post(NEW, fields(writer, channel=make_channel().pk))
        article = Article.objects.get()
        told = answer.json()
        assert answer.status_code == 200
        assert (told["article"], told["version"]) == (article.pk, 1)
        assert told["urls"]["change"] == f"/admin/articles/article/{article.pk}/change/"
        assert re.fullmatch(r"\d\d:\d\d:\d\d", told["saved_at"])
        assert told["saved_at"] in told["message"]
        assert f'data-save-url="{autosave(article)}"' in told["bar"]
        assert f'data-presence-url="{stay(article)}"' in told["bar"]
        assert article.status == "draft"
        assert article.revisions.get().is_autosave

    def test_never_writes_to_the_log_and_never_publishes(self, as_editor, editor):
        sent = fields(editor, channel=make_channel().pk, _publish=1)
        assert as_editor.post(NEW, sent).status_code == 200
        assert not LogEntry.objects.exists()
        assert not Edition.objects.exists()

    def test_of_one_sitting_is_one_revision(self, as_writer, writer, article):
        version = 1
        for words in ("一", "一二", "一二三"):
            sent = fields(writer, channel=article.channel_id, title=words, based_on=version)
            version = as_writer.post(autosave(article), sent).json()["version"]
        assert list(article.revisions.values_list("number", flat=True)) == [4, 1]
        assert Article.objects.get().title == "一二三"

    def test_leaves_what_readers_see(self, as_editor, editor):
        edition = make_edition(by=editor, outside_source="新华网")
        article = Article.objects.get()
        sent = fields(editor, channel=article.channel_id, title="未发布的改动", based_on=1)
        told = as_editor.post(autosave(article), sent).json()
        edition.refresh_from_db()
        assert edition.title == "同心同向 实干争先"
        assert "state-published" in told["bar"]

    def test_without_a_change_is_no_version(self, as_writer, writer, article):
        sent = fields(writer, channel=article.channel_id, based_on=1)
        assert as_writer.post(autosave(article), sent).json()["version"] == 1

    def test_files_a_receipt_only_for_what_is_new(self, as_writer, writer, article):
        sent = fields(writer, channel=article.channel_id, title="改", based_on=1)
        as_writer.post(autosave(article), sent)
        assert not SaveReceipt.objects.exists()
        as_writer.post(NEW, fields(writer, channel=article.channel_id))
        assert SaveReceipt.objects.count() == 1


class TestSavingOnPurpose:
    def test_is_a_version_that_no_autosave_replaces(self, as_writer, writer, article):
        by_itself = fields(writer, channel=article.channel_id, title="一", based_on=1)
        as_writer.post(autosave(article), by_itself)
        told = as_writer.post(autosave(article), on_purpose(by_itself | {"based_on": "2"})).json()
        assert told["version"] == 2
        assert not article.revisions.get(number=2).is_autosave
        later = fields(writer, channel=article.channel_id, title="二", based_on=2)
        as_writer.post(autosave(article), later)
        assert list(article.revisions.values_list("number", flat=True)) == [3, 2, 1]

    def test_is_in_the_log_and_names_the_version(self, as_writer, writer, article):
        sent = on_purpose(fields(writer, channel=article.channel_id, title="改", based_on=1))
        told = as_writer.post(autosave(article), sent).json()
        assert "（第2版）" in told["message"]
        assert LogEntry.objects.get().object_id == str(article.pk)

    def test_does_not_publish(self, as_editor, editor):
        sent = on_purpose(fields(editor, channel=make_channel().pk, _publish=1))
        as_editor.post(NEW, sent)
        assert Article.objects.get().status == "draft"


class TestALostAnswer:
    """The save was committed, the browser never heard of it."""

    def test_makes_no_second_article(self, as_writer, writer):
        sent = fields(writer, channel=make_channel().pk)
        first, second = as_writer.post(NEW, sent).json(), as_writer.post(NEW, sent).json()
        assert Article.objects.count() == 1
        assert (first["article"], first["version"]) == (second["article"], second["version"])

    def test_makes_no_second_article_of_further_words(self, as_writer, writer):
        sent = fields(writer, channel=make_channel().pk)
        as_writer.post(NEW, sent)
        told = as_writer.post(NEW, sent | {"title": "又写了几个字"}).json()
        article = Article.objects.get()
        assert (article.title, article.version) == ("又写了几个字", told["version"])
        assert article.revisions.count() == 1

    def test_makes_no_conflict_with_oneself(self, as_writer, writer, article):
        sent = fields(writer, channel=article.channel_id, title="一", based_on=1)
        as_writer.post(autosave(article), sent | {"step": 1})
        answer = as_writer.post(autosave(article), sent | {"title": "一二", "step": 2})
        assert answer.status_code == 200
        assert article.revisions.count() == 2

    def test_that_comes_after_newer_words_changes_nothing(self, as_writer, writer, article):
        sent = fields(writer, channel=article.channel_id, title="一", based_on=1)
        as_writer.post(autosave(article), sent | {"title": "一二", "step": 2})
        late = as_writer.post(autosave(article), sent | {"step": 1})
        assert late.status_code == 409
        assert late.json()["problem"]
        assert Article.objects.get().title == "一二"

    def test_makes_no_conflict_for_the_button(self, as_writer, writer, article):
        sent = fields(writer, channel=article.channel_id, title="一", based_on=1)
        as_writer.post(autosave(article), sent)
        address = f"/admin/articles/article/{article.pk}/change/"
        assert as_writer.post(address, on_purpose(sent)).status_code == 302
        article.refresh_from_db()
        assert (article.title, article.version) == ("一", 2)

    def test_of_two_at_once_makes_one_article(self, as_writer, writer, monkeypatch):
        sent = fields(writer, channel=make_channel().pk)
        as_writer.post(NEW, sent)
        monkeypatch.setattr(receipts, "of", first_blind(receipts.of))
        assert as_writer.post(NEW, sent).status_code == 200
        assert Article.objects.count() == 1


class TestACopiedTab:
    """It has the receipt of the form it was copied from, but another sitting."""

    def test_makes_an_article_of_its_own(self, as_writer, writer):
        sent = fields(writer, channel=make_channel().pk, title="甲")
        as_writer.post(NEW, sent)
        other = sent | {"title": "乙", "sitting": OTHER_SITTING}
        told = as_writer.post(NEW, other).json()
        assert set(Article.objects.values_list("title", "version")) == {("甲", 1), ("乙", 1)}
        # Its answer got lost, and it is sent again; then with further words.
        assert as_writer.post(NEW, other).json()["article"] == told["article"]
        as_writer.post(NEW, other | {"title": "乙，又写了几个字", "step": 2})
        titles = Article.objects.values_list("title", flat=True)
        assert set(titles) == {"甲", "乙，又写了几个字"}

    def test_at_the_same_moment_loses_nothing(self, as_writer, writer, monkeypatch):
        sent = fields(writer, channel=make_channel().pk, title="甲")
        as_writer.post(NEW, sent)
        monkeypatch.setattr(receipts, "of", first_blind(receipts.of))
        as_writer.post(NEW, sent | {"title": "乙", "sitting": OTHER_SITTING})
        assert set(Article.objects.values_list("title", flat=True)) == {"甲", "乙"}

    def test_is_no_page_gone_back_to(self, as_writer, writer):
        sent = fields(writer, channel=make_channel().pk, title="甲")
        as_writer.post(NEW, sent)
        back = {"title": "返回后改的", "sitting": OTHER_SITTING, "continues": SITTING}
        as_writer.post(NEW, sent | back)
        assert Article.objects.get().title == "返回后改的"

    def test_is_no_page_gone_back_to_and_fetched_again(self, as_writer, writer):
        """Its form names the version it shows, newer than what its receipt was filed for."""
        sent = fields(writer, channel=make_channel().pk, title="一")
        as_writer.post(NEW, sent)
        article = Article.objects.get()
        address = autosave(article)
        later = {"title": "二", "receipt": str(uuid4()), "sitting": OTHER_SITTING, "based_on": "1"}
        assert as_writer.post(address, sent | later).status_code == 200
        back = {"title": "三", "sitting": "c" * 32, "continues": SITTING, "based_on": "2"}
        assert as_writer.post(address, sent | back).status_code == 200
        article.refresh_from_db()
        assert article.title == "三"

    def test_gone_back_to_writes_over_nobody(self, as_writer, writer, editor):
        sent = fields(writer, channel=make_channel().pk, title="一")
        as_writer.post(NEW, sent)
        article = Article.objects.get()
        article.title = "别人写的"
        writing.keep(article, body="<p>别人的正文。</p>", tags=[], by=editor, based_on=1)
        back = {"title": "三", "sitting": OTHER_SITTING, "continues": SITTING, "based_on": "1"}
        address = autosave(article)
        assert as_writer.post(address, sent | back).status_code == 409

    @pytest.mark.parametrize("arrived", [{1}, {2}, {3}, {1, 2}, {2, 3}, {1, 2, 3}])
    def test_is_no_page_gone_back_to_more_than_once(self, as_writer, writer, arrived):
        """Sent, reloaded, sent again: whichever of these were saved, it is one article."""
        sent = fields(writer, channel=make_channel().pk)
        pages = [str(number) * 32 for number in range(1, 5)]
        for number, sitting in enumerate(pages, start=1):
            title = f"第{number}次" if number in arrived or number == 4 else ""
            page = {"title": title, "sitting": sitting, "continues": " ".join(pages[: number - 1])}
            answer = as_writer.post(NEW, sent | page)
        assert answer.status_code == 200
        assert Article.objects.get().title == "第4次"

    def test_gone_back_to_is_one_article_too(self, as_writer, writer):
        sent = fields(writer, channel=make_channel().pk, title="甲")
        as_writer.post(NEW, sent)
        copied = sent | {"title": "乙", "sitting": OTHER_SITTING}
        as_writer.post(NEW, copied)
        back = {"title": "乙，返回后改的", "sitting": "c" * 32, "continues": OTHER_SITTING}
        as_writer.post(NEW, copied | back)
        titles = Article.objects.values_list("title", flat=True)
        assert set(titles) == {"甲", "乙，返回后改的"}

    @pytest.mark.parametrize("sittings", [("", OTHER_SITTING), (SITTING, ""), ("", "")])
    def test_cannot_be_told_without_sittings(self, as_writer, writer, sittings):
        first, second = sittings
        sent = fields(writer, channel=make_channel().pk, title="甲", sitting=first)
        as_writer.post(NEW, sent)
        as_writer.post(NEW, sent | {"title": "返回后改的", "sitting": second})
        assert Article.objects.get().title == "返回后改的"


class TestTheOrdinaryForm:
    """Without the script's address a receipt says the same."""

    def test_of_a_copied_tab_publishes_a_story_of_its_own(self, as_editor, editor):
        sent = published(fields(editor, channel=make_channel().pk, title="甲"))
        as_editor.post(ADD, sent)
        answer = as_editor.post(ADD, sent | {"title": "乙", "sitting": OTHER_SITTING})
        live = Edition.objects.live()
        assert set(live.values_list("title", flat=True)) == {"甲", "乙"}
        assert answer.url == article_page(Article.objects.get(title="乙"))

    def test_of_a_copied_tab_at_the_same_moment_loses_nothing(self, as_editor, editor, monkeypatch):
        sent = published(fields(editor, channel=make_channel().pk, title="甲"))
        as_editor.post(ADD, sent)
        monkeypatch.setattr(receipts, "of", first_blind(receipts.of))
        as_editor.post(ADD, sent | {"title": "乙", "sitting": OTHER_SITTING})
        live = Edition.objects.live()
        assert set(live.values_list("title", flat=True)) == {"甲", "乙"}

    def test_of_a_copied_tab_is_compared_like_any_other(self, as_editor, editor):
        article = make_article(by=editor, outside_source="新华网")
        sent = on_purpose(fields(editor, channel=article.channel_id, title="甲", based_on=1))
        as_editor.post(article_page(article), sent)
        copied = sent | {"title": "乙", "sitting": OTHER_SITTING}
        answer = as_editor.post(article_page(article), copied)
        assert answer.status_code == 409
        article.refresh_from_db()
        assert (article.title, article.version) == ("甲", 2)

    @pytest.mark.parametrize("sitting", [SITTING, OTHER_SITTING, ""])
    def test_with_a_receipt_of_another_article_changes_neither(self, as_editor, editor, sitting):
        one, two = (make_article(by=editor, outside_source="新华网", title=t) for t in "一二")
        sent = on_purpose(fields(editor, channel=one.channel_id, title="一改", based_on=1))
        assert as_editor.post(autosave(one), sent).status_code == 200
        forged = sent | {"title": "二改", "channel": str(two.channel_id), "sitting": sitting}
        answer = as_editor.post(article_page(two), forged)
        assert answer.status_code == 400
        assert answer.context["adminform"].form.non_field_errors()
        assert list(Article.objects.order_by("pk").values_list("title", flat=True)) == [
            "一改",
            "二",
        ]

    def test_with_a_receipt_of_another_article_leaves_the_bin_alone(self, as_editor, editor):
        one, two = (make_article(by=editor, outside_source="新华网") for _ in range(2))
        sent = on_purpose(fields(editor, channel=one.channel_id, title="改", based_on=1))
        as_editor.post(autosave(one), sent)
        binning.throw_away(two, by=editor)
        as_editor.post(article_page(two), sent)
        two.refresh_from_db()
        assert two.is_binned


class TestTwoEditors:
    def test_the_second_is_told_who_saved(self, as_writer, writer, editor, article):
        theirs = Article.objects.get()
        theirs.title = "编辑的题目"
        writing.keep(theirs, body=theirs.body, tags=[], by=editor, based_on=1)
        sent = fields(writer, channel=article.channel_id, title="作者的题目", based_on=1)
        for words in (sent, on_purpose(sent), sent | {"title": ""}):
            answer = as_writer.post(autosave(article), words)
            told = answer.json()
            assert answer.status_code == 409
            assert (told["by"], told["version"]) == ("editor", 2)
            assert told["by"] in told["problem"]
            assert told["compare"].endswith(f"/{article.pk}/compare/?old=1&new=2")
        article.refresh_from_db()
        assert article.title == "编辑的题目"

    def test_a_save_at_the_same_moment_is_no_accident(
        self, as_writer, writer, editor, article, monkeypatch
    ):
        """Somebody saves between the check and the save."""
        keep = writing.keep

        def meanwhile(*args, **kwargs):
            monkeypatch.undo()
            theirs = Article.objects.get()
            theirs.title = "编辑的题目"
            keep(theirs, body=theirs.body, tags=[], by=editor, based_on=1)
            return keep(*args, **kwargs)

        monkeypatch.setattr(writing, "keep", meanwhile)
        sent = fields(writer, channel=article.channel_id, title="作者的题目", based_on=1)
        assert as_writer.post(autosave(article), sent).status_code == 409
        article.refresh_from_db()
        assert article.title == "编辑的题目"

    def test_a_version_that_only_puts_back_what_was_is_no_conflict(
        self, as_writer, writer, editor, article
    ):
        for title in ("改了", "同心同向 实干争先"):
            theirs = Article.objects.get()
            theirs.title = title
            body, version = theirs.body, theirs.version
            writing.keep(theirs, body=body, tags=[], by=editor, based_on=version)
        sign = {"sitting": SITTING, "based_on": "1"}
        assert as_writer.post(stay(article), sign).json()["newer"] is None
        sent = fields(writer, channel=article.channel_id, title="作者的题目", based_on=1)
        assert as_writer.post(autosave(article), sent).status_code == 200


class TestRefusals:
    def test_what_is_missing_is_named(self, as_writer, writer):
        answer = as_writer.post(NEW, fields(writer, title="", channel=""))
        told = answer.json()
        assert answer.status_code == 422
        assert "标题" in told["problem"]
        assert "栏目" in told["problem"]
        assert set(told["errors"]) == {"title", "channel"}
        assert not Article.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", "长" * 201),
            ("title", "零\0字节"),
            ("channel", "999999"),
            ("tags", "长" * 31),
            ("based_on", "99999999999999999999999"),
            ("receipt", "x"),
            ("sitting", "x"),
            ("body", "<blockquote>" * 200 + "深"),
        ],
    )
    def test_what_is_wrong_is_said_with_its_field(self, as_writer, writer, field, value):
        sent = fields(writer, channel=make_channel().pk) | {field: value}
        answer = as_writer.post(NEW, sent)
        told = answer.json()
        assert answer.status_code == 422
        assert set(told["errors"]) == {field}
        assert told["errors"][field][0] in told["problem"]
        assert not Article.objects.exists()

    def test_what_is_wrong_is_not_quoted_at_length(self, as_writer, writer):
        sent = fields(writer, channel=make_channel().pk, tags="长" * 3000)
        problem = as_writer.post(NEW, sent).json()["problem"]
        assert "“" + "长" * 20 + "…”" in problem
        assert len(problem) < 100

    def test_a_busy_database_says_so(self, as_writer, writer, article, monkeypatch, caplog):
        def locked(*args, **kwargs):
            raise OperationalError("database is locked")

        monkeypatch.setattr(writing, "keep", locked)
        sent = fields(writer, channel=article.channel_id, title="改", based_on=1)
        answer = as_writer.post(autosave(article), sent)
        assert answer.status_code == 503
        assert answer.json()["problem"]
        assert "database is locked" in caplog.text

    def test_more_than_the_server_takes_is_refused_as_such(
        self, as_writer, writer, article, settings
    ):
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
        sent = fields(writer, channel=article.channel_id, body="长" * 1000, based_on=1)
        assert as_writer.post(autosave(article), sent).status_code == 400
        assert article.revisions.count() == 1

    @pytest.mark.parametrize("outcome", ["merge", "theirs", "mine", "", "x"])
    @pytest.mark.parametrize("button", [autosaved, on_purpose])
    def test_a_way_out_of_two_texts_does_not_lead_here(
        self, as_writer, writer, article, outcome, button
    ):
        sent = button(fields(writer, channel=article.channel_id, title="改", based_on=1))
        for address in (NEW, autosave(article)):
            answer = as_writer.post(address, sent | {"_outcome": outcome, "theirs": "1"})
            assert answer.status_code == 400
            assert answer.json()["problem"]
        article.refresh_from_db()
        assert (article.title, Revision.objects.count()) == ("同心同向 实干争先", 1)

    @pytest.mark.parametrize(
        ("field", "value", "status"),
        [
            ("step", "x", 422),
            ("step", "-1", 422),
            ("step", "9" * 30, 422),
            ("receipt", "", 422),
            ("receipt", "x", 422),
            ("sitting", "A" * 32, 422),
            ("sitting", "零\0字节", 422),
            ("cover", "x", 422),
            ("attachments", "[[", 422),
            ("based_on", "-1", 409),
            ("based_on", "9" * 30, 409),
            # A version of another article: this one never had so many.
            ("based_on", "77", 409),
            ("_writer", "", 403),
            ("_writer", "9" * 30, 403),
        ],
    )
    def test_a_forged_field_changes_nothing(self, as_writer, writer, article, field, value, status):
        sent = fields(writer, channel=article.channel_id, title="改", based_on=1)
        answer = as_writer.post(autosave(article), sent | {field: value})
        told = answer.json()
        assert answer.status_code == status
        assert told["problem"]
        assert "None" not in told["problem"]
        assert not told.get("compare")
        article.refresh_from_db()
        assert (article.title, Revision.objects.count()) == ("同心同向 实干争先", 1)

    def test_a_stale_form_with_a_forged_sitting_is_stale(self, as_writer, writer, article):
        sent = fields(writer, channel=article.channel_id, title="改", based_on=7)
        answer = as_writer.post(autosave(article), sent | {"sitting": "零\0字节"})
        assert answer.status_code == 409

    def test_a_form_without_a_sitting_is_saved_like_any(self, as_writer, writer, article):
        sent = fields(writer, channel=article.channel_id, title="改", based_on=1, sitting="")
        assert as_writer.post(autosave(article), sent).status_code == 200
        again = sent | {"title": "又改", "based_on": "2"}
        assert as_writer.post(autosave(article), again).json()["version"] == 3
        assert article.revisions.count() == 3

    def test_a_receipt_of_another_article_changes_neither(self, as_writer, writer, article):
        sent = fields(writer, channel=article.channel_id, title="新稿")
        as_writer.post(NEW, sent)
        for button in (autosaved, on_purpose):
            forged = button(sent | {"title": "改", "based_on": "1"})
            assert as_writer.post(autosave(article), forged).status_code == 400
        titles = Article.objects.values_list("title", flat=True)
        assert set(titles) == {"新稿", "同心同向 实干争先"}
        assert Revision.objects.count() == 2

    @pytest.mark.parametrize("method", ["get", "put", "delete"])
    def test_only_post_is_answered(self, as_writer, article, method):
        for address in (NEW, KEPT_NEW, autosave(article), stay(article), kept(article)):
            assert getattr(as_writer, method)(address).status_code == 405

    @pytest.mark.parametrize("number", ["0", "x", "999999", "9" * 40])
    def test_an_article_that_is_not_there_is_404(self, as_writer, writer, number):
        sent = fields(writer, channel=make_channel().pk)
        for name in ("autosave", "presence", "kept"):
            answer = as_writer.post(f"/admin/articles/article/{number}/{name}/", sent)
            assert answer.status_code == 404
            assert answer.json()["problem"]

    def test_a_token_is_needed(self, writer, article):
        client = Client(enforce_csrf_checks=True)
        client.force_login(writer, backend=BACKEND)
        sent = fields(writer, channel=article.channel_id, title="改", based_on=1)
        assert client.post(autosave(article), sent).status_code == 403
        assert article.revisions.count() == 1


class TestWhoMayCome:
    def test_somebody_logged_out_is_told_so_instead_of_a_log_in_page(self, client, writer, article):
        sent = fields(writer, channel=article.channel_id, based_on=1)
        for address in (NEW, KEPT_NEW, autosave(article), stay(article), kept(article)):
            answer = client.post(address, sent)
            assert answer.status_code == 401
            assert answer.json()["problem"]

    def test_another_person_logged_in_meanwhile_signs_nothing(self, as_editor, writer, article):
        sent = fields(writer, channel=article.channel_id, title="改", based_on=1)
        answer = as_editor.post(autosave(article), sent)
        assert answer.status_code == 403
        assert "editor" in answer.json()["problem"]
        assert article.revisions.count() == 1
        # Pressing the button is a decision.
        assert as_editor.post(autosave(article), on_purpose(sent)).status_code == 200

    def test_an_outsider_finds_nothing(self, as_outsider, outsider, article):
        sent = fields(outsider, channel=article.channel_id, title="改", based_on=1)
        for address in (NEW, KEPT_NEW):
            assert as_outsider.post(address, sent).status_code == 403
        for address in (autosave(article), stay(article), kept(article)):
            answer = as_outsider.post(address, sent)
            assert answer.status_code == 404
            assert article.title not in answer.content.decode()
        assert not Presence.objects.exists()
        assert Revision.objects.count() == 1

    def test_somebody_who_may_only_look_changes_nothing(self, as_outsider, outsider, article):
        outsider.user_permissions.add(Permission.objects.get(codename="view_article"))
        sent = fields(outsider, channel=article.channel_id, title="改", based_on=1)
        for address in (NEW, KEPT_NEW, autosave(article), stay(article), kept(article)):
            assert as_outsider.post(address, sent).status_code == 403
        assert not Presence.objects.exists()
        assert Revision.objects.count() == 1

    def test_the_bin_is_closed(self, as_writer, writer, article):
        binning.throw_away(article, by=writer)
        sent = fields(writer, channel=article.channel_id, title="改", based_on=1)
        for address in (autosave(article), stay(article), kept(article)):
            assert as_writer.post(address, sent).status_code == 404
        article.refresh_from_db()
        assert article.title == "同心同向 实干争先"

    def test_a_receipt_of_others_opens_nothing(self, as_writer, writer, outsider):
        sent = fields(writer, channel=make_channel().pk)
        as_writer.post(NEW, sent)
        outsider.user_permissions.add(Permission.objects.get(codename="add_article"))
        theirs = sent | {"_writer": str(outsider.pk), "title": "改"}
        answer = logged_in(outsider).post(NEW, theirs)
        assert answer.status_code == 404
        assert Article.objects.get().title == "同心同向 实干争先"

    def test_who_may_only_add_may_click_twice(self, outsider):
        outsider.user_permissions.add(Permission.objects.get(codename="add_article"))
        theirs = logged_in(outsider)
        channel = make_channel()
        for address, button in ((NEW, autosaved), (NEW, on_purpose), (ADD, on_purpose)):
            sent = button(fields(outsider, channel=channel.pk))
            first, second = theirs.post(address, sent), theirs.post(address, sent)
            assert first.status_code == second.status_code
            changed = theirs.post(address, sent | {"title": "改"})
            assert changed.status_code in (403, 404)
        assert set(Article.objects.values_list("title", "version")) == {("同心同向 实干争先", 1)}
        assert Article.objects.count() == 3

    def test_a_second_click_does_not_open_the_bin(self, as_writer, writer):
        sent = fields(writer, channel=make_channel().pk)
        as_writer.post(NEW, sent)
        binning.throw_away(Article.objects.get(), by=writer)
        assert as_writer.post(NEW, sent).status_code == 404


class TestPresence:
    def test_tells_who_else_is_in_until_they_leave(self, as_writer, writer, editor, article):
        theirs = logged_in(editor)
        sign = {"based_on": "1"}
        first = theirs.post(stay(article), sign | {"sitting": OTHER_SITTING}).json()
        assert first == {"people": [], "newer": None}
        told = as_writer.post(stay(article), sign | {"sitting": SITTING}).json()
        assert len(told["people"]) == 1
        assert "editor" in told["people"][0]
        theirs.post(stay(article), {"sitting": OTHER_SITTING, "gone": "1"})
        told = as_writer.post(stay(article), sign | {"sitting": SITTING}).json()
        assert told["people"] == []

    def test_tells_of_a_newer_version_but_not_of_ones_own(self, as_writer, writer, editor, article):
        sign = {"sitting": SITTING, "based_on": "1"}
        sent = fields(writer, channel=article.channel_id, title="一", based_on=1)
        as_writer.post(autosave(article), sent)
        assert as_writer.post(stay(article), sign).json()["newer"] is None
        told = logged_in(editor).post(stay(article), sign | {"sitting": OTHER_SITTING}).json()
        assert (told["newer"]["version"], told["newer"]["by"]) == (2, "writer")
        assert told["people"] != []

    @pytest.mark.parametrize("sitting", ["", "x", "A" * 32, "a" * 33, "零\0字节"])
    def test_needs_a_number_of_the_form(self, as_writer, article, sitting):
        assert as_writer.post(stay(article), {"sitting": sitting}).status_code == 400
        assert not Presence.objects.exists()

    def test_of_a_page_that_was_shown_again_is_one(self, as_writer, article):
        sign = {"based_on": "1", "sitting": SITTING}
        as_writer.post(stay(article), sign)
        again = {"based_on": "1", "sitting": OTHER_SITTING, "instead_of": SITTING}
        assert as_writer.post(stay(article), again).json()["people"] == []
        # A sign of the page that is gone comes late.
        as_writer.post(stay(article), sign)
        assert as_writer.post(stay(article), again).json()["people"] == []
        other_window = {"based_on": "1", "sitting": SITTING}
        assert len(as_writer.post(stay(article), other_window).json()["people"]) == 1

    @pytest.mark.parametrize("before", ["", "x", SITTING, "9" * 99])
    def test_ends_only_for_ones_own_pages(self, as_writer, editor, article, before):
        as_writer.post(stay(article), {"sitting": SITTING})
        forged = {"sitting": OTHER_SITTING, "instead_of": before}
        told = logged_in(editor).post(stay(article), forged).json()
        assert len(told["people"]) == 1
        assert Presence.objects.count() == 2

    def test_nobody_is_sent_away_by_others(self, as_writer, editor, article):
        as_writer.post(stay(article), {"sitting": SITTING, "based_on": "1"})
        theirs = logged_in(editor)
        theirs.post(stay(article), {"sitting": SITTING, "gone": "1"})
        theirs.post(stay(article), {"sitting": SITTING, "based_on": "1"})
        assert Presence.objects.get().user.username == "writer"


class TestWhatTheBrowserKept:
    def test_is_not_known_by_an_earlier_save_of_its_page(self, as_writer, writer, article):
        """Saved on purpose, its answer lost; then words that never arrived."""
        words = on_purpose(fields(writer, channel=article.channel_id, title="一", based_on=1))
        as_writer.post(autosave(article), words | {"step": "1000"})
        unsaved = words | {"title": "一二", "step": "2000"}
        assert self.judge(as_writer, article, unsaved) == {"is_known": False, "based_on": 2}
        assert self.judge(as_writer, article, words | {"step": "1001"})["is_known"]

    def test_is_known_when_it_is_a_version_since(self, as_writer, writer, editor, article):
        words = fields(writer, channel=article.channel_id, title="一", based_on=1)
        assert self.judge(as_writer, article, words) == {"is_known": False, "based_on": 1}
        as_writer.post(autosave(article), words | {"sitting": OTHER_SITTING})
        assert self.judge(as_writer, article, words) == {"is_known": True, "based_on": 2}
        theirs = Article.objects.get()
        theirs.title = "编辑的题目"
        writing.keep(theirs, body=theirs.body, tags=[], by=editor, based_on=2)
        assert self.judge(as_writer, article, words)["is_known"]
        # Written after that version, they are words the server lacks.
        later = words | {"based_on": "3"}
        assert self.judge(as_writer, article, later) == {"is_known": False, "based_on": 3}

    def test_is_known_when_its_page_saved_later_words(self, as_writer, writer, editor, article):
        words = fields(writer, channel=article.channel_id, title="一", based_on=1)
        as_writer.post(autosave(article), words | {"step": 1000})
        as_writer.post(autosave(article), words | {"title": "一二", "step": 2000, "based_on": 2})
        assert self.judge(as_writer, article, words | {"step": "1500"})["is_known"]
        unsaved = words | {"title": "一二三"}
        assert self.judge(as_writer, article, unsaved | {"step": "1999"})["is_known"]
        assert not self.judge(as_writer, article, unsaved | {"step": "2500"})["is_known"]
        elsewhere = unsaved | {"step": "1", "sitting": OTHER_SITTING}
        assert not self.judge(as_writer, article, elsewhere)["is_known"]
        assert not self.judge(as_writer, article, unsaved | {"step": "1", "sitting": ""})[
            "is_known"
        ]
        theirs = self.judge(logged_in(editor), article, unsaved | {"step": "1"})
        assert theirs == {"is_known": False, "based_on": 1}

    def test_goes_on_from_ones_own_newest_version_only(self, as_writer, writer, editor, article):
        words = fields(writer, channel=article.channel_id, title="没存上的", based_on=1)
        mine = words | {"title": "后来的", "sitting": OTHER_SITTING}
        as_writer.post(autosave(article), mine)
        assert self.judge(as_writer, article, words) == {"is_known": False, "based_on": 2}
        theirs = Article.objects.get()
        theirs.title = "编辑的题目"
        writing.keep(theirs, body=theirs.body, tags=[], by=editor, based_on=2)
        assert self.judge(as_writer, article, words) == {"is_known": False, "based_on": 1}

    @pytest.mark.parametrize("step", ["", "x", "9" * 30])
    def test_is_not_known_by_a_step_that_is_none(self, as_writer, writer, article, step):
        words = fields(writer, channel=article.channel_id, title="一", based_on=1)
        as_writer.post(autosave(article), words | {"step": 1000})
        unsaved = words | {"title": "一二", "step": step}
        assert not self.judge(as_writer, article, unsaved)["is_known"]

    def test_of_a_copied_tab_is_judged_by_its_own_article(self, as_writer, writer):
        words = fields(writer, channel=make_channel().pk, title="甲")
        as_writer.post(NEW, words | {"step": "1"})
        copied = words | {"title": "乙", "sitting": OTHER_SITTING, "step": "1"}
        unknown = as_writer.post(KEPT_NEW, copied)
        assert unknown.json() == {"is_known": False, "based_on": 0}
        as_writer.post(NEW, copied)
        assert as_writer.post(KEPT_NEW, copied).json()["is_known"]
        theirs = copied | {"title": "甲"}
        assert not as_writer.post(KEPT_NEW, theirs).json()["is_known"]

    def test_of_another_article_is_not_judged(self, as_writer, writer, article):
        words = fields(writer, channel=article.channel_id, title="新稿")
        as_writer.post(NEW, words)
        assert as_writer.post(kept(article), words).status_code == 400

    def test_of_a_new_article_is_known_by_its_receipt(self, as_writer, writer):
        words = fields(writer, channel=make_channel().pk)
        unknown = as_writer.post(KEPT_NEW, words)
        assert unknown.json() == {"is_known": False, "based_on": 0}
        as_writer.post(NEW, words)
        assert as_writer.post(KEPT_NEW, words).json()["is_known"]
        assert not as_writer.post(KEPT_NEW, words | {"title": "别的"}).json()["is_known"]

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("channel", "999999"),
            ("body", "<blockquote>" * 200 + "深"),
            ("based_on", "9" * 30),
            ("step", "9" * 30),
            ("step", "x"),
            ("sitting", "x"),
            ("sitting", "零\0字节"),
        ],
    )
    def test_is_not_known_when_it_could_not_be_saved(
        self, as_writer, writer, article, field, value
    ):
        words = fields(writer, channel=article.channel_id, title="一", based_on=1)
        answer = as_writer.post(kept(article), words | {field: value})
        assert answer.status_code == 200
        assert not answer.json()["is_known"]
        article.refresh_from_db()
        assert (article.title, article.revisions.count()) == ("同心同向 实干争先", 1)

    def judge(self, client, article, words) -> dict[str, object]:
        answer = client.post(kept(article), {"step": str(10**14)} | words)
        assert answer.status_code == 200
        return answer.json()


class TestCost:
    def test_of_an_autosave_does_not_grow_with_the_pictures(self, as_writer, writer):
        few, many = (self.queries(as_writer, writer, pictures) for pictures in (2, 12))
        assert many == few
        assert many <= 54

    def queries(self, client, writer, pictures: int) -> int:
        images = [make_image(by=writer) for _ in range(pictures)]
        body = "".join(map(figure, images))
        article = make_article(by=writer, body=body, outside_source="新华网")
        changed = "".join(figure(image, "改过的图注。") for image in images)
        sent = fields(writer, channel=article.channel_id, body=changed, based_on=1)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.post(autosave(article), sent).status_code == 200
        return len(asked)

    def test_of_a_sign_of_life_is_small(
        self, as_writer, editor, article, django_assert_max_num_queries
    ):
        logged_in(editor).post(stay(article), {"sitting": OTHER_SITTING})
        as_writer.post(stay(article), {"sitting": SITTING, "based_on": "1"})
        with django_assert_max_num_queries(11):
            as_writer.post(stay(article), {"sitting": SITTING, "based_on": "1"})
