"""The recycle bin: a draft goes in, waits 30 days, comes back or goes for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.admin.models import DELETION, LogEntry
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse

from articles import binning, publishing, starting, sweeping, workflow, writing
from articles.admin import article_bin
from articles.admin.desk import of as desk_of
from articles.models import Article, ArticleImage, Attachment, Presence, Revision, Video
from tests.admin.test_article import ADD, change, fields, typed
from tests.factories import figure, make_article, make_image

pytestmark = pytest.mark.django_db

BIN = "/admin/articles/article/bin/"


def delete(article: Article) -> str:
    return f"/admin/articles/article/{article.pk}/delete/"


def take_back(article: Article) -> str:
    return f"{BIN}{article.pk}/take-back/"


def discard(article: Article) -> str:
    return f"{BIN}{article.pk}/discard/"


def make_binned(*, by, **given) -> Article:
    article = make_article(by=by, **given)
    binning.throw_away(article, by=by)
    article.refresh_from_db()
    return article


def sentences(answer) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


class TestDeleting:
    def test_asks_and_says_how_long_it_can_be_taken_back(self, as_writer, writer):
        article = make_article(by=writer)
        html = as_writer.get(delete(article)).content.decode()
        assert "30" in html
        article.refresh_from_db()
        assert not article.is_binned

    def test_puts_a_draft_into_the_bin_and_shows_the_way_back(self, as_writer, writer):
        article = make_article(by=writer)
        answer = as_writer.post(delete(article), {"post": "yes"}, follow=True)
        article.refresh_from_db()
        assert article.is_binned
        assert article.deleted_by == writer
        assert f"{BIN}#binned-{article.pk}" in sentences(answer)

    def test_is_not_for_what_readers_see(self, as_chief, chief):
        article = make_article(by=chief)
        publishing.publish(article, by=chief)
        assert as_chief.post(delete(article), {"post": "yes"}).status_code == 403

    def test_stops_when_the_draft_was_published_meanwhile(self, as_chief, chief, monkeypatch):
        article = make_article(by=chief)
        asked = workflow.can(chief, "delete", article)
        publishing.publish(article, by=chief)
        answers = iter([asked, asked])
        real = workflow.can
        monkeypatch.setattr(
            article_bin.workflow, "can", lambda *args: next(answers, None) or real(*args)
        )
        answers = iter([asked])
        assert as_chief.post(delete(article), {"post": "yes"}).status_code == 403
        article.refresh_from_db()
        assert not article.is_binned


class TestTheBin:
    def test_lists_what_lies_there_last_deleted_first(
        self, as_writer, writer, editor, noon, time_machine
    ):
        first = make_binned(by=editor, title="先删的")
        time_machine.shift(timedelta(days=3))
        second = make_binned(by=writer, title="后删的")
        make_article(by=writer, title="还在的")
        answer = as_writer.get(BIN)
        lines = answer.context["lines"]
        assert [line.article for line in lines] == [second, first]
        assert [line.days_left for line in lines] == [30, 27]
        assert [line.deleted_by for line in lines] == ["writer", "editor"]

    @pytest.mark.parametrize(
        ("age", "left"),
        [
            (timedelta(0), 30),
            (timedelta(seconds=1), 30),
            (timedelta(days=29, hours=1), 1),
            (timedelta(days=30), 0),
            (timedelta(days=99), 0),
        ],
    )
    def test_counts_the_begun_day(self, noon, age, left):
        assert article_bin.days_left(Article(deleted_at=noon - age)) == left

    def test_says_what_it_is_for_when_it_is_empty(self, as_writer):
        assert "30" in as_writer.get(BIN).content.decode()

    def test_is_reached_from_the_list(self, as_writer):
        assert f'href="{BIN}"' in as_writer.get("/admin/articles/article/").content.decode()

    def test_is_for_those_who_may_delete(self, as_writer, writer):
        article = make_binned(by=writer)
        may = Permission.objects.exclude(codename="delete_article")
        writer.user_permissions.set(may.filter(content_type__model="article"))
        for answer in (
            as_writer.get(BIN),
            as_writer.post(take_back(article)),
            as_writer.get(discard(article)),
            as_writer.post(discard(article)),
        ):
            assert answer.status_code == 403
        assert f'href="{BIN}"' not in as_writer.get("/admin/articles/article/").content.decode()
        article.refresh_from_db()
        assert article.is_binned

    def test_is_paged_at_one_price(
        self, as_writer, writer, monkeypatch, django_assert_max_num_queries
    ):
        monkeypatch.setattr(article_bin, "PER_PAGE", 3)
        for number in range(7):
            make_binned(by=writer, title=f"第{number}篇")
        as_writer.get(BIN)
        with django_assert_max_num_queries(8):
            answer = as_writer.get(BIN, {"p": "2"})
        assert [line.article.title for line in answer.context["lines"]] == [
            "第3篇",
            "第2篇",
            "第1篇",
        ]

    @pytest.mark.parametrize("page", ["x", "0", "-1", "99", "9" * 30])
    def test_survives_any_page(self, as_writer, writer, page):
        make_binned(by=writer)
        assert as_writer.get(BIN, {"p": page}).status_code == 200


class TestTakingBack:
    def test_brings_the_draft_back_as_it_was(self, as_writer, writer):
        article = make_article(by=writer, body=figure(make_image(by=writer)), tags=["会议"])
        before = writing.snapshot(article)
        binning.throw_away(article, by=writer)
        answer = as_writer.post(take_back(article), follow=True)
        article = Article.objects.get()
        assert not article.is_binned
        assert (article.deleted_by, article.version) == (None, 1)
        assert writing.snapshot(article) == before
        assert change(article) in sentences(answer)

    def test_is_never_done_by_looking(self, as_writer, writer):
        article = make_binned(by=writer)
        assert as_writer.get(take_back(article)).status_code == 405

    def test_is_only_for_what_lies_there(self, as_writer, writer):
        article = make_article(by=writer)
        for number in (article.pk, 4711, "9" * 30):
            for what in ("take-back", "discard"):
                assert as_writer.post(f"{BIN}{number}/{what}/").status_code == 404
        assert Article.objects.filter(pk=article.pk).exists()


class TestDiscarding:
    def test_asks_first(self, as_writer, writer):
        article = make_binned(by=writer)
        assert article.title in as_writer.get(discard(article)).content.decode()
        assert Article.objects.exists()

    def test_deletes_for_good_and_frees_the_pictures(self, as_writer, writer):
        image = make_image(by=writer)
        article = make_binned(by=writer, body=figure(image))
        assert as_writer.post(discard(article)).url == BIN
        assert not Article.objects.exists()
        assert not Revision.objects.exists()
        image.refresh_from_db()
        assert image.article is None

    def test_is_for_writers_of_it_and_for_those_who_publish(self, as_writer, writer, editor):
        own, others = make_binned(by=writer), make_binned(by=editor)
        html = as_writer.get(BIN).content.decode()
        assert discard(own) in html
        assert discard(others) not in html
        assert discard(others) not in as_writer.get(f"{BIN}{others.pk}/").content.decode()
        assert as_writer.get(discard(others)).status_code == 403
        assert as_writer.post(discard(others)).status_code == 403
        assert Article.objects.filter(pk=others.pk).exists()

    def test_of_others_is_done_by_those_who_publish(self, as_editor, writer):
        assert as_editor.post(discard(make_binned(by=writer))).status_code == 302
        assert not Article.objects.exists()

    def test_tells_the_log(self, as_writer, writer):
        article = make_binned(by=writer)
        as_writer.post(discard(article))
        (entry,) = LogEntry.objects.filter(action_flag=DELETION)
        assert (entry.object_id, entry.user) == (str(article.pk), writer)

    @pytest.mark.parametrize("is_published", [False, True])
    def test_spares_what_was_taken_back_meanwhile(
        self, as_writer, writer, editor, monkeypatch, is_published
    ):
        article = make_binned(by=writer)
        may = workflow.can

        def take_back_meanwhile(person, move, one):
            if move == "discard":
                binning.take_back(one)
                if is_published:
                    publishing.publish(Article.objects.get(pk=one.pk), by=editor)
            return may(person, move, one)

        monkeypatch.setattr(article_bin.workflow, "can", take_back_meanwhile)
        answer = as_writer.post(discard(article))
        monkeypatch.undo()
        assert answer.url == BIN
        article.refresh_from_db()
        assert (article.is_binned, article.is_published) == (False, is_published)
        assert article.revisions.count() == 1
        assert not LogEntry.objects.filter(action_flag=DELETION).exists()
        (message,) = as_writer.get(BIN).context["messages"]
        assert message.level_tag == "warning"


class TestReading:
    def test_shows_the_words_and_captions_as_text(self, as_writer, editor):
        body = "<p>第一段 &lt;b&gt;</p><p>第二段</p>" + figure(make_image(by=editor), "井口合影。")
        article = make_binned(by=editor, body=body)
        page = f"{BIN}{article.pk}/"
        assert f'href="{page}"' in as_writer.get(BIN).content.decode()
        html = as_writer.get(page).content.decode()
        assert "<p>第一段 &lt;b&gt;</p>" in html
        assert "<p>第二段</p>" in html
        assert "井口合影。" in html
        assert take_back(article) in html

    def test_of_an_empty_draft_works_too(self, as_writer, writer):
        article = make_binned(by=writer, body="")
        assert as_writer.get(f"{BIN}{article.pk}/").status_code == 200

    def test_is_for_what_lies_there_and_those_who_may(self, as_outsider, client, writer, chief):
        article = make_binned(by=writer)
        assert as_outsider.get(f"{BIN}{article.pk}/").status_code == 403
        binning.take_back(article)
        client.force_login(chief, backend="newsroom.authentication.OneStatementBackend")
        assert client.get(f"{BIN}{article.pk}/").status_code == 404


class TestElsewhere:
    def addresses(self, article: Article, image: ArticleImage) -> list[str]:
        """Every address of the desk that names an article or one of its pictures."""
        desk = admin.site._registry[Article]
        found = []
        for pattern in desk.get_urls():
            names = set(pattern.pattern.converters)
            values: dict[str, object] = {
                "object_id": article.pk,
                "article_id": article.pk,
                "image_id": image.pk,
            }
            values |= {"format_name": "thumb", "link_id": 1, "number": 1, "attachment_id": 1}
            values |= {"video_id": 1}
            if not pattern.name or not names or "bin/" in str(pattern.pattern):
                continue
            if names <= set(values):
                address = reverse(
                    f"admin:{pattern.name}", kwargs={name: values[name] for name in names}
                )
                found.append(address)
        return found

    def test_what_lies_in_the_bin_is_not_found_on_any_address(self, as_chief, chief, editor):
        image = make_image(by=editor)
        article = make_binned(by=editor, body=figure(image))
        addresses = self.addresses(article, image)
        assert len(addresses) >= 8
        for address in addresses:
            answer = as_chief.get(address)
            assert answer.status_code in (404, 405), (address, answer.status_code)
            if "/change/" not in address:
                answer = as_chief.post(address, {"post": "yes", "reason": "x"})
                assert answer.status_code in (404, 405), (address, answer.status_code)
        article.refresh_from_db()
        assert article.is_binned

    def test_its_address_says_where_it_is_and_offers_the_way_back(self, as_writer, editor):
        article = make_binned(by=editor, title="找得到")
        answer = as_writer.get(change(article))
        html = answer.content.decode()
        assert answer.status_code == 404
        assert "找得到" in html
        assert "editor" in html
        assert f'action="{take_back(article)}"' in html

    def test_its_address_offers_no_way_back_to_who_may_not(self, as_writer, writer):
        article = make_binned(by=writer)
        writer.user_permissions.set(Permission.objects.filter(codename="view_article"))
        answer = as_writer.get(change(article))
        assert answer.status_code == 404
        assert take_back(article) not in answer.content.decode()

    def test_its_address_tells_strangers_nothing(self, as_outsider, editor):
        article = make_binned(by=editor, title="不给看")
        answer = as_outsider.get(change(article))
        assert answer.status_code == 403
        assert "不给看" not in answer.content.decode()

    def test_what_never_was_is_told_as_django_tells_it(self, as_chief):
        assert as_chief.get("/admin/articles/article/4711/change/").status_code == 302

    def test_no_list_shows_it(self, as_editor, editor):
        make_binned(by=editor, title="丢掉的草稿")
        for page in ("/admin/", "/admin/articles/article/", "/admin/articles/article/start/"):
            assert "丢掉的草稿" not in as_editor.get(page).content.decode(), page
        assert desk_of(editor).drafts_count == 0


class TestWritingWhileItIsDeleted:
    def test_saving_takes_it_out_again_with_words_and_pictures(self, as_writer, writer, editor):
        image = make_image(by=editor)
        article = make_article(by=editor, body=figure(image))
        sent = fields(
            channel=article.channel_id, title="我还在写", based_on=1, body=figure(image, "新图注。")
        )
        binning.throw_away(article, by=editor)
        answer = as_writer.post(change(article), sent, follow=True)
        article.refresh_from_db()
        assert (article.title, article.is_binned) == ("我还在写", False)
        image.refresh_from_db()
        assert image.caption == "新图注。"
        assert Article.objects.count() == 1
        assert "editor" in sentences(answer)

    def test_what_is_gone_for_good_is_kept_as_a_new_article(self, as_writer, writer):
        article = make_binned(by=writer)
        sent = fields(channel=article.channel_id, title="我还在写", based_on=1)
        address = change(article)
        binning.discard(article)
        answer = as_writer.post(address, sent)
        assert typed(answer)["title"] == "我还在写"
        assert as_writer.post(ADD, sent).status_code == 302
        assert Article.objects.get().title == "我还在写"

    def test_somebody_without_the_right_brings_nothing_back(self, as_outsider, editor):
        article = make_binned(by=editor)
        sent = fields(channel=article.channel_id, title="混进来", based_on=1)
        assert as_outsider.post(change(article), sent).status_code == 403
        article.refresh_from_db()
        assert article.is_binned


class TestSweeping:
    @pytest.fixture
    def sweep(self, django_capture_on_commit_callbacks):
        def sweep(now) -> sweeping.Swept:
            with django_capture_on_commit_callbacks(execute=True):
                return sweeping.sweep(now)

        return sweep

    @pytest.mark.parametrize(
        ("age", "gone"),
        [
            (timedelta(0), 0),
            (timedelta(days=30), 0),
            (timedelta(days=30, seconds=1), 1),
            (timedelta(days=400), 1),
        ],
    )
    def test_takes_drafts_and_their_files_after_30_days(self, writer, noon, sweep, age, gone):
        article = make_binned(by=writer, body=figure(make_image(by=writer)))
        Article.objects.update(deleted_at=noon - age)
        ArticleImage.objects.update(uploaded_at=noon - timedelta(days=500))
        name = article.images.get().file.name
        assert sweep(noon).binned == gone
        assert Article.objects.count() == 1 - gone
        assert default_storage.exists(str(name)) is not bool(gone)

    def test_spares_what_is_taken_back_meanwhile(self, writer, noon, sweep, monkeypatch):
        article = make_binned(by=writer)
        Article.objects.update(deleted_at=noon - timedelta(days=31))
        really_discard = binning.discard

        def take_back_first(one):
            binning.take_back(one)
            really_discard(one)

        monkeypatch.setattr(sweeping.binning, "discard", take_back_first)
        assert sweep(noon).binned == 0
        article.refresh_from_db()
        assert not article.is_binned

    def test_leaves_the_files_to_a_copy(self, writer, noon, sweep):
        source = make_article(by=writer, body=figure(make_image(by=writer)))
        copy = starting.copy(source, by=writer)
        binning.throw_away(source, by=writer)
        Article.objects.filter(pk=source.pk).update(deleted_at=noon - timedelta(days=31))
        ArticleImage.objects.update(uploaded_at=noon - timedelta(days=500))
        assert sweep(noon).uploads == 1
        (image,) = copy.images.all()
        for file in (image.file, image.original):
            assert default_storage.exists(str(file.name))

    def test_takes_attachments_and_videos_nobody_used(self, writer, noon, sweep):
        facts = {"uploaded_by": writer, "size": 1}
        film = Video(width=1, height=1, duration=1, **facts)
        paper = Attachment(title="附件", original_name="a.pdf", extension="pdf", **facts)
        for row in (film, paper):
            row.file.save("x", ContentFile(b"x"), save=False)
            row.save()
            type(row).objects.update(uploaded_at=noon - timedelta(days=3))
        assert sweep(noon).uploads == 2
        assert not default_storage.exists(str(film.file.name))
        assert not default_storage.exists(str(paper.file.name))

    def test_forgets_who_sat_where_yesterday(self, writer, noon, sweep):
        article = make_article(by=writer)
        for sitting, age in (("a" * 32, timedelta(days=2)), ("b" * 32, timedelta(hours=1))):
            Presence.objects.create(
                article=article, user=writer, sitting=sitting, seen_at=noon - age
            )
        sweep(noon)
        assert Presence.objects.get().sitting == "b" * 32
