"""The preview beside the form and in its own window; the page of the links for guests."""

from __future__ import annotations

import html
import json
import re
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from PIL import Image

from articles import binning, previewing, publishing, writing
from articles.models import Article, ArticleImage, ArticleViews, PreviewLink, Revision, ViewInbox
from tests.factories import (
    figure,
    make_article,
    make_attachment,
    make_channel,
    make_department,
    make_image,
    make_video,
    video_figure,
)

pytestmark = pytest.mark.django_db

NEW = reverse("admin:articles_article_preview_new")


def preview_url(article) -> str:
    return reverse("admin:articles_article_preview", args=[article.pk])


def links_url(article) -> str:
    return reverse("admin:articles_article_preview_links", args=[article.pk])


def revoke_url(link) -> str:
    return reverse("admin:articles_article_revoke_preview_link", args=[link.article_id, link.pk])


def form_of(article=None, **words):
    """What the article form sends; an article's words unless told."""
    article = article or Article()
    return {
        "kicker": "",
        "title": article.title,
        "subtitle": "",
        "channel": article.channel_id or "",
        "source_department": article.source_department_id or "",
        "outside_source": "",
        "byline": article.byline,
        "tags": "",
        "short_title": "",
        "summary": "",
        "body": writing.body_for_editor(article) if article.pk else "",
        "based_on": article.version,
        "receipt": "6dd7c1a8-3f3c-4a1a-9d55-6f0f3b1f7a11",
        "sitting": "a" * 32,
        "cover": "",
        **words,
    }


def main_of(response) -> str:
    return re.search(r"<main.*</main>", response.content.decode(), re.DOTALL)[0]


def as_everybody_gets_it(html: str) -> str:
    """Without times, views and addresses of files, by which a preview may differ."""
    html = re.sub(r"(?:/media/|/admin/|/attachments/)[^ \"]*", "FILE", html)
    html = re.sub(r"\d{4}[-/]\d\d[-/]\d\d[T ][0-9:+.]+", "TIME", html)
    return re.sub(r"(?<=<span data-views>)\d+", "VIEWS", html)


@pytest.fixture
def viewer(db):
    """May look at articles, and nothing else."""
    user = User.objects.create_user("viewer", password="viewer-password", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_article"))
    return user


class TestPage:
    def test_is_the_page_readers_get(self, as_editor, editor, client):
        """What is typed, then saved, then published: one and the same."""
        poster, *images = [make_image(by=editor) for _ in range(4)]
        group = f'[{{"image":{images[1].pk},"credit":"王建"}},{{"image":{images[2].pk}}}]'
        body = (
            "<h2>同心同向 实干争先</h2><p>正文第一段，<strong>重点</strong>。</p>"
            f"{figure(images[0], '职工在井口。', '刘洋')}<table><tbody><tr><td>一</td></tr></tbody>"
            f"</table><figure data-group='{group}'><figcaption>组图。</figcaption></figure>"
            f"{video_figure(make_video(by=editor), '现场视频。', poster=poster.pk)}"
        )
        plan = make_attachment(by=editor, title="活动方案")
        channel = make_channel()
        publishing.publish(make_article(by=editor, channel=channel), by=editor)
        source = make_department()
        article = make_article(
            by=editor,
            body="<p>旧。</p>",
            channel=channel,
            source_department=source,
            title="标题 两句",
        )
        words = {
            "title": "新标题 两句话",
            "kicker": "引题",
            "subtitle": "副题",
            "byline": "王芳 李明",
            "tags": "安全生产、先进典型",
            "body": body,
            "attachments": json.dumps([{"id": plan.pk, "title": "活动方案（定稿）"}]),
        }
        typed = main_of(as_editor.post(preview_url(article), form_of(article, **words)))
        fields = {name: words[name] for name in ("title", "kicker", "subtitle", "byline")}
        for name, value in fields.items():
            setattr(article, name, value)
        writing.keep(
            article,
            body=body,
            tags=["安全生产", "先进典型"],
            by=editor,
            based_on=article.version,
            attachments=[writing.AttachmentLine(plan.pk, "活动方案（定稿）")],
        )
        saved = main_of(as_editor.get(preview_url(article)))
        publishing.publish(article, by=editor)
        readers = main_of(Client().get(article.get_absolute_url()))
        changed = main_of(as_editor.get(preview_url(article)))
        for words_of_it in ("组图。", "现场视频。", "活动方案（定稿）"):
            assert words_of_it in readers
        assert as_everybody_gets_it(typed) == as_everybody_gets_it(readers)
        assert as_everybody_gets_it(saved) == as_everybody_gets_it(readers)
        assert as_everybody_gets_it(changed) == as_everybody_gets_it(readers)

    def test_finds_its_pictures_where_permission_is_asked_for(self, as_writer, writer):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image))
        page = as_writer.get(preview_url(article)).content.decode()
        addresses = set(re.findall(r"/admin/articles/article/picture/[^ \"]+", page))
        assert len(addresses) >= 2
        assert "/media/" not in page
        for address in addresses:
            assert as_writer.get(address).status_code == 200
            assert Client().get(address).status_code == 302

    def test_is_for_nobody_else(self, as_writer, writer):
        answer = as_writer.get(preview_url(make_article(by=writer)))
        assert "no-store" in answer.headers["Cache-Control"]
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert "noindex" in answer.headers["X-Robots-Tag"]

    def test_alone_may_be_framed(self, as_writer, writer, client):
        article = make_article(by=writer)
        for address in ("/", links_url(article), reverse("admin:index")):
            answer = as_writer.get(address)
            assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
            assert answer.headers["X-Frame-Options"] == "DENY"

    def test_counts_no_view(self, as_editor, editor):
        article = make_article(by=editor)
        publishing.publish(article, by=editor)
        for answer in (
            as_editor.get(preview_url(article)),
            as_editor.post(preview_url(article), form_of(article)),
        ):
            assert b"data-visit" not in answer.content
            assert b"visit.js" not in answer.content
            assert b"canonical" not in answer.content
        assert not ViewInbox.objects.exists()
        assert ArticleViews.objects.filter(total__gt=0).count() == 0

    def test_says_what_it_is(self, as_editor, editor):
        article = make_article(by=editor)
        assert b'class="ribbon"' in as_editor.get(preview_url(article)).content
        publishing.publish(article, by=editor)
        published = as_editor.get(preview_url(article)).context["standing"]
        typed = as_editor.post(preview_url(article), form_of(article)).context["standing"]
        assert (published, typed) == ("published", "changed")


class TestWhatIsTyped:
    def test_is_shown_and_not_stored(self, as_writer, writer):
        article = make_article(by=writer)
        before = (Article.objects.values().get(), Revision.objects.count())
        page = as_writer.post(preview_url(article), form_of(article, title="刚打的标题"))
        assert "刚打的标题" in main_of(page)
        assert (Article.objects.values().get(), Revision.objects.count()) == before
        assert not LogEntry.objects.exists()

    def test_may_lack_everything(self, as_writer):
        answer = as_writer.post(NEW, {})
        assert answer.status_code == 200
        assert not Article.objects.exists()

    def test_of_a_new_article_shows_fresh_uploads(self, as_writer, writer):
        image = make_image(by=writer)
        page = as_writer.post(NEW, form_of(body=figure(image, "新图注。"), title="新稿"))
        assert "新图注。" in main_of(page)
        assert ArticleImage.objects.get().article is None

    def test_shows_pictures_in_the_frame_of_the_form(self, as_writer, writer, settings):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image))
        turned = figure(image).replace("<figure ", '<figure data-turn="90" ')
        page = as_writer.post(preview_url(article), form_of(article, body=turned))
        before = set(Path(settings.MEDIA_ROOT).rglob("*"))
        address = html.unescape(re.findall(r'<img[^>]* src="([^"]+)"', main_of(page))[0])
        answer = as_writer.get(address)
        assert Image.open(BytesIO(answer.body)).size == (800, 1200)
        assert "immutable" in answer.headers["Cache-Control"]
        assert set(Path(settings.MEDIA_ROOT).rglob("*")) == before, "nothing is kept"
        assert (
            as_writer.get(address.partition("&frame")[0])
            .headers["Cache-Control"]
            .endswith("no-store")
        )
        assert as_writer.get(address[:-1] + "~").status_code == 404
        other = make_image(by=writer)
        theirs = address.replace(f"/{image.pk}/", f"/{other.pk}/")
        assert as_writer.get(theirs).status_code == 404

    def test_keeps_the_address_of_a_frame(self, as_writer, writer):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image))
        pages = [as_writer.post(preview_url(article), form_of(article)) for _ in "ab"]
        first, second = (re.findall(r'<img[^>]* src="([^"]+)"', main_of(page)) for page in pages)
        assert "frame=" in first[0]
        assert first == second

    def test_is_shown_though_somebody_saved_meanwhile(self, as_writer, writer):
        article = make_article(by=writer)
        page = as_writer.post(preview_url(article), form_of(article, based_on=0, title="旧表"))
        assert "旧表" in main_of(page)

    def test_is_shown_though_lines_are_too_long_or_choices_unknown(self, as_writer, writer):
        article = make_article(by=writer)
        wrong = {"title": "长" * 300, "channel": "9999999", "source_department": "x", "cover": "y"}
        page = as_writer.post(preview_url(article), form_of(article, **wrong))
        assert "长" * 300 in main_of(page)

    @pytest.mark.parametrize(
        "body",
        [
            "<div>" * 500 + "深" + "</div>" * 500,
            "<ul><li>" * 60 + "深",
            "<figure data-image='999999'></figure>",
        ],
        ids=["divs", "lists", "picture"],
    )
    def test_that_cannot_be_shown_is_answered_with_a_sentence_or_without_it(
        self, as_writer, writer, body
    ):
        article = make_article(by=writer)
        answer = as_writer.post(preview_url(article), form_of(article, body=body))
        assert answer.status_code in (200, 422)
        if answer.status_code == 422:
            assert all(json.loads(answer.content)["problems"])

    def test_too_much_of_it_is_answered_with_a_sentence(self, as_writer, writer):
        article = make_article(by=writer)
        body = "<p>长</p>" * 400_000
        answer = as_writer.post(preview_url(article), form_of(article, body=body))
        assert answer.status_code == 422
        assert json.loads(answer.content)["problems"]

    def test_is_cleaned(self, as_writer, writer):
        article = make_article(by=writer)
        hostile = '<p onclick="x()">字</p><script>alert(1)</script><img src=x onerror=y()>'
        page = as_writer.post(
            preview_url(article), form_of(article, body=hostile, title="<script>alert(2)</script>")
        )
        main = main_of(page)
        assert "alert(1)" not in main
        assert "onclick" not in main
        assert "<script>" not in main

    def test_needs_the_token(self, writer):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(writer, backend="newsroom.authentication.OneStatementBackend")
        article = make_article(by=writer)
        assert strict.post(preview_url(article), form_of(article)).status_code == 403

    def test_costs_the_same_for_one_picture_and_for_eight(
        self, as_writer, writer, django_assert_max_num_queries, django_assert_num_queries
    ):
        one = make_article(by=writer, body=figure(make_image(by=writer)))
        many = make_article(
            by=writer, body="".join(figure(make_image(by=writer)) for _ in "12345678")
        )
        one_form, many_form = form_of(one), form_of(many)
        as_writer.post(preview_url(one), one_form)
        with django_assert_max_num_queries(30) as counted:
            as_writer.post(preview_url(one), one_form)
        with django_assert_num_queries(len(counted)):
            as_writer.post(preview_url(many), many_form)


class TestWhoMayLook:
    """Every address with every kind of person; each refusal beside the success."""

    @pytest.fixture
    def article(self, editor):
        return make_article(by=editor)

    @pytest.mark.parametrize(
        ("person", "expected"),
        [
            ("nobody", [302, 302, 302, 302, 302, 302]),
            ("outsider", [404, 404, 403, 403, 404, 404]),
            ("viewer", [200, 403, 403, 403, 200, 403]),
            ("writer", [200, 200, 200, 200, 200, 302]),
            ("editor", [200, 200, 200, 200, 200, 302]),
        ],
    )
    def test_each_address(self, request, article, person, expected):
        client = Client()
        if person != "nobody":
            user = request.getfixturevalue(person)
            client.force_login(user, backend="newsroom.authentication.OneStatementBackend")
        answers = [
            client.get(preview_url(article)),
            client.post(preview_url(article), form_of(article)),
            client.get(NEW),
            client.post(NEW, form_of()),
            client.get(links_url(article)),
            client.post(links_url(article), {"note": "李总", "days": "3"}),
        ]
        assert [answer.status_code for answer in answers] == expected
        assert PreviewLink.objects.count() == (person in ("writer", "editor"))

    def test_nothing_of_what_lies_in_the_bin(self, as_editor, editor, article):
        link = previewing.make_link(article, by=editor, note="", days=1)
        binning.throw_away(article, by=editor)
        assert as_editor.get(preview_url(article)).status_code == 404
        assert as_editor.post(preview_url(article), form_of()).status_code == 404
        assert as_editor.get(links_url(article)).status_code == 404
        assert as_editor.post(revoke_url(link)).status_code == 404

    @pytest.mark.parametrize("number", ["0", "999", "x", "9" * 30, "1%2F2"])
    def test_nothing_of_what_is_not_there(self, as_editor, article, number):
        for address in ("preview", "preview-links"):
            assert as_editor.get(f"/admin/articles/article/{number}/{address}/").status_code == 404
        gone = f"/admin/articles/article/{article.pk}/preview-links/{'9' * 30}/revoke/"
        assert as_editor.post(gone).status_code == 404

    @pytest.mark.parametrize("method", ["put", "delete", "patch"])
    def test_by_no_other_method(self, as_editor, article, method):
        for address in (preview_url(article), NEW, links_url(article)):
            assert getattr(as_editor, method)(address).status_code == 405


class TestLinks:
    def test_are_made_and_listed(self, as_writer, writer):
        article = make_article(by=writer)
        answer = as_writer.post(links_url(article), {"note": "李总", "days": "7"})
        assert answer.headers["Location"] == links_url(article)
        link = PreviewLink.objects.get()
        page = as_writer.get(links_url(article)).content.decode()
        address = reverse("preview", args=[previewing.token_of(link)])
        assert f"http://testserver{address}" in page
        assert "李总" in page
        assert revoke_url(link) in page
        assert "李总" in LogEntry.objects.get().change_message

    def test_are_made_from_the_panel(self, as_writer, writer):
        article = make_article(by=writer)
        answer = as_writer.post(
            links_url(article), {"note": "<b>", "days": "1"}, headers={"accept": "application/json"}
        )
        made = json.loads(answer.content)
        assert answer.status_code == 201
        assert Client().get(made["address"]).status_code == 200
        assert made["address"] in made["row"]
        assert "&lt;b&gt;" in made["row"]

    @pytest.mark.parametrize("days", ["", "0", "2", "31", "x", "-1", "9" * 30, "３"])
    def test_of_another_length_are_refused_in_words(self, as_writer, writer, days):
        article = make_article(by=writer)
        answer = as_writer.post(links_url(article), {"note": "李总", "days": days})
        assert answer.status_code == 422
        assert "李总" in answer.content.decode()
        answer = as_writer.post(
            links_url(article), {"days": days}, headers={"accept": "application/json"}
        )
        assert json.loads(answer.content)["problems"]
        assert not PreviewLink.objects.exists()

    def test_are_revoked(self, as_writer, writer):
        article = make_article(by=writer)
        link = previewing.make_link(article, by=writer, note="李总", days=1)
        for _ in range(2):
            assert as_writer.post(revoke_url(link)).status_code == 302
        assert PreviewLink.objects.get().revoked_at
        assert LogEntry.objects.count() == 1
        page = as_writer.get(links_url(article)).content.decode()
        assert previewing.token_of(link) not in page
        assert revoke_url(link) not in page

    def test_are_not_revoked_by_everybody(self, as_writer, writer, editor):
        link = previewing.make_link(make_article(by=writer), by=editor, note="", days=1)
        assert as_writer.post(revoke_url(link)).status_code == 403
        assert revoke_url(link) not in as_writer.get(links_url(link.article)).content.decode()
        assert as_writer.get(revoke_url(link)).status_code == 405
        assert PreviewLink.objects.get().revoked_at is None

    def test_are_handed_on_by_those_only_who_might_make_them(self, viewer, writer):
        link = previewing.make_link(make_article(by=writer), by=writer, note="李总", days=1)
        client = Client()
        client.force_login(viewer, backend="newsroom.authentication.OneStatementBackend")
        page = client.get(links_url(link.article)).content.decode()
        assert "李总" in page
        assert previewing.token_of(link) not in page

    def test_say_when_their_maker_may_no_longer_edit(self, as_editor, editor, writer):
        article = make_article(by=writer)
        link = previewing.make_link(article, by=writer, note="李总", days=1)
        token = previewing.token_of(link)
        assert token in as_editor.get(links_url(article)).content.decode()
        writer.user_permissions.clear()
        listed = as_editor.get(links_url(article))
        assert token not in listed.content.decode()
        assert [line["is_resting"] for line in listed.context["lines"]] == [True]

    def test_cost_the_same_however_many_one_person_made(
        self, as_editor, editor, writer, django_assert_num_queries, django_assert_max_num_queries
    ):
        article = make_article(by=writer)
        previewing.make_link(article, by=writer, note="", days=1)
        with django_assert_max_num_queries(20) as counted:
            as_editor.get(links_url(article))
        for _ in range(5):
            previewing.make_link(article, by=writer, note="", days=1)
        with django_assert_num_queries(len(counted)):
            as_editor.get(links_url(article))

    def test_are_looked_up_through_their_article(self, as_editor, editor):
        link = previewing.make_link(make_article(by=editor), by=editor, note="", days=1)
        other = make_article(by=editor)
        address = reverse("admin:articles_article_revoke_preview_link", args=[other.pk, link.pk])
        assert as_editor.post(address).status_code == 404
        assert PreviewLink.objects.get().revoked_at is None

    def test_cost_the_same_however_many_there_are(
        self, as_editor, editor, django_assert_max_num_queries, django_assert_num_queries
    ):
        article = make_article(by=editor)
        previewing.make_link(article, by=editor, note="一", days=1)
        as_editor.get(links_url(article))
        with django_assert_max_num_queries(12) as counted:
            as_editor.get(links_url(article))
        for _ in range(5):
            previewing.make_link(article, by=editor, note="又", days=1)
        with django_assert_num_queries(len(counted)):
            as_editor.get(links_url(article))


class TestCanaries:
    def test_other_drafts_never_show(self, as_writer, writer, editor):
        words = ["金丝雀标题", "金丝雀正文", "金丝雀图注", "金丝雀链接"]
        image = make_image(by=editor)
        other = make_article(
            by=editor,
            title=words[0],
            body=f"<p>{words[1]}</p>{figure(image, words[2])}",
            channel=(channel := make_channel()),
        )
        previewing.make_link(other, by=editor, note=words[3], days=1)
        article = make_article(by=writer, channel=channel)
        stolen = form_of(article, body=f'<figure data-image="{image.pk}"></figure>')
        for answer in (
            as_writer.get(preview_url(article)),
            as_writer.post(preview_url(article), stolen),
            as_writer.get(links_url(article)),
        ):
            page = answer.content.decode()
            assert not [word for word in words if word in page]
            assert f"/picture/{image.pk}/" not in page
