"""The article form: what it keeps, what it refuses, what it never loses."""

from __future__ import annotations

from itertools import count
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.db import OperationalError

from articles import binning, writing
from articles.admin import receipts
from articles.models import Article, ArticleImage, Edition, Revision
from tests.factories import (
    figure,
    make_article,
    make_channel,
    make_department,
    make_edition,
    make_image,
)

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/article/add/"


def change(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/change/"


def fields(**given) -> dict[str, str]:
    """What the browser sends for a form that lacks nothing."""
    return {
        "kicker": "",
        "title": "同心同向 实干争先",
        "subtitle": "",
        "short_title": "",
        "summary": "",
        "body": "<p>正文。</p>",
        "outside_source": "新华网",
        "byline": "王芳",
        "tags": "安全生产、先进典型",
        "based_on": "0",
        "receipt": str(uuid4()),
        **{name: str(value) for name, value in given.items()},
    }


def typed(answer) -> dict[str, str]:
    form = answer.context["adminform"].form
    return {name: form[name].value() for name in form.fields}


def first_blind(look):
    """A way to look that sees nothing the first time."""
    calls = count()
    return lambda request: look(request) if next(calls) else None


class TestSaving:
    def test_keeps_a_draft_with_everything_typed(self, as_writer, writer):
        image, channel = make_image(by=writer), make_channel()
        department = make_department()
        answer = as_writer.post(
            ADD,
            fields(
                channel=channel.pk,
                source_department=department.pk,
                outside_source="",
                title="讲清来路　讲实本领   讲亮前程",
                body="<p>一</p>" + figure(image, "职工在井口。", credit="王建"),
                tags="安全，生产;矿山；先进、典型",
            ),
        )
        article = Article.objects.get()
        assert answer.status_code == 302
        assert answer.url == change(article)
        assert article.title == "讲清来路 讲实本领 讲亮前程"
        assert article.status == "draft"
        assert sorted(article.tags.names()) == ["先进", "典型", "安全", "生产", "矿山"]
        assert article.body == f'<p>一</p><figure data-image="{image.pk}"></figure>'
        image.refresh_from_db()
        assert (image.article, image.caption, image.credit) == (article, "职工在井口。", "王建")
        assert article.created_by == article.updated_by == writer
        assert article.revisions.get().number == 1

    def test_shows_captions_again_when_the_form_is_opened(self, as_writer, writer):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image, "职工在井口。"))
        body = typed(as_writer.get(change(article)))["body"]
        assert "<figcaption>职工在井口。</figcaption>" in body

    def test_every_change_is_a_revision(self, as_writer, writer):
        article = make_article(by=writer)
        sent = fields(channel=article.channel_id, title="改过的题目", based_on=1)
        as_writer.post(change(article), sent)
        article.refresh_from_db()
        assert (article.title, article.version) == ("改过的题目", 2)
        assert Revision.objects.filter(article=article).count() == 2

    def test_a_double_click_saves_once(self, as_writer):
        sent = fields(channel=make_channel().pk)
        first, second = as_writer.post(ADD, sent), as_writer.post(ADD, sent)
        assert Article.objects.count() == 1
        assert first.url == second.url

    def test_a_second_click_on_a_changed_story_is_no_stale_form(self, as_writer, writer):
        article = make_article(by=writer)
        sent = fields(channel=article.channel_id, title="改过的题目", based_on=1)
        assert as_writer.post(change(article), sent).status_code == 302
        assert as_writer.post(change(article), sent).status_code == 302
        assert Revision.objects.filter(article=article).count() == 2

    def test_save_and_publish_pressed_together_publish_what_was_saved(self, as_editor):
        sent = fields(channel=make_channel().pk)
        as_editor.post(ADD, sent)
        as_editor.post(ADD, sent | {"_publish": "1"})
        assert Article.objects.get().is_published

    @pytest.mark.parametrize("more", [{}, {"_publish": "1"}])
    def test_a_form_repeated_by_someone_else_is_not_answered(
        self, client, as_writer, outsider, chief, more
    ):
        sent = fields(channel=make_channel().pk)
        address = as_writer.post(ADD, sent).url
        client.force_login(outsider, backend="newsroom.authentication.OneStatementBackend")
        for place in (ADD, address):
            assert client.post(place, sent | more).status_code == 404
        outsider.user_permissions.add(Permission.objects.get(codename="view_article"))
        for place in (ADD, address):
            assert client.post(place, sent | more).status_code == 403
        article = Article.objects.get()
        binning.throw_away(article, by=chief)
        assert as_writer.post(ADD, sent | more).status_code == 404
        assert not article.is_published

    def test_two_clicks_at_the_same_moment_are_no_conflict(self, as_writer, writer, monkeypatch):
        """Both look for the receipt before either has saved; then one of them has."""
        article = make_article(by=writer)
        sent = fields(channel=article.channel_id, title="改过的题目", based_on=1)
        as_writer.post(change(article), sent)
        monkeypatch.setattr(receipts, "of", first_blind(receipts.of))
        assert as_writer.post(change(article), sent).status_code == 302
        assert Revision.objects.filter(article=article).count() == 2

    def test_a_deleted_draft_costs_nobody_what_they_wrote(self, as_writer, writer):
        article = make_article(by=writer)
        sent = fields(channel=article.channel_id, title="删除之后", based_on=1)
        address = change(article)
        article.delete()
        answer = as_writer.post(address, sent)
        assert answer.status_code == 200
        assert typed(answer)["title"] == "删除之后"
        assert f'action="{ADD}"' in answer.content.decode()
        assert as_writer.post(ADD, sent).status_code == 302
        assert Article.objects.get().title == "删除之后"

    def test_words_added_after_going_back_are_not_lost(self, as_writer):
        sent = fields(channel=make_channel().pk)
        as_writer.post(ADD, sent)
        answer = as_writer.post(ADD, sent | {"title": "返回后改的题目"})
        article = Article.objects.get()
        assert answer.status_code == 302
        assert answer.url == change(article)
        assert (article.title, article.version) == ("返回后改的题目", 2)

    @pytest.mark.parametrize("receipt", ["", "x", "0", "null", "a" * 5000])
    def test_a_forged_receipt_is_refused_and_nothing_is_lost(self, as_writer, receipt):
        answer = as_writer.post(ADD, fields(channel=make_channel().pk, receipt=receipt))
        assert answer.status_code == 200
        assert typed(answer)["title"] == "同心同向 实干争先"
        assert not Article.objects.exists()


class TestABusyDatabase:
    def test_costs_nothing_that_was_typed(self, as_writer, monkeypatch):
        def locked(*args, **kwargs):
            raise OperationalError("database is locked")

        channel = make_channel()
        monkeypatch.setattr(writing, "keep", locked)
        sent = fields(channel=channel.pk, title="写了一下午")
        answer = as_writer.post(ADD, sent)
        assert answer.status_code == 503
        assert typed(answer)["title"] == "写了一下午"
        assert answer.context["adminform"].form.non_field_errors()
        monkeypatch.undo()
        assert as_writer.post(ADD, sent).status_code == 302


class TestBadInput:
    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("title", ""),
            ("title", "长" * 201),
            ("title", "零\0字节"),
            ("kicker", "长" * 101),
            ("short_title", "十九个汉字的短标题实在是太长太长了不行啊"),
            ("summary", "长" * 301),
            ("channel", ""),
            ("channel", "999999"),
            ("channel", "99999999999999999999999"),
            ("channel", "x"),
            ("source_department", "99999999999999999999999"),
            ("tags", "长" * 31),
            ("tags", "、".join(f"标签{number}" for number in range(21))),
            ("based_on", "99999999999999999999999"),
            ("body", "<blockquote>" * 200 + "深"),
            ("body", '<figure data-image="1"><figcaption>' + "长" * 301 + "</figcaption></figure>"),
            ("body", "长" * 1_500_001),
        ],
    )
    def test_is_told_at_the_field_and_everything_typed_is_kept(self, as_writer, field, value):
        sent = fields(channel=make_channel().pk, subtitle="副题还在") | {field: value}
        answer = as_writer.post(ADD, sent)
        assert answer.status_code == 200
        form = answer.context["adminform"].form
        assert field in form.errors
        assert typed(answer)["subtitle"] == "副题还在"
        assert typed(answer)[field] == value
        assert not Article.objects.exists()

    def test_two_sources_are_refused_in_words(self, as_writer):
        sent = fields(channel=make_channel().pk, source_department=make_department().pk)
        answer = as_writer.post(ADD, sent)
        errors = answer.context["adminform"].form.errors
        assert set(errors) == {"source_department", "outside_source"}
        assert not Article.objects.exists()

    def test_script_never_comes_back_as_script(self, as_writer):
        evil = '<script>alert(1)</script><img src=x onerror="alert(2)">'
        sent = fields(channel=make_channel().pk, title=evil, body=f"<p>正文</p>{evil}", tags=evil)
        as_writer.post(ADD, sent | {"tags": "<b>粗</b>"})
        article = Article.objects.get()
        assert article.body == "<p>正文</p>"
        html = as_writer.get(change(article)).content.decode()
        assert "<script>alert" not in html
        assert "onerror=&quot;" in html

    def test_pictures_of_others_are_not_taken(self, as_writer, writer, editor):
        foreign = make_image(by=editor)
        used = make_image(by=editor)
        make_article(by=editor, body=figure(used))
        sent = fields(channel=make_channel().pk, body="<p>一</p>" + figure(foreign) + figure(used))
        answer = as_writer.post(ADD, sent)
        assert len(answer.context["adminform"].form.errors["body"]) == 2
        assert "职工在井口合影。" in typed(answer)["body"]
        assert not Article.objects.filter(created_by=writer).exists()
        assert ArticleImage.objects.get(pk=foreign.pk).article is None

    def test_state_and_people_are_no_form_fields(self, as_writer, writer, editor):
        sent = fields(
            channel=make_channel().pk,
            status="published",
            version=77,
            created_by=editor.pk,
            id=4711,
        )
        as_writer.post(ADD, sent)
        article = Article.objects.get()
        assert (article.status, article.version, article.created_by) == ("draft", 1, writer)
        assert article.pk != 4711

    def test_a_body_of_five_megabytes_is_told_the_limit_and_comes_back(self, as_writer):
        body = "<p>" + "长" * 1_700_000 + "</p>"
        answer = as_writer.post(ADD, fields(channel=make_channel().pk, body=body))
        assert answer.status_code == 200
        assert answer.context["adminform"].form.errors["body"]
        assert "长" * 1_700_000 in answer.content.decode()

    def test_a_body_of_almost_a_million_characters_is_kept(self, as_writer):
        body = "<p>" + "长" * 990_000 + "</p>"
        answer = as_writer.post(ADD, fields(channel=make_channel().pk, body=body))
        assert answer.status_code == 302


class TestRefusals:
    def errors(self, client, **given) -> dict[str, list[str]]:
        answer = client.post(ADD, fields(**{"channel": make_channel().pk} | given))
        return dict(answer.context["adminform"].form.errors)

    def test_name_the_field_and_the_limit(self, as_writer):
        for field, value, told in (
            ("title", "", []),
            ("title", "长" * 201, ["200", "201"]),
            ("kicker", "零\0", []),
            ("channel", "999999", []),
        ):
            (sentence,) = self.errors(as_writer, **{field: value})[field]
            label = Article._meta.get_field(field).verbose_name
            assert all(part in sentence for part in [str(label), *told]), sentence


class TestPublishing:
    def test_publishes_what_is_in_the_form(self, as_editor):
        as_editor.post(ADD, fields(channel=make_channel().pk, _publish=1))
        edition = Edition.objects.get()
        assert edition.title == "同心同向 实干争先"
        assert edition.is_live()

    def test_says_what_is_missing_and_keeps_the_draft(self, as_editor, editor):
        image = make_image(by=editor)
        sent = fields(
            channel=make_channel().pk, outside_source="", body=figure(image, ""), _publish=1
        )
        answer = as_editor.post(ADD, sent, follow=True)
        sentences = [str(message) for message in answer.context["messages"]]
        assert [sentence.count("<br>") for sentence in sentences] == [2]
        assert not Edition.objects.exists()
        assert Article.objects.get().status == "draft"

    def test_a_writer_may_not(self, as_writer):
        as_writer.post(ADD, fields(channel=make_channel().pk, _publish=1))
        assert not Edition.objects.exists()
        assert Article.objects.get().status == "draft"

    def test_never_publishes_words_the_person_has_not_seen(self, as_editor, editor, writer):
        article = make_article(by=editor)
        sent = fields(channel=article.channel_id, title="我看过的题目", based_on=1)
        as_editor.post(change(article), sent)
        article.refresh_from_db()
        article.title = "没人看过的题目"
        writing.keep(article, body=article.body, tags=[], by=writer, based_on=2)
        as_editor.post(change(article), sent | {"_publish": "1"})
        assert not Edition.objects.exists()

    def test_an_unreadable_picture_is_named_and_the_draft_kept(self, as_editor, editor):
        image = make_image(by=editor)
        image.file.storage.delete(image.file.name)
        sent = fields(channel=make_channel().pk, body=figure(image), _publish=1)
        answer = as_editor.post(ADD, sent, follow=True)
        assert any("1" in str(message) for message in answer.context["messages"])
        assert Article.objects.get().status == "draft"
        assert as_editor.get(f"/admin/articles/article/picture/{image.pk}/").status_code == 404

    def test_the_history_says_who_did_what(self, as_editor, editor):
        as_editor.post(ADD, fields(channel=make_channel().pk, _publish=1))
        article = Article.objects.get()
        as_editor.post(f"/admin/articles/article/{article.pk}/withdraw/", {"reason": "数字有误"})
        html = as_editor.get(f"/admin/articles/article/{article.pk}/history/").content.decode()
        for shown in ('data-version="1"', "发布第1版", "撤稿。原因：数字有误"):
            assert shown in html

    def test_a_saved_change_stays_hidden_until_published_again(self, as_editor, editor):
        edition = make_edition(by=editor)
        article = Article.objects.get()
        sent = fields(channel=article.channel_id, title="新题目", based_on=1)
        as_editor.post(change(article), sent)
        edition.refresh_from_db()
        assert edition.title == "同心同向 实干争先"
        again = fields(channel=article.channel_id, title="新题目", based_on=2, _publish=1)
        as_editor.post(change(article), again)
        edition.refresh_from_db()
        assert edition.title == "新题目"

    def test_a_published_story_cannot_be_deleted(self, as_chief, chief):
        make_edition(by=chief)
        article = Article.objects.get()
        answer = as_chief.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"})
        assert answer.status_code == 403
        assert Article.objects.exists()

    def test_nothing_is_deleted_in_bulk(self, as_chief, chief):
        article = make_article(by=chief)
        as_chief.post(
            "/admin/articles/article/",
            {"action": "delete_selected", "_selected_action": article.pk, "post": "yes"},
        )
        assert Article.objects.exists()


class TestWithdrawing:
    def address(self, article: Article) -> str:
        return f"/admin/articles/article/{article.pk}/withdraw/"

    def test_asks_for_the_reason_first(self, as_editor, editor):
        make_edition(by=editor)
        article = Article.objects.get()
        assert as_editor.get(self.address(article)).status_code == 200
        answer = as_editor.post(self.address(article), {"reason": "  "})
        assert answer.context["problems"]
        article.refresh_from_db()
        assert article.is_published

    def test_acts_at_once_and_keeps_the_reason(self, as_editor, client, editor):
        edition = make_edition(by=editor)
        article = Article.objects.get()
        as_editor.post(self.address(article), {"reason": "数字有误"})
        edition.refresh_from_db()
        assert edition.withdrawal_reason == "数字有误"
        assert client.get(edition.get_absolute_url()).status_code == 410

    def test_a_reason_that_is_too_long_is_told_and_kept(self, as_editor, editor):
        make_edition(by=editor)
        article = Article.objects.get()
        answer = as_editor.post(self.address(article), {"reason": "长" * 201})
        assert answer.status_code == 200
        assert answer.context["problems"]
        assert answer.context["reason"] == "长" * 201

    def test_is_not_there_for_a_writer_or_a_draft(self, as_writer, writer, editor):
        make_edition(by=editor)
        published = Article.objects.get()
        draft = make_article(by=writer)
        for article in (published, draft):
            assert as_writer.get(self.address(article)).status_code == 404
            assert as_writer.post(self.address(article), {"reason": "x"}).status_code == 404
        published.refresh_from_db()
        assert published.is_published


class TestWhoMayCome:
    @pytest.mark.parametrize(
        "address",
        [
            "/admin/articles/article/",
            ADD,
            "/admin/articles/article/{pk}/change/",
            "/admin/articles/article/{pk}/history/",
            "/admin/articles/article/{pk}/delete/",
            "/admin/articles/article/{pk}/withdraw/",
            "/admin/articles/article/picture/{image}/",
            "/admin/articles/article/tags/?q=a",
        ],
    )
    def test_an_outsider_sees_nothing_that_the_editor_sees(self, client, editor, outsider, address):
        image = make_image(by=editor)
        make_edition(by=editor, body=figure(image), title="暗号金丝猴")
        address = address.format(pk=Article.objects.get().pk, image=image.pk)
        client.force_login(outsider, backend="newsroom.authentication.OneStatementBackend")
        answer = client.get(address)
        assert answer.status_code in (302, 403, 404)
        assert "暗号金丝猴" not in answer.content.decode()
        client.logout()
        assert client.get(address).status_code == 302
        client.force_login(editor, backend="newsroom.authentication.OneStatementBackend")
        if "delete" not in address:
            assert client.get(address).status_code == 200

    def test_someone_who_may_only_look_gets_a_page_without_fields(self, client, outsider, editor):
        from django.contrib.auth.models import Permission

        article = make_article(by=editor, title="只能看")
        outsider.user_permissions.add(Permission.objects.get(codename="view_article"))
        client.force_login(outsider, backend="newsroom.authentication.OneStatementBackend")
        answer = client.get(change(article))
        assert answer.status_code == 200
        assert 'name="title"' not in answer.content.decode()


class TestCost:
    def test_the_form_asks_as_many_queries_with_forty_pictures(
        self, as_editor, editor, django_assert_max_num_queries
    ):
        body = "".join(figure(make_image(by=editor)) for _ in range(12))
        article = make_article(by=editor, body=body)
        with django_assert_max_num_queries(23):
            as_editor.get(change(article))

    def test_saving_asks_as_many_queries_with_many_pictures(
        self, as_editor, editor, django_assert_max_num_queries
    ):
        images = [make_image(by=editor) for _ in range(12)]
        article = make_article(by=editor, body="".join(map(figure, images)))
        body = "".join(figure(image, "改过的图注。") for image in images)
        sent = fields(channel=article.channel_id, body=body, based_on=1)
        with django_assert_max_num_queries(74):
            as_editor.post(change(article), sent)

    def test_the_list_asks_as_many_queries_with_many_stories(
        self, as_editor, editor, django_assert_max_num_queries
    ):
        for _ in range(10):
            make_edition(by=editor)
        with django_assert_max_num_queries(12):
            as_editor.get("/admin/articles/article/")


class TestItsFiles:
    def test_share_no_name_by_accident(self):
        """A method of one file would silently take the place of another file's."""
        from django.contrib.admin import ModelAdmin

        from articles.admin.article import ArticleAdmin

        seen: dict[str, str] = {}
        for kind in ArticleAdmin.__mro__:
            if not kind.__module__.startswith("articles.admin.article"):
                continue
            for name, value in vars(kind).items():
                if callable(value) and not hasattr(ModelAdmin, name):
                    assert name not in seen, f"{kind.__module__} and {seen[name]} have {name}"
                    seen[name] = kind.__module__
