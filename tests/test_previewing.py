"""What a preview shows, and which links lead to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.db import DatabaseError, transaction
from django.utils import timezone

from articles import binning, previewing, publishing, renditions, writing
from articles.models import Article, ArticleImage, PreviewLink, Revision
from articles.previewing import LinkRefused
from tests.factories import figure, make_article, make_channel, make_edition, make_image

pytestmark = pytest.mark.django_db

HERE = previewing.Addresses(
    picture=lambda image, format_name: f"/here/{image.pk}/{format_name}/",
    video=lambda video: f"/video/{video.pk}/",
    file=lambda row: f"/file/{row}/",
)

FORGERIES = {
    "another signature": lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"),
    "other letters": str.swapcase,
    "only the row": lambda token: token.partition(".")[0],
    "another row": lambda token: f"9{token}",
    "twice": lambda token: f"{token}.{token}",
    "a space": lambda token: f"{token} ",
    "nothing": lambda token: "",
    "dots": lambda token: "." * 5000,
    "digits": lambda token: "9" * 5000,
}


def typed(article, by, *, body="<p>改过的正文。</p>", tags=(), files=None):
    return previewing.typed_page(
        article, body=body, tags=list(tags), files=files, by=by, addresses=HERE
    )


class TestSavedPage:
    def test_shows_what_is_saved(self, writer):
        image = make_image(by=writer)
        article = make_article(
            by=writer, body=f"<p>正文。</p>{figure(image, '合影。')}", tags=["安全生产"]
        )
        page = previewing.saved_page(article, HERE)
        assert page["edition"].title == article.title
        assert "合影。" in page["edition"].body
        assert f"/here/{image.pk}/fallback/" in page["edition"].body
        assert page["edition"].tag_names == ["安全生产"]
        assert page["path"] == [article.channel]

    def test_of_an_empty_article_has_placeholders(self, db):
        page = previewing.saved_page(Article(), HERE)
        assert page["edition"].title
        assert page["edition"].source_name
        assert [str(row) for row in page["path"]] != [""]
        assert page["views"] == 0

    def test_has_the_neighbours_the_story_will_have(self, editor):
        channel = make_channel()
        older = make_edition(by=editor, channel=channel)
        article = make_article(by=editor, channel=channel)
        page = previewing.saved_page(article, HERE)
        assert (page["newer"], page["older"]) == (None, older)

    def test_keeps_the_time_of_a_story_that_was_published(self, editor):
        long_ago = timezone.now() - timedelta(days=9)
        edition = make_edition(by=editor, at=long_ago)
        assert previewing.saved_page(edition.article, HERE)["edition"].published_at == long_ago

    @pytest.mark.parametrize("shown", ["draft", "published", "changed", "withdrawn"])
    def test_knows_what_readers_have(self, editor, shown):
        article = make_article(by=editor)
        if shown != "draft":
            publishing.publish(article, by=editor)
        if shown == "withdrawn":
            publishing.withdraw(article, by=editor, reason="有误")
        article = Article.objects.get()
        if shown == "changed":
            writing.keep(article, body="<p>新。</p>", tags=[], by=editor, based_on=article.version)
        assert previewing.saved_page(article, HERE)["standing"] == shown


class TestTypedPage:
    def test_shows_what_is_typed_and_stores_nothing(self, writer):
        article = make_article(by=writer)
        before = (Article.objects.values().get(), Revision.objects.count())
        article.title = "还没有保存的标题"
        page = typed(article, writer, tags=["新标签"])
        assert page["edition"].title == "还没有保存的标题"
        assert page["edition"].body == "<p>改过的正文。</p>"
        assert page["edition"].tag_names == ["新标签"]
        assert (Article.objects.values().get(), Revision.objects.count()) == before

    def test_shows_fresh_uploads_with_the_words_typed_under_them(self, writer):
        image = make_image(by=writer)
        page = typed(Article(), writer, body=figure(image, "刚写的图注。", "刘洋"))
        assert "刚写的图注。" in page["edition"].body
        assert "刘洋" in page["edition"].body
        image.refresh_from_db()
        assert (image.caption, image.article) == ("", None)

    def test_shows_neither_pictures_of_others_nor_of_other_stories(self, writer, editor):
        theirs, elsewhere = make_image(by=editor), make_image(by=writer)
        make_article(by=writer, body=figure(elsewhere))
        body = f"<p>正文。</p>{figure(theirs)}{figure(elsewhere)}"
        assert typed(Article(), writer, body=body)["edition"].body == "<p>正文。</p>"

    def test_keeps_a_group_with_its_one_caption(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        group = f'[{{"image":{first.pk}}},{{"image":{second.pk}}}]'
        body = f"<figure data-group='{group}'><figcaption>组图。</figcaption></figure>"
        printed = typed(Article(), writer, body=body)["edition"].body
        assert printed.count("/fallback/") == 2
        assert printed.count("<figcaption>") == 1

    def test_frames_pictures_as_they_are_typed(self, writer):
        image = make_image(by=writer)
        body = f'<figure data-image="{image.pk}" data-turn="90"></figure>'
        seen = []

        def address(image: ArticleImage, format_name: str) -> str:
            seen.append(image.turn)
            return "/x/"

        previewing.typed_page(
            Article(),
            body=body,
            tags=[],
            files=None,
            by=writer,
            addresses=previewing.Addresses(address, HERE.video, HERE.file),
        )
        assert set(seen) == {90}

    def test_costs_the_same_for_one_picture_and_for_twelve(
        self, writer, django_assert_num_queries, django_assert_max_num_queries
    ):
        images = [make_image(by=writer) for _ in range(12)]
        article = make_article(by=writer)
        with django_assert_max_num_queries(12) as counted:
            typed(article, writer, body=figure(images[0]))
        with django_assert_num_queries(len(counted)):
            typed(article, writer, body="".join(figure(image) for image in images))


class TestLinks:
    def test_lead_to_their_article(self, writer):
        article = make_article(by=writer)
        link = previewing.make_link(article, by=writer, note=" 李总\n", days=3)
        assert link.note == "李总"
        assert link.expires_at - timezone.now() > timedelta(days=2, hours=23)
        assert previewing.open_link(previewing.token_of(link)) == link

    @pytest.mark.parametrize("name", sorted(FORGERIES))
    def test_cannot_be_made_up(self, writer, name):
        link = previewing.make_link(make_article(by=writer), by=writer, note="", days=1)
        token = previewing.token_of(link)
        forged = FORGERIES[name](token)
        assert forged != token
        assert previewing.open_link(forged) is None

    def test_are_not_signed_by_other_signatures_of_ours(self, writer):
        from django.core import signing

        link = previewing.make_link(make_article(by=writer), by=writer, note="", days=1)
        assert previewing.open_link(signing.Signer(sep=".").sign(str(link.pk))) is None

    def test_outlive_a_change_of_the_key_that_keeps_the_old_one(self, writer, settings):
        link = previewing.make_link(make_article(by=writer), by=writer, note="", days=1)
        old = previewing.signer("the-old-key").sign(str(link.pk))
        assert previewing.open_link(old) is None
        settings.SECRET_KEY_FALLBACKS = ["the-old-key"]
        assert previewing.open_link(old) == link

    def test_end(self, writer, noon, time_machine):
        link = previewing.make_link(make_article(by=writer), by=writer, note="", days=1)
        token = previewing.token_of(link)
        time_machine.shift(timedelta(hours=23))
        assert previewing.open_link(token)
        time_machine.shift(timedelta(hours=2))
        assert previewing.open_link(token) is None

    def test_end_when_revoked(self, writer):
        link = previewing.make_link(make_article(by=writer), by=writer, note="", days=1)
        assert previewing.revoke(link)
        assert not previewing.revoke(link)
        assert previewing.open_link(previewing.token_of(link)) is None

    def test_rest_while_their_maker_is_shut_out(self, writer):
        token = previewing.token_of(
            previewing.make_link(make_article(by=writer), by=writer, note="", days=1)
        )
        User.objects.update(is_active=False)
        assert previewing.open_link(token) is None
        User.objects.update(is_active=True)
        assert previewing.open_link(token)

    def test_rest_while_their_maker_may_not_edit(self, writer, outsider):
        token = previewing.token_of(
            previewing.make_link(make_article(by=writer), by=writer, note="", days=1)
        )
        writer.user_permissions.remove(Permission.objects.get(codename="change_article"))
        assert previewing.open_link(token) is None

    def test_rest_while_the_article_is_in_the_bin(self, writer):
        article = make_article(by=writer)
        token = previewing.token_of(previewing.make_link(article, by=writer, note="", days=1))
        binning.throw_away(article, by=writer)
        assert previewing.open_link(token) is None
        binning.take_back(article)
        assert previewing.open_link(token)

    @pytest.mark.parametrize("days", [0, -1, 2, 31, 10**9])
    def test_have_one_of_four_lifetimes(self, writer, days):
        with pytest.raises(LinkRefused):
            previewing.make_link(make_article(by=writer), by=writer, note="", days=days)

    def test_are_for_somebody_with_a_name_of_a_line(self, writer):
        with pytest.raises(LinkRefused):
            previewing.make_link(make_article(by=writer), by=writer, note="长" * 101, days=1)

    def test_are_not_made_by_those_who_may_not_edit(self, writer, outsider):
        with pytest.raises(LinkRefused):
            previewing.make_link(make_article(by=writer), by=outsider, note="", days=1)

    def test_are_not_made_without_end(self, writer, monkeypatch):
        monkeypatch.setattr(previewing, "MOST_OPEN_LINKS", 2)
        article = make_article(by=writer)
        link = previewing.make_link(article, by=writer, note="", days=1)
        previewing.make_link(article, by=writer, note="", days=1)
        with pytest.raises(LinkRefused):
            previewing.make_link(article, by=writer, note="", days=1)
        previewing.revoke(link)
        again = previewing.make_link(article, by=writer, note="", days=1)
        assert again.is_open()

    def test_are_revoked_by_their_maker_and_by_who_may_publish(self, writer, editor, outsider):
        article = make_article(by=writer)
        link = previewing.make_link(article, by=editor, note="", days=1)
        own = previewing.make_link(article, by=writer, note="", days=1)
        assert [previewing.may_revoke(who, link) for who in (writer, editor, outsider)] == [
            False,
            True,
            False,
        ]
        assert previewing.may_revoke(writer, own)
        assert previewing.may_revoke(editor, own)


class TestNotingAnOpening:
    def test_happens_once_a_minute(self, writer, time_machine):
        link = previewing.make_link(make_article(by=writer), by=writer, note="", days=1)
        time_machine.move_to(timezone.now(), tick=False)
        first = timezone.now()
        previewing.note_opening(link)
        for seconds, opened in [(59, first), (61, first + timedelta(seconds=61))]:
            time_machine.move_to(first + timedelta(seconds=seconds), tick=False)
            previewing.note_opening(PreviewLink.objects.get())
            assert PreviewLink.objects.get().opened_at == opened

    def test_may_fail(self, writer, monkeypatch):
        link = previewing.make_link(make_article(by=writer), by=writer, note="", days=1)

        def busy(*_args, **_options):
            raise DatabaseError("database is locked")

        monkeypatch.setattr(transaction, "atomic", busy)
        previewing.note_opening(link)
        monkeypatch.undo()
        assert PreviewLink.objects.get().opened_at is None


class TestFilesForGuests:
    def test_are_those_the_story_shows(self, writer):
        shown, dropped, other = (make_image(by=writer) for _ in range(3))
        article = make_article(by=writer, body=figure(shown) + figure(dropped))
        writing.keep(article, body=figure(shown), tags=[], by=writer, based_on=article.version)
        make_article(by=writer, body=figure(other))
        link = previewing.make_link(article, by=writer, note="", days=1)
        assert previewing.picture_for_guests(link, shown.pk) == shown
        assert previewing.picture_for_guests(link, dropped.pk) is None
        assert previewing.picture_for_guests(link, other.pk) is None

    def test_another_frame_has_another_address(self, writer):
        image = make_image(by=writer)
        before = renditions.version(image, "webp480")
        image.turn = 90
        assert renditions.version(image, "webp480") != before
