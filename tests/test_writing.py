"""Keeping what staff write: all of it, once, or nothing."""

from __future__ import annotations

import json
from html import escape
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from articles import markup, publishing, writing
from articles.models import (
    Article,
    ArticleImage,
    ContentClass,
    Presence,
    Revision,
    SaveReceipt,
)
from articles.writing import keeping
from tests.factories import figure, make_article, make_channel, make_department, make_image

pytestmark = pytest.mark.django_db

BODY = "<p>正文第一段。</p>"


def keep(
    article: Article, *, by, body: str = BODY, tags: tuple[str, ...] = (), **options
) -> Article:
    options.setdefault("based_on", article.version)
    return writing.keep(article, body=body, tags=list(tags), by=by, **options)


def state() -> tuple:
    """Everything a failed save must leave as it was."""
    return tuple(
        list(model._default_manager.order_by("pk").values())  # type: ignore[misc]
        for model in (Article, ArticleImage, Revision, SaveReceipt, Article.tags.through)
    )


class TestRevision:
    def test_is_recorded_with_the_first_save(self, writer):
        article = make_article(by=writer, tags=["先进典型", "安全生产"])
        revision = article.revisions.get()
        assert (article.version, revision.number, revision.saved_by) == (1, 1, writer)
        assert revision.content["title"] == article.title
        assert revision.content["body"] == BODY
        assert revision.content["tags"] == sorted(["先进典型", "安全生产"])
        assert revision.sha256 == Revision.checksum(revision.content)

    def test_is_not_recorded_when_nothing_changed(self, writer, editor):
        article = make_article(by=writer, tags=["安全生产"])
        keep(article, by=editor, tags=("安全生产",))
        assert (article.version, article.revisions.count()) == (1, 1)

    @pytest.mark.parametrize("name", [name for name in writing.KEPT_FIELDS if name != "body"])
    def test_is_recorded_for_each_changed_field(self, writer, name):
        article = make_article(by=writer)
        new = {
            "channel_id": lambda: make_channel().pk,
            "content_class_id": lambda: ContentClass.objects.create(name="一般消息").pk,
            "source_department_id": lambda: make_department().pk,
            "related": lambda: str(make_article(by=writer).pk),
        }.get(name, lambda: "改")()
        if name == "outside_source":
            article.source_department = None
        body = BODY
        if name == "cover_id":
            new = make_image(by=writer).pk
            body += f'<figure data-image="{new}"></figure>'
        setattr(article, name, new)
        keep(article, by=writer, body=body)
        assert article.version == 2
        assert article.revisions.get(number=2).content[name] == new

    @pytest.mark.parametrize(
        "changes",
        [{"body": "<p>改</p>"}, {"tags": ("安全生产",)}, {"body": "<p><em>正文第一段。</em></p>"}],
    )
    def test_is_recorded_for_text_and_tags(self, writer, changes):
        article = make_article(by=writer)
        keep(article, by=writer, **changes)
        assert article.version == 2
        assert Article.objects.get().version == 2

    @pytest.mark.parametrize("changes", [{"caption": "另一句。"}, {"credit": "李明"}])
    def test_is_recorded_for_captions(self, writer, changes):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image))
        keep(article, by=writer, body=figure(image, **changes))
        assert article.version == 2

    def test_is_recorded_for_the_order_of_pictures(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        article = make_article(by=writer, body=figure(first) + "<p>一</p>" + figure(second))
        keep(article, by=writer, body=figure(second) + "<p>一</p>" + figure(first))
        assert article.version == 2
        shown = [image["id"] for image in article.revisions.get(number=2).content["images"]]
        assert shown == [second.pk, first.pk]

    def test_is_never_changed_afterwards(self, writer):
        article = make_article(by=writer)
        before = Revision.objects.values().get()
        keep(article, by=writer, body="<p>改</p>")
        assert Revision.objects.filter(number=1).values().get() == before

    def test_goes_back_by_a_further_one(self, writer):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>改</p>")
        keep(article, by=writer, body=BODY)
        first, last = article.revisions.get(number=1), article.revisions.get(number=3)
        assert first.sha256 == last.sha256


class TestStaleForm:
    def test_is_refused_and_says_who_saved(self, writer, editor):
        article = make_article(by=writer)
        keep(Article.objects.get(), by=editor, body="<p>编辑</p>")
        before = state()
        with pytest.raises(writing.StaleForm) as caught:
            keep(article, by=writer, body="<p>作者</p>", based_on=1)
        assert (caught.value.saved_by, caught.value.version) == ("editor", 2)
        assert caught.value.saved_at == Article.objects.get().updated_at
        assert state() == before

    @pytest.mark.parametrize("based_on", [0, 2, 99])
    def test_is_any_other_version(self, writer, based_on):
        article = make_article(by=writer)
        with pytest.raises(writing.StaleForm):
            keep(article, by=writer, based_on=based_on)

    def test_cannot_bring_back_an_old_status(self, writer):
        article = make_article(by=writer)
        stale = Article.objects.get()
        Article.objects.update(status=Article.Status.PUBLISHED)
        keep(stale, by=writer)
        assert Article.objects.get().status == Article.Status.PUBLISHED
        assert article.pk == stale.pk


def sitting(key: str = "a" * 32, *, is_autosave: bool = False, step: int = 0) -> writing.Sitting:
    return writing.Sitting(key, is_autosave, step)


AUTOSAVE = sitting(is_autosave=True)


class TestSitting:
    """One opened form: what saved itself while somebody typed becomes one revision."""

    def numbers(self, article: Article) -> list[int]:
        return list(article.revisions.order_by("number").values_list("number", flat=True))

    def test_folds_its_autosaves(self, writer):
        article = make_article(by=writer)
        for words in ("甲", "甲乙", "甲乙丙"):
            keep(article, by=writer, body=f"<p>{words}</p>", sitting=AUTOSAVE)
        assert self.numbers(article) == [1, 4]
        newest = article.revisions.get(number=4)
        assert newest.is_autosave
        assert newest.content["body"] == "<p>甲乙丙</p>"

    def test_ends_in_the_save_on_purpose(self, writer):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲</p>", sitting=AUTOSAVE)
        keep(article, by=writer, body="<p>甲乙</p>", sitting=sitting())
        keep(article, by=writer, body="<p>甲乙丙</p>", sitting=AUTOSAVE)
        assert self.numbers(article) == [1, 3, 4]
        assert not article.revisions.get(number=3).is_autosave

    def test_makes_an_autosave_a_save_when_nothing_changed_since(self, writer):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲</p>", sitting=AUTOSAVE)
        keep(article, by=writer, body="<p>甲</p>", sitting=sitting())
        assert self.numbers(article) == [1, 2]
        assert not article.revisions.get(number=2).is_autosave

    @pytest.mark.parametrize("other", ["b" * 32, ""])
    def test_leaves_other_sittings_alone(self, writer, other):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲</p>", sitting=AUTOSAVE)
        keep(article, by=writer, body="<p>乙</p>", sitting=writing.Sitting(other, True))
        assert self.numbers(article) == [1, 2, 3]

    def test_leaves_what_another_person_saved(self, writer, editor):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲</p>", sitting=AUTOSAVE)
        keep(article, by=editor, body="<p>乙</p>", sitting=AUTOSAVE)
        assert self.numbers(article) == [1, 2, 3]

    def test_leaves_what_readers_see(self, editor):
        article = make_article(by=editor)
        keep(article, by=editor, body="<p>甲</p>", sitting=AUTOSAVE)
        publishing.publish(article, by=editor)
        article = Article.objects.get()
        keep(article, by=editor, body="<p>乙</p>", sitting=AUTOSAVE)
        assert self.numbers(article) == [1, 2, 3]

    def test_whose_answer_got_lost_is_not_stale(self, writer):
        article = make_article(by=writer)
        first, second = (sitting(is_autosave=True, step=step) for step in (1, 2))
        keep(article, by=writer, body="<p>甲</p>", sitting=first)
        keep(article, by=writer, body="<p>甲乙</p>", based_on=1, sitting=second)
        assert Article.objects.get().body == "<p>甲乙</p>"

    @pytest.mark.parametrize("step", [0, 1, 2])
    def test_takes_nothing_that_was_sent_before_what_it_saved(self, writer, step):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲乙</p>", sitting=sitting(is_autosave=True, step=2))
        late = sitting(is_autosave=True, step=step)
        with pytest.raises(writing.StaleForm):
            keep(article, by=writer, body="<p>甲</p>", based_on=1, sitting=late)
        assert Article.objects.get().body == "<p>甲乙</p>"

    def test_keeps_what_a_colleague_has_opened_since(self, writer, editor):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲</p>", sitting=AUTOSAVE)
        now = timezone.now()
        Presence.objects.create(article=article, user=editor, sitting="b" * 32, seen_at=now)
        for words in ("甲乙", "甲乙丙", "甲乙丙丁"):
            keep(article, by=writer, body=f"<p>{words}</p>", sitting=AUTOSAVE)
        assert self.numbers(article) == [1, 2, 5]

    def test_of_a_colleague_stays_the_colleagues(self, writer, editor):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲</p>", sitting=AUTOSAVE)
        keep(article, by=editor, body="<p>甲</p>", sitting=sitting("b" * 32))
        newest = article.revisions.get(number=2)
        assert (newest.saved_by, newest.sitting, newest.is_autosave) == (writer, "a" * 32, True)

    def test_of_another_person_is_stale_all_the_same(self, writer, editor):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲</p>", sitting=AUTOSAVE)
        with pytest.raises(writing.StaleForm):
            keep(article, by=editor, body="<p>乙</p>", based_on=1, sitting=AUTOSAVE)

    def test_without_a_key_is_stale(self, writer):
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>甲</p>")
        with pytest.raises(writing.StaleForm):
            keep(article, by=writer, body="<p>乙</p>", based_on=1)


class TestReceipt:
    def test_is_filed_with_the_save(self, writer):
        receipt = writing.Receipt(uuid4(), "f" * 64)
        article = make_article(by=writer)
        keep(article, by=writer, body="<p>改</p>", receipt=receipt)
        filed = SaveReceipt.objects.get()
        assert (filed.article, filed.key) == (article, receipt.key)
        assert filed.fingerprint == receipt.fingerprint

    def test_makes_a_double_click_save_once(self, writer):
        receipt, channel = writing.Receipt(uuid4(), "f" * 64), make_channel()

        def click():
            with transaction.atomic():
                keep(Article(title="一次", channel=channel), by=writer, receipt=receipt)

        click()
        before = state()
        with pytest.raises(IntegrityError):
            click()
        assert state() == before
        assert Article.objects.count() == 1


class TestPictures:
    def test_are_attached_captioned_and_ordered(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        body = figure(second, "第二张。", "李明") + "<p>一</p>" + figure(first, "第一张。")
        article = make_article(by=writer, body=body)
        rows = article.images.order_by("order").values_list("pk", "order", "caption", "credit")
        assert list(rows) == [(second.pk, 1, "第二张。", "李明"), (first.pk, 2, "第一张。", "")]
        assert article.body == (
            f'<figure data-image="{second.pk}"></figure><p>一</p>'
            f'<figure data-image="{first.pk}"></figure>'
        )

    def test_of_other_people_are_never_attached(self, writer, editor):
        mine, theirs = make_image(by=writer), make_image(by=editor)
        article = make_article(by=writer, body=figure(mine) + BODY + figure(theirs, "偷来的。"))
        theirs.refresh_from_db()
        assert (theirs.article, theirs.caption, theirs.order) == (None, "", 0)
        assert [image.pk for image in article.images.all()] == [mine.pk]
        assert str(theirs.pk) not in [str(f.images[0]) for f in markup.read_figures(article.body)]

    def test_of_other_articles_are_never_attached(self, writer):
        image = make_image(by=writer)
        first = make_article(by=writer, body=figure(image, "属于第一篇。"))
        second = make_article(by=writer, body=BODY + figure(image, "改了。"))
        image.refresh_from_db()
        assert (image.article, image.caption) == (first, "属于第一篇。")
        assert second.body == BODY

    def test_of_the_article_are_usable_by_every_colleague(self, writer, editor):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image))
        keep(article, by=editor, body=figure(image, "编辑改过。"))
        image.refresh_from_db()
        assert (image.caption, image.order) == ("编辑改过。", 1)

    @pytest.mark.parametrize("number", [999_999_999, 10**17])
    def test_that_do_not_exist_leave_no_trace(self, writer, number):
        body = f'{BODY}<figure data-image="{number}"></figure>'
        assert make_article(by=writer, body=body).body == BODY

    def test_left_out_at_the_end_leave_no_empty_paragraph(self, writer):
        body = f'{BODY}<p></p><figure data-image="999999999"></figure>'
        assert make_article(by=writer, body=body).body == BODY

    def test_that_the_body_no_longer_names_are_kept_unplaced(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        article = make_article(by=writer, body=figure(first) + BODY + figure(second))
        keep(article, by=writer, body=BODY + figure(second))
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.article, first.order) == (article, 0)
        assert second.order == 1
        assert len(article.revisions.get(number=2).content["images"]) == 1

    def test_may_come_back_later(self, writer):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image) + BODY)
        keep(article, by=writer, body=BODY)
        keep(article, by=writer, body=figure(image) + BODY)
        image.refresh_from_db()
        assert image.order == 1

    def test_named_twice_stand_once(self, writer):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image, "一。") + BODY + figure(image, "二。"))
        image.refresh_from_db()
        assert image.caption == "一。"
        assert len(markup.read_figures(article.body)) == 1


def group(*images: ArticleImage, caption: str = "职工在井口合影。", **facts: str) -> str:
    listed = [{"image": image.pk, **facts} for image in images]
    words = escape(json.dumps(listed, ensure_ascii=False))
    return f'<figure data-group="{words}"><figcaption>{caption}</figcaption></figure>'


class TestGroup:
    def test_shares_the_caption_of_its_first_picture(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        article = make_article(by=writer, body=group(second, first, credit="王建") + BODY)
        assert article.body == f'<figure data-image="{second.pk},{first.pk}"></figure>{BODY}'
        rows = article.images.order_by("order").values_list("pk", "caption", "credit")
        assert list(rows) == [(second.pk, "职工在井口合影。", "王建"), (first.pk, "", "王建")]

    def test_comes_back_into_the_editor_and_stays_the_same(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        typed = markup.clean(group(first, second, rights="own") + BODY)
        article = make_article(by=writer, body=typed)
        shown = writing.body_for_editor(article)
        assert markup.read_figures(shown) == markup.read_figures(typed)
        keep(article, by=writer, body=shown)
        assert article.version == 1

    def test_keeps_the_pictures_one_may_use(self, writer, editor):
        mine, theirs = make_image(by=writer), make_image(by=editor)
        article = make_article(by=writer, body=group(theirs, mine) + BODY)
        assert article.body == f'<figure data-image="{mine.pk}"></figure>{BODY}'
        assert article.images.get().caption == "职工在井口合影。"

    def test_can_be_taken_apart(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        article = make_article(by=writer, body=group(first, second))
        keep(article, by=writer, body=figure(first, "甲。") + figure(second, "乙。"))
        captions = article.images.order_by("order").values_list("caption", flat=True)
        assert (list(captions), article.version) == (["甲。", "乙。"], 2)


class TestFrame:
    """How a picture is turned, cut and what of it must stay in sight."""

    TYPED = (
        '<figure data-image="{}" data-rights="agency" data-rights-note="合同3号" data-turn="90" '
        'data-crop="0.1,0.2,0.5,0.5" data-focus="0.25,0.75">'
        "<figcaption>井口。</figcaption></figure>"
    )

    def test_is_kept_with_the_picture(self, writer):
        image = make_image(by=writer)
        article = make_article(by=writer, body=self.TYPED.format(image.pk))
        image.refresh_from_db()
        assert (image.turn, image.crop, image.focus) == (90, [0.1, 0.2, 0.5, 0.5], (0.25, 0.75))
        assert (image.rights, image.rights_note) == ("agency", "合同3号")
        keep(article, by=writer, body=writing.body_for_editor(article))
        assert article.version == 1

    @pytest.mark.parametrize(
        "change", [{"data-turn": "180"}, {"data-crop": "0,0,0.5,1"}, {"data-focus": "0.1,0.1"}]
    )
    def test_is_part_of_the_revision(self, writer, change):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image))
        ((name, value),) = change.items()
        keep(article, by=writer, body=figure(image).replace(">", f' {name}="{value}">', 1))
        assert article.version == 2
        assert article.revisions.get(number=2).content["images"] == [
            ArticleImage.objects.get().snapshot()
        ]


class TestCover:
    def test_is_a_picture_of_the_text(self, writer):
        first, second = make_image(by=writer), make_image(by=writer)
        article = make_article(by=writer, body=figure(first) + figure(second), cover_id=second.pk)
        assert Article.objects.get().cover == second
        keep(article, by=writer, body=figure(first))
        assert Article.objects.get().cover is None

    def test_is_never_a_picture_of_somebody_else(self, writer, editor):
        theirs = make_image(by=editor)
        make_article(by=writer, body=figure(theirs) + BODY, cover_id=theirs.pk)
        assert Article.objects.get().cover is None


class TestBodyForEditor:
    def test_is_what_was_typed(self, writer):
        image = make_image(by=writer)
        typed = markup.clean(BODY + figure(image, "职工 <b>&amp;</b> 家属", "王建"))
        article = make_article(by=writer, body=typed)
        shown = writing.body_for_editor(article)
        assert markup.read_figures(shown) == markup.read_figures(typed)
        keep(article, by=writer, body=shown)
        assert article.version == 1


class TestFigureFaults:
    def test_is_empty_for_what_fits(self):
        assert writing.figure_faults([]) == []
        assert (
            writing.figure_faults(
                [markup.Figure.of(1, "字" * 300, credit="字" * 50, alternative="字" * 200)]
            )
            == []
        )

    @pytest.mark.parametrize(
        "words", [{"caption": "字" * 301}, {"credit": "字" * 51}, {"alternative": "字" * 201}]
    )
    def test_names_the_picture(self, words):
        faults = writing.figure_faults([markup.Figure.of(7), markup.Figure.of(8, **words)])
        assert len(faults) == 1
        assert "2" in faults[0]


class TestSnapshot:
    def test_has_a_stable_checksum(self, writer):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image) + BODY, tags=["b", "a"])
        again = Article.objects.get(pk=article.pk)
        assert writing.snapshot(again) == writing.snapshot(article)
        stored = article.revisions.get()
        assert Revision.checksum(stored.content) == stored.sha256

    def test_does_not_depend_on_the_order_of_keys_and_tags(self, writer):
        one = make_article(by=writer, tags=["b", "a"])
        assert writing.snapshot(one)["tags"] == ["a", "b"]
        assert Revision.checksum({"a": 1, "b": "安"}) == Revision.checksum({"b": "安", "a": 1})


STEPS = [
    (Article, "save"),
    (SaveReceipt.objects, "create"),
    (keeping, "place"),
    (keeping, "snapshot"),
    (Revision.objects, "create"),
]


class TestAllOrNothing:
    @pytest.mark.parametrize(("owner", "name"), STEPS)
    @pytest.mark.parametrize("moment", ["before", "after"])
    def test_keeps_nothing_when_a_step_fails(self, writer, monkeypatch, owner, name, moment):
        old, new = make_image(by=writer), make_image(by=writer)
        article = make_article(by=writer, body=BODY + figure(old), tags=["安全生产"])
        before = state()
        real, receipt = getattr(owner, name), writing.Receipt(uuid4(), "f" * 64)

        def fail(*args, **kwargs):
            if moment == "after":
                real(*args, **kwargs)
            raise RuntimeError

        monkeypatch.setattr(owner, name, fail)
        with pytest.raises(RuntimeError):
            keep(article, by=writer, body=figure(new) + BODY, tags=("创新",), receipt=receipt)
        assert state() == before

    def test_cleans_whatever_it_is_given(self, writer):
        article = make_article(by=writer, body="<script>alert(1)</script><p onclick=x>一</p>\0")
        assert article.body == "<p>一</p>"

    def test_refuses_a_body_that_is_too_deep_without_a_trace(self, writer):
        with pytest.raises(markup.BodyTooDeep):
            make_article(by=writer, body="<ul><li>" * 50)
        assert not Article.objects.exists()
