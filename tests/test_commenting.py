"""Comments on a text: where the passage stands, who is told, what becomes of a suggestion."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from hypothesis import given
from hypothesis import strategies as st

from articles import commenting, markup, publishing, workflow, writing
from articles.commenting import Passage
from articles.models import Article, Comment, Notice, Role, Stage
from articles.models.appointment import sees
from tests.editorial import appoint, at_stage, fresh
from tests.factories import figure, make_article, make_department, make_image

BODY = (
    "<p>集团召开<strong>安全</strong>生产工作会议。会议要求压实责任。</p>"
    "<p>培训持续到月底，压实责任。</p>"
)


@pytest.fixture
def article(writer) -> Article:
    return make_article(by=writer, body=BODY)


@pytest.fixture
def reviewer(db) -> User:
    return appoint("reviewer", Role.FIRST_REVIEWER)


def say(article, by, words="请核对", quote="", before="", replacement=None) -> Comment:
    return commenting.comment(
        article,
        by=by,
        version=article.version,
        words=words,
        passage=Passage(quote, before),
        replacement=replacement,
    )


class TestPassages:
    def test_are_found_over_marks_and_blanks(self):
        (place,) = markup.find_passage("<p>一\n  <em>二</em> 三</p>", "一 二 三")
        assert place.before == ""

    def test_are_told_apart_by_the_words_before(self):
        assert len(markup.find_passage(BODY, "压实责任")) == 2
        (place,) = markup.find_passage(BODY, "压实责任", "持续到月底，")
        assert place.before == "培训持续到月底，"

    def test_do_not_reach_over_a_paragraph_nor_into_captions(self):
        assert not markup.find_passage("<p>一</p><p>二</p>", "一二")
        assert not markup.find_passage(
            '<figure data-image="1"><figcaption>合影</figcaption></figure>', "合影"
        )

    @pytest.mark.parametrize(
        ("body", "quote", "words", "result"),
        [
            ("<p>甲<strong>乙丙</strong>丁</p>", "甲乙", "子", "<p>子<strong>丙</strong>丁</p>"),
            ("<p>甲<br>乙</p>", "甲 乙", "丑", "<p>丑</p>"),
            ("<p>甲<em>乙</em>丙丁</p>", "丙", "", "<p>甲<em>乙</em>丁</p>"),
            ("<p>甲乙</p>", "乙", "<b>&", "<p>甲&lt;b&gt;&amp;</p>"),
        ],
    )
    def test_are_replaced(self, body, quote, words, result):
        (place,) = markup.find_passage(body, quote)
        assert markup.replace_passage(body, quote, place, words) == result

    @given(
        words=st.lists(st.text("甲乙丙 丁", min_size=1, max_size=8), min_size=1, max_size=4),
        data=st.data(),
    )
    def test_replacing_changes_nothing_else(self, words, data):
        body = "".join(f"<p>{each[:2]}<em>{each[2:]}</em></p>" for each in words)
        lines = [line for line in markup.plain_text(body).splitlines() if line]
        if not lines:
            return
        line = data.draw(st.sampled_from(lines))
        start = data.draw(st.integers(0, len(line) - 1))
        quote = markup.tidy_passage(line[start : start + data.draw(st.integers(1, 5))])
        for place in markup.find_passage(body, quote) if quote else []:
            after = markup.plain_text(markup.replace_passage(body, quote, place, "☆"))
            assert after.count("☆") == 1
            assert after.replace("☆", quote) == markup.plain_text(body)


class TestComment:
    def test_keeps_where_the_passage_stands(self, article, editor):
        row = say(article, editor, quote="安全 生产".replace(" ", ""))
        assert (row.quote, row.before, row.revision) == ("安全生产", "集团召开", 1)

    def test_may_be_on_the_headline_a_caption_or_the_whole(self, writer, editor):
        body = figure(make_image(by=writer), "职工在井口合影。") + BODY
        article = make_article(by=writer, body=body)
        for quote in ("同心同向", "井口合影", "责任。 培训", ""):
            assert say(article, editor, quote=quote).quote == quote

    def test_sent_twice_is_one(self, article, editor):
        assert say(article, editor) == say(article, editor)
        assert Notice.objects.filter(kind="commented").count() == 1

    @pytest.mark.parametrize(
        "what",
        [
            {"words": ""},
            {"quote": "没有这句话"},
            {"replacement": "改成这样"},
            {"quote": "压实责任", "replacement": "落实责任"},
            {"quote": "责任。 培训", "replacement": "落实"},
            {"quote": "月底", "replacement": "月底"},
            {"words": "长" * 1001},
            {"quote": "月底", "replacement": "长" * 2001},
        ],
    )
    def test_is_refused_with_a_sentence(self, article, editor, what):
        with pytest.raises(workflow.MoveRefused) as refusal:
            say(article, editor, **what)
        assert all(refusal.value.reasons)
        assert not article.comments.exists()

    def test_is_for_those_who_change_or_review_it(self, article, outsider, reviewer):
        for person in (outsider, reviewer):
            with pytest.raises(workflow.MoveRefused):
                say(article, person)
        at_first = at_stage(article, Stage.FIRST)
        assert say(at_first, fresh(reviewer)).pk


class TestMentions:
    def test_tell_whom_they_name_and_the_author(self, article, editor, writer, chief):
        chief.last_name, chief.first_name = "张", "三丰"
        chief.save()
        editor.last_name, editor.first_name = "张", "三"
        editor.save()
        say(article, editor, words="请@张三丰 看一下")
        told = set(Notice.objects.values_list("user__username", "kind"))
        assert told == {("chief", "mentioned"), ("writer", "commented")}

    def test_never_tell_people_who_may_not_look(self, article, editor, outsider):
        elsewhere = appoint("faraway", Role.EDITOR, make_department())
        say(article, editor, words=f"@outsider @{elsewhere.username} 看看")
        assert not Notice.objects.filter(kind="mentioned").exists()
        assert commenting.mentionable(article, "faraway") == []
        assert commenting.mentionable(article, "outsider") == []

    def test_offer_those_who_may(self, article, writer, editor):
        assert commenting.mentionable(article, "edit") == [editor]
        assert set(commenting.mentionable(article, "")) == {writer, editor}

    def test_look_at_everybody_in_a_few_statements(
        self, article, editor, django_assert_max_num_queries
    ):
        for number in range(45):
            appoint(f"zhang{number}", Role.EDITOR, make_department())
        last = appoint("zhangz", Role.EDITOR)
        with django_assert_max_num_queries(8):
            assert commenting.mentionable(article, "zhang") == [last]

    @pytest.mark.parametrize("stage", list(Stage))
    def test_name_whom_every_list_shows_it(self, article, editor, stage):
        here, elsewhere = make_department(), make_department()
        Article.objects.filter(pk=article.pk).update(source_department=here)
        for role in Role:
            appoint(f"here-{role.value}", role, here)
            appoint(f"elsewhere-{role.value}", role, elsewhere)
        moved = at_stage(article, stage)
        acted = {editor.pk}
        for person in User.objects.filter(groups__isnull=False):
            shown = Article.objects.visible_to(fresh(person)).filter(pk=moved.pk).exists()
            may_look = fresh(person).has_perm("articles.view_article")
            assert (may_look and sees(fresh(person), moved, acted)) is shown, person


class TestSuggestion:
    @pytest.fixture
    def row(self, article, editor) -> Comment:
        return say(
            article,
            editor,
            words="",
            quote="压实责任",
            before="培训持续到月底，",
            replacement="落实责任",
        )

    def test_is_taken_as_a_version_of_the_writer(self, article, row, writer, editor):
        kept = commenting.take(row, by=writer, version=1)
        assert kept.version == 2
        assert kept.body.count("压实责任") == 1
        assert kept.body.endswith("月底，落实责任。</p>")
        assert kept.revisions.get(number=2).saved_by == writer
        row.refresh_from_db()
        assert (row.outcome, row.settled_by) == ("taken", writer)

    def test_keeps_pictures_and_captions(self, writer, editor):
        image = make_image(by=writer)
        article = make_article(by=writer, body=figure(image, "合影。") + BODY, tags=["安全"])
        row = say(article, editor, words="", quote="月底", replacement="年底")
        kept = commenting.take(row, by=writer, version=1)
        image.refresh_from_db()
        assert image.caption == "合影。"
        assert list(kept.tags.names()) == ["安全"]

    def test_is_taken_once(self, row, writer):
        commenting.take(row, by=writer, version=1)
        with pytest.raises(workflow.MoveRefused):
            commenting.take(row, by=writer, version=2)
        with pytest.raises(workflow.MoveRefused):
            commenting.reopen(row, by=writer)

    def test_is_refused_when_somebody_saved_meanwhile(self, article, row, writer, editor):
        again = Article.objects.get()
        writing.keep(again, body=BODY + "<p>新。</p>", tags=[], by=editor, based_on=1)
        with pytest.raises(writing.StaleForm):
            commenting.take(row, by=writer, version=1)
        row.refresh_from_db()
        assert row.settled_at is None

    @pytest.mark.parametrize(
        "body",
        ["<p>别的话。</p>", "<p>一、压实责任，压实责任。</p>"],
        ids=["gone", "ambiguous"],
    )
    def test_is_refused_when_the_passage_cannot_be_told(self, article, row, writer, body):
        writing.keep(Article.objects.get(), body=body, tags=[], by=writer, based_on=1)
        with pytest.raises(workflow.MoveRefused):
            commenting.take(row, by=writer, version=2)
        assert Article.objects.get().version == 2

    def test_is_not_taken_under_review(self, article, row, writer):
        at_stage(article, Stage.FIRST)
        with pytest.raises(workflow.MoveRefused):
            commenting.take(row, by=writer, version=1)

    def test_may_be_left_and_opened_again(self, row, writer, editor):
        commenting.leave(row, by=writer)
        row.refresh_from_db()
        assert row.outcome == "left"
        commenting.reopen(row, by=editor)
        row.refresh_from_db()
        assert (row.outcome, row.settled_by) == ("", None)

    def test_is_left_by_nobody_else(self, row, outsider):
        with pytest.raises(workflow.MoveRefused):
            commenting.leave(row, by=outsider)


class TestReaders:
    def test_get_nothing_of_it(self, article, editor, client):
        say(article, editor, words="金丝雀批注", quote="月底", replacement="金丝雀建议")
        publishing.publish(article, by=editor)
        pages = (
            "/",
            f"/articles/{article.pk}/",
            f"/api/v1/stories/{article.pk}/",
            "/search/?q=金丝雀",
        )
        for page in pages:
            text = client.get(page).content.decode().replace("q=金丝雀", "")
            assert "金丝雀批注" not in text
            assert "金丝雀建议" not in text
