"""The versions of an article: the list, a comparison, a restoration, two texts at once."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission

from articles import binning, merging, publishing, writing
from articles.models import Article, Edition, Revision
from tests.factories import figure, make_article, make_channel, make_edition, make_image

pytestmark = pytest.mark.django_db

BACKEND = "newsroom.authentication.OneStatementBackend"
FIRST, SECOND, THIRD = (
    f"<p>{words}</p>"
    for words in ("集团召开安全生产工作会议。", "会议要求压实各级责任。", "培训持续到月底。")
)


def address(article: Article, view: str) -> str:
    return f"/admin/articles/article/{article.pk}/{view}"


def save(article: Article, *, by, body: str | None = None, **given) -> Article:
    """One more version; `given` are fields, tags and options of `keep`."""
    article = Article.objects.get(pk=article.pk)
    options = {name: given.pop(name) for name in ("sitting", "tags") if name in given}
    options.setdefault("tags", list(article.tags.names()))
    for name, value in given.items():
        setattr(article, name, value)
    body = writing.body_for_editor(article) if body is None else body
    return writing.keep(article, body=body, by=by, based_on=article.version, **options)


def form(article: Article, **given) -> dict[str, str]:
    """What the browser sends for this article as it was when the form was opened."""
    article = Article.objects.get(pk=article.pk)
    return {
        "kicker": article.kicker,
        "title": article.title,
        "subtitle": article.subtitle,
        "short_title": article.short_title,
        "summary": article.summary,
        "body": writing.body_for_editor(article),
        "channel": str(article.channel_id),
        "source_department": str(article.source_department_id or ""),
        "outside_source": article.outside_source,
        "byline": article.byline,
        "tags": "、".join(article.tags.names()),
        "based_on": str(article.version),
        "receipt": str(uuid4()),
        **given,
    }


def hidden(answer) -> dict[str, str]:
    """What the conflict page sends back, the marked choices with it."""
    found = {}
    for tag in re.findall(r"<input[^>]*>", answer.content.decode()):
        facts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if facts.get("type") == "hidden" or "checked" in tag:
            value = facts.get("value", "").replace("&lt;", "<").replace("&gt;", ">")
            found[facts["name"]] = value.replace("&quot;", '"').replace("&amp;", "&")
    found.pop("csrfmiddlewaretoken", None)
    return found


@pytest.fixture
def article(editor) -> Article:
    """Three versions by the editor."""
    article = make_article(by=editor, body=FIRST, tags=["安全"])
    save(article, by=editor, body=FIRST + SECOND, title="第二版的题目")
    return save(article, by=editor, body=FIRST + SECOND + THIRD, tags=["安全", "矿山"])


class TestTheList:
    def test_shows_each_version_with_who_and_how_much(self, as_writer, article):
        answer = as_writer.get(address(article, "history/"))
        rows = [row for row in answer.context["rows"] if row.revision]
        assert [row.revision.number for row in rows] == [3, 2, 1]
        assert [row.before for row in rows] == [2, 1, 0]
        assert rows[0].is_newest
        assert rows[0].by == "editor"
        assert (rows[0].revision.added, rows[0].revision.removed) == (10, 0)

    def test_tells_how_a_version_came_about(self, as_editor, editor, article):
        sitting = writing.Sitting("a" * 32, is_autosave=True)
        save(article, by=editor, title="自动", sitting=sitting)
        as_editor.post(address(article, "restore/1/"), {"based_on": "4"})
        rows = as_editor.get(address(article, "history/")).context["rows"]
        revisions = [row.revision for row in rows if row.revision]
        assert revisions[0].restored_from == 1
        assert revisions[1].is_autosave

    def test_weaves_publications_in_and_says_what_readers_see(self, as_editor, editor):
        make_edition(by=editor)
        article = Article.objects.get()
        sent = form(article, title="新题目", _publish="1")
        as_editor.post(address(article, "change/"), sent)
        as_editor.post(address(article, "withdraw/"), {"reason": "数字有误"})
        rows = as_editor.get(address(article, "history/")).context["rows"]
        said = [row.sentence or row.revision.number for row in rows]
        assert said[0].endswith("数字有误")
        assert len(said) == 4
        assert said[2:] == [2, 1]
        assert not any(row.is_read for row in rows)

    def test_marks_the_version_readers_see(self, as_editor, editor):
        make_edition(by=editor)
        article = save(Article.objects.get(), by=editor, title="还没发布")
        rows = as_editor.get(address(article, "history/")).context["rows"]
        assert [row.is_read for row in rows] == [False, True]

    def test_is_paged_and_costs_the_same(self, as_editor, editor, django_assert_max_num_queries):
        article = make_article(by=editor)
        snapshot = article.revisions.get().content
        Revision.objects.bulk_create(
            Revision(article=article, number=n, content=snapshot, sha256="0" * 64, saved_by=editor)
            for n in range(2, 61)
        )
        Article.objects.update(version=60)
        with django_assert_max_num_queries(13):
            first = as_editor.get(address(article, "history/"))
        assert len(first.context["rows"]) == 50
        second = as_editor.get(address(article, "history/") + "?p=2")
        assert [row.revision.number for row in second.context["rows"]] == list(range(10, 0, -1))
        assert first.context["rows"][-1].before == 10

    @pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999", ""])
    def test_no_page_number_makes_it_fail(self, as_editor, article, page):
        assert as_editor.get(address(article, f"history/?p={page}")).status_code == 200


class TestComparing:
    def compare(self, client, article, old, new):
        return client.get(address(article, f"compare/?old={old}&new={new}"))

    def test_tells_fields_and_blocks(self, as_writer, article):
        answer = self.compare(as_writer, article, 1, 3)
        comparison = answer.context["comparison"]
        assert [field.name for field in comparison.changed_fields] == ["title", "tags"]
        assert [block.kind for block in comparison.blocks] == ["same", "added", "added"]
        assert "<ins>会议要求压实各级责任。</ins>" in answer.content.decode()

    def test_orders_the_two_numbers(self, as_writer, article):
        answer = self.compare(as_writer, article, 3, 1)
        assert (answer.context["old"].number, answer.context["new"].number) == (1, 3)

    def test_the_first_version_is_compared_with_an_empty_page(self, as_writer, article):
        answer = self.compare(as_writer, article, 0, 1)
        assert answer.context["old"] is None
        assert answer.context["comparison"].amount.removed == 0

    def test_a_folded_autosave_is_stood_in_for(self, as_writer, editor, article):
        for title in ("一", "一二", "一二三"):
            sitting = writing.Sitting("a" * 32, is_autosave=True)
            save(article, by=editor, title=title, sitting=sitting)
        answer = self.compare(as_writer, article, 4, 6)
        assert (answer.context["old"].number, answer.context["new"].number) == (3, 6)
        assert answer.context["replaced"] == 4

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("1", "4"),
            ("1", ""),
            ("", "2"),
            ("x", "2"),
            ("-1", "2"),
            ("0", "0"),
            ("1", "9" * 30),
            ("0", "0" * 5000),
        ],
    )
    def test_unknown_numbers_are_not_found(self, as_writer, article, old, new):
        assert self.compare(as_writer, article, old, new).status_code == 404

    def test_another_story_s_versions_are_not_reached(self, as_writer, article, editor):
        other = make_article(by=editor, title="另一篇")
        assert self.compare(as_writer, other, 1, 3).status_code == 404

    def test_costs_the_same_with_more_text(
        self, as_writer, article, editor, django_assert_max_num_queries
    ):
        images = [make_image(by=editor) for _each in range(4)]
        body = "".join(figure(image, f"图注{n}。") + FIRST for n, image in enumerate(images))
        save(article, by=editor, body=body)
        with django_assert_max_num_queries(13):
            self.compare(as_writer, article, 1, 4)


class TestRestoring:
    def test_makes_a_new_version_with_the_old_words(self, as_editor, article):
        answer = as_editor.post(address(article, "restore/1/"), {"based_on": "3"})
        assert answer.url == address(article, "change/")
        article.refresh_from_db()
        newest = article.revisions.get(number=4)
        assert newest.content == article.revisions.get(number=1).content
        assert newest.restored_from == 1
        assert (article.version, list(article.tags.names())) == (4, ["安全"])

    def test_brings_pictures_back_with_their_words(self, as_editor, editor):
        one, two = make_image(by=editor), make_image(by=editor)
        article = make_article(by=editor, body=figure(one, "甲。", "王建") + figure(two, "乙。"))
        save(article, by=editor, body=figure(two, "改过的图注。"))
        as_editor.post(address(article, "restore/1/"), {"based_on": "2"})
        images = Article.objects.get().images.filter(order__gt=0)
        assert [(image.pk, image.caption, image.credit) for image in images] == [
            (one.pk, "甲。", "王建"),
            (two.pk, "乙。", ""),
        ]

    def test_never_touches_status_edition_or_views(self, as_editor, editor):
        edition = make_edition(by=editor)
        article = save(Article.objects.get(), by=editor, title="新题目")
        publishing.publish(Article.objects.get(), by=editor)
        before = Edition.objects.values().get()
        as_editor.post(address(article, "restore/1/"), {"based_on": "2"})
        article.refresh_from_db()
        assert (article.status, article.version) == ("published", 3)
        assert Edition.objects.values().get() == before
        assert edition.article_id == article.pk

    def test_shows_what_would_change_first(self, as_editor, article):
        answer = as_editor.get(address(article, "restore/1/"))
        changed = answer.context["comparison"].changed_fields
        assert [field.name for field in changed] == ["title", "tags"]
        article.refresh_from_db()
        assert article.version == 3

    @pytest.mark.parametrize("based_on", ["2", "", "x", "99999999999999999999"])
    def test_is_refused_when_somebody_saved_meanwhile(self, as_editor, article, based_on):
        answer = as_editor.post(address(article, "restore/1/"), {"based_on": based_on})
        assert answer.status_code == 409
        assert answer.context["problem"]
        article.refresh_from_db()
        assert article.version == 3

    def test_says_what_cannot_come_back(self, as_editor, editor):
        image, channel = make_image(by=editor), make_channel(name="旧栏目")
        article = make_article(by=editor, body=FIRST + figure(image, "合影。"), channel=channel)
        present = make_channel(name="新栏目")
        save(article, by=editor, body=FIRST, channel=present)
        image.file.storage.delete(image.file.name)
        channel.delete()
        assert len(as_editor.get(address(article, "restore/1/")).context["missing"]) == 2
        answer = as_editor.post(address(article, "restore/1/"), {"based_on": "2"}, follow=True)
        said = " ".join(map(str, answer.context["messages"]))
        assert "合影。" in said
        article.refresh_from_db()
        assert (article.channel, article.body) == (present, FIRST)

    def test_the_present_text_makes_no_version(self, as_editor, article):
        as_editor.post(address(article, "restore/3/"), {"based_on": "3"})
        article.refresh_from_db()
        assert article.version == 3

    @pytest.mark.parametrize("number", ["0", "4", "9" * 30])
    def test_unknown_numbers_are_not_found(self, as_editor, article, number):
        for method in (as_editor.get, as_editor.post):
            assert method(address(article, f"restore/{number}/")).status_code == 404


class TestWhoMay:
    VIEWS = ("history/", "compare/?old=1&new=3", "restore/1/")

    @pytest.mark.parametrize("view", VIEWS)
    @pytest.mark.parametrize(
        ("may", "expected"),
        [
            ([], {"history/": 404, "compare/?old=1&new=3": 404, "restore/1/": 404}),
            (["view"], {"history/": 200, "compare/?old=1&new=3": 200, "restore/1/": 404}),
            (["view", "change"], dict.fromkeys(VIEWS, 200)),
        ],
    )
    def test_depends_on_the_rights(self, client, outsider, article, view, may, expected):
        names = [f"{action}_article" for action in may]
        outsider.user_permissions.set(Permission.objects.filter(codename__in=names))
        client.force_login(outsider, backend=BACKEND)
        assert client.get(address(article, view)).status_code == expected[view]
        if view == "restore/1/":
            sent = client.post(address(article, view), {"based_on": "3"})
            assert sent.status_code == (302 if expected[view] == 200 else 404)
        client.logout()
        assert client.get(address(article, view)).status_code == 302

    @pytest.mark.parametrize("view", VIEWS)
    def test_nothing_in_the_bin_answers(self, as_chief, article, view, chief):
        binning.throw_away(article, by=chief)
        assert as_chief.get(address(article, view)).status_code == 404

    def test_someone_who_may_only_look_is_offered_no_restoration(self, client, outsider, article):
        outsider.user_permissions.add(Permission.objects.get(codename="view_article"))
        client.force_login(outsider, backend=BACKEND)
        for view in ("history/", "compare/?old=1&new=2"):
            assert "/restore/" not in client.get(address(article, view)).content.decode()


class TestTwoTexts:
    """The writer opened the form, then the editor saved, then the writer sends the form."""

    @pytest.fixture
    def stale(self, article, editor) -> dict[str, str]:
        sent = form(article)
        sent["body"] = FIRST + SECOND.replace("要求", "强调") + THIRD
        sent["byline"] = "赵强"
        save(
            article, by=editor, body=FIRST + SECOND.replace("压实", "落实") + THIRD, title="编辑的"
        )
        return sent

    def send(self, client, article, sent):
        return client.post(address(article, "change/"), sent)

    def test_shows_both_and_saves_nothing(self, as_writer, article, stale):
        answer = self.send(as_writer, article, stale)
        assert answer.status_code == 409
        html = answer.content.decode()
        assert "<ins>强调</ins>" in html
        assert "<ins>落</ins>" in html
        assert "no-store" in answer.headers["Cache-Control"]
        article.refresh_from_db()
        assert (article.version, article.title) == (4, "编辑的")

    def test_carries_everything_that_was_typed(self, as_writer, article, stale):
        carried = hidden(self.send(as_writer, article, stale))
        for name, value in stale.items():
            if name != "based_on":
                assert carried[name] == value, name
        assert carried["based_on"] == "4"
        assert carried["written_from"] == "3"

    @pytest.mark.parametrize(
        ("outcome", "title", "byline", "words"),
        [
            ("mine", "第二版的题目", "赵强", "会议强调压实各级责任。"),
            ("theirs", "编辑的", "王芳", "会议要求落实各级责任。"),
            ("merge", "编辑的", "赵强", "会议强调压实各级责任。"),
        ],
    )
    def test_three_ways_out(self, as_writer, article, stale, outcome, title, byline, words):
        page = self.send(as_writer, article, stale)
        answer = self.send(as_writer, article, hidden(page) | {"_outcome": outcome})
        assert answer.status_code == 302
        article.refresh_from_db()
        assert (article.title, article.byline) == (title, byline)
        assert words in article.body
        # Whatever was chosen, both texts are in the list.
        contents = [revision.content for revision in article.revisions.filter(number__gte=4)]
        assert any(content["title"] == "编辑的" for content in contents)
        assert any(
            content["byline"] == "赵强" and "强调压实" in content["body"] for content in contents
        )

    @pytest.mark.parametrize(
        ("choice", "here", "gone"),
        [
            ("theirs", "要求落实", "强调压实"),
            ("mine", "强调压实", "要求落实"),
            ("both", "要求落实", ""),
        ],
    )
    def test_a_choice_decides(self, as_writer, article, stale, choice, here, gone):
        carried = hidden(self.send(as_writer, article, stale))
        (key,) = (name for name in carried if name.startswith("choose-"))
        self.send(as_writer, article, carried | {key: choice, "_outcome": "merge"})
        body = Article.objects.get().body
        assert here in body
        assert not gone or gone not in body

    @pytest.mark.parametrize("choice", ["", "nobody"])
    def test_an_undecided_merge_is_asked_again(self, as_writer, article, stale, choice):
        carried = hidden(self.send(as_writer, article, stale))
        (key,) = (name for name in carried if name.startswith("choose-"))
        sent = carried | {"_outcome": "merge"}
        sent.pop(key)
        answer = self.send(as_writer, article, sent | ({key: choice} if choice else {}))
        assert answer.status_code == 409
        assert answer.context["problems"]
        article.refresh_from_db()
        assert article.version == 4

    @pytest.mark.parametrize("outcome", ["mine", "theirs", "merge"])
    def test_yet_another_save_shows_the_page_again(
        self, as_writer, article, editor, stale, outcome
    ):
        carried = hidden(self.send(as_writer, article, stale))
        save(article, by=editor, summary="又改了摘要。")
        answer = self.send(as_writer, article, carried | {"_outcome": outcome})
        assert answer.status_code == 409
        again = hidden(answer)
        assert (again["based_on"], again["written_from"]) == ("5", "3")
        self.send(as_writer, article, again | {"_outcome": "merge"})
        article.refresh_from_db()
        assert (article.summary, article.byline) == ("又改了摘要。", "赵强")

    def test_a_second_click_on_a_way_out_does_it_once(self, as_writer, article, stale):
        sent = hidden(self.send(as_writer, article, stale)) | {"_outcome": "merge"}
        self.send(as_writer, article, sent)
        self.send(as_writer, article, sent)
        article.refresh_from_db()
        assert article.version == 6

    def test_going_back_to_choose_otherwise_works(self, as_writer, article, stale):
        carried = hidden(self.send(as_writer, article, stale))
        self.send(as_writer, article, carried | {"_outcome": "mine"})
        self.send(as_writer, article, carried | {"_outcome": "theirs"})
        assert Article.objects.get().title == "编辑的"

    def test_a_save_that_changed_nothing_takes_nothing_away(self, as_writer, article, editor):
        sent = form(article)
        save(article, by=editor, title="编辑的")
        assert self.send(as_writer, article, sent).status_code == 302
        article.refresh_from_db()
        assert (article.title, article.version) == ("编辑的", 4)

    def test_the_same_change_twice_is_no_conflict(self, as_writer, article, editor):
        sent = form(article, title="一样的题目")
        save(article, by=editor, title="一样的题目")
        assert self.send(as_writer, article, sent).status_code == 302
        article.refresh_from_db()
        assert (article.title, article.version) == ("一样的题目", 4)

    def test_what_was_changed_and_put_back_is_no_conflict(self, as_writer, article, editor):
        sent = form(article, title="我的题目")
        save(article, by=editor, title="改了")
        save(article, by=editor, title="第二版的题目")
        assert self.send(as_writer, article, sent).status_code == 302
        assert Article.objects.get().title == "我的题目"

    def test_publishes_nothing_that_nobody_saw(self, as_editor, article, writer):
        sent = form(article, title="我的题目", _publish="1")
        save(article, by=writer, title="别人的题目")
        answer = self.send(as_editor, article, sent)
        assert answer.status_code == 409
        assert answer.context["was_publishing"]
        self.send(as_editor, article, hidden(answer) | {"_outcome": "mine"})
        assert not Edition.objects.exists()

    def test_mistakes_are_told_first_and_nothing_is_lost(self, as_writer, article, stale):
        answer = self.send(as_writer, article, stale | {"title": ""})
        assert answer.status_code == 200
        assert answer.context["adminform"].form["byline"].value() == "赵强"
        assert answer.context["adminform"].form["based_on"].value() == "3"

    def test_pictures_and_their_words_are_merged(self, as_writer, article, editor, writer):
        image = make_image(by=editor)
        save(article, by=editor, body=FIRST + figure(image, "合影。") + SECOND)
        sent = form(article)
        sent["body"] = FIRST + figure(image, "职工在井口合影。", "王建") + SECOND
        save(article, by=editor, body=figure(image, "合影。") + FIRST + SECOND)
        answer = self.send(as_writer, article, sent)
        assert not answer.context["merge"].conflicts
        self.send(as_writer, article, hidden(answer) | {"_outcome": "merge"})
        article.refresh_from_db()
        assert article.body.startswith("<figure")
        image.refresh_from_db()
        assert (image.caption, image.credit) == ("职工在井口合影。", "王建")

    @pytest.mark.parametrize("choice", ["mine", "theirs"])
    def test_a_picture_taken_out_whose_caption_was_rewritten_is_asked(
        self, as_writer, article, editor, choice
    ):
        image = make_image(by=editor)
        save(article, by=editor, body=FIRST + figure(image, "合影。") + SECOND)
        sent = form(article)
        sent["body"] = FIRST + figure(image, "职工在井口合影。") + SECOND
        save(article, by=editor, body=FIRST + SECOND)
        answer = self.send(as_writer, article, sent)
        (asked,) = answer.context["merge"].conflicts
        assert f"picture/{image.pk}/" in answer.content.decode()
        choices = {f"choose-{asked.key}": choice, "_outcome": "merge"}
        self.send(as_writer, article, hidden(answer) | choices)
        article.refresh_from_db()
        image.refresh_from_db()
        assert ("<figure" in article.body) is (choice == "mine")
        if choice == "mine":
            assert image.caption == "职工在井口合影。"

    @pytest.mark.parametrize("field", ["based_on", "written_from", "theirs"])
    @pytest.mark.parametrize("value", ["", "0", "x", "77", "9" * 30])
    def test_forged_numbers_lose_nothing(self, as_writer, article, stale, field, value):
        carried = hidden(self.send(as_writer, article, stale))
        sent = carried | {field: value, "_outcome": "merge"}
        assert self.send(as_writer, article, sent).status_code in (200, 302, 409)
        assert article.revisions.get(number=4).content["title"] == "编辑的"

    @pytest.mark.parametrize("left", [[], ["view"], ["add"], ["add", "view"]])
    @pytest.mark.parametrize("outcome", ["mine", "theirs", "merge"])
    def test_no_way_out_is_open_to_whom_the_right_was_taken(
        self, client, outsider, article, stale, outcome, left
    ):
        def may(*names: str) -> None:
            codes = [f"{name}_article" for name in names]
            outsider.user_permissions.set(Permission.objects.filter(codename__in=codes))

        may("view", "change")
        client.force_login(outsider, backend=BACKEND)
        carried = hidden(self.send(client, article, stale))
        may(*left)
        answer = self.send(client, article, carried | {"_outcome": outcome})
        assert answer.status_code == 403
        assert "编辑的" not in answer.content.decode()
        article.refresh_from_db()
        assert article.version == 4

    @pytest.mark.parametrize("outcome", ["theirs", "merge"])
    def test_the_list_tells_the_versions_apart(self, as_writer, article, stale, outcome):
        sent = hidden(self.send(as_writer, article, stale)) | {"_outcome": outcome}
        self.send(as_writer, article, sent)
        answer = as_writer.get(address(article, "history/"))
        rows = answer.context["rows"]
        assert [row.revision.number for row in rows] == [6, 5, 4, 3, 2, 1]
        assert [bool(row.settled) for row in rows] == [True, True, False, False, False, False]
        assert rows[0].settled != rows[1].settled
        assert rows[0].settled in answer.content.decode()

    def test_tags_that_stayed_are_shown_as_they_were(self, as_writer, article, editor):
        sent = form(article, tags="劳模、安全")
        save(article, by=editor, title="编辑的", tags=["安全", "矿山", "焊接"])
        html = self.send(as_writer, article, sent).content.decode()
        assert "<ins>劳模</ins>、安全、<del>矿山</del>、<ins>焊接</ins>" in html

    def test_of_two_tables_both_are_offered_as_tables(self, as_writer, article, editor):
        table = "<table><tbody><tr><td>项目</td><td>{}</td></tr></tbody></table>"
        save(article, by=editor, body=FIRST + table.format("数量"))
        sent = form(article, body=FIRST + table.format("金额"))
        save(article, by=editor, body=FIRST + table.format("产值"))
        answer = self.send(as_writer, article, sent)
        (asked,) = (
            each
            for stretch in answer.context["stretches"]
            for each in stretch.blocks
            if each.part.is_conflict
        )
        assert asked.is_of_tables
        assert asked.offers_both
        html = answer.content.decode()
        assert '<td class="change-words">项目' in html
        assert "｜" not in html

    def test_that_differ_too_much_are_chosen_as_a_whole(
        self, as_writer, article, stale, monkeypatch
    ):
        monkeypatch.setattr(merging.contents, "MOST_CONFLICTS", 0)
        answer = self.send(as_writer, article, stale)
        assert answer.status_code == 409
        assert not {"questions", "stretches"} & answer.context.keys()
        html = answer.content.decode()
        assert 'class="errornote"' in html
        assert "data-change" not in html
        assert re.findall(r'name="_outcome" value="(\w+)"', html) == ["theirs", "mine"]
        self.send(as_writer, article, hidden(answer) | {"_outcome": "mine"})
        article.refresh_from_db()
        assert article.body == stale["body"]

    def test_someone_who_may_not_write_sees_no_text(self, client, outsider, article, stale):
        client.force_login(outsider, backend=BACKEND)
        answer = self.send(client, article, stale)
        assert answer.status_code in (302, 403, 404)
        assert "编辑的" not in answer.content.decode()
