"""The demo stories are well formed, and a file that is not says where."""

import re
from datetime import date

import pytest

from articles.demo.organisation import CHANNELS, DEPARTMENTS
from articles.demo.pictures import MOTIFS
from articles.demo.stories import (
    Block,
    DemoStory,
    MalformedStory,
    body_html,
    inline_html,
    load_stories,
)

TODAY = date(2026, 3, 9)
STORIES = load_stories(today=TODAY)
HEAD = (
    "channel: units\ntitle: 题\nsummary: 摘要。\nsource: coal\nbyline: 甲\n"
    "published: 3d 08:00:00\nviews: 5\n"
)


def story(key: str) -> DemoStory:
    return next(each for each in STORIES if each.key == key)


def text_of(each: DemoStory) -> str:
    """All words of a body, tables and captions left out."""
    return "".join(
        block.text + "".join(item for item in block.items if isinstance(item, str))
        for block in each.blocks
    )


class TestOrganisation:
    def test_keys_are_unique_and_parents_come_first(self):
        seen = {""}
        for department in DEPARTMENTS:
            assert department.parent in seen
            assert department.key not in seen
            seen.add(department.key)

    def test_the_tree_has_exactly_three_levels(self):
        parents = {each.key: each.parent for each in DEPARTMENTS}

        def level(key: str) -> int:
            return 1 + level(parents[key]) if key else 0

        assert {level(key) for key in parents} == {1, 2, 3}

    def test_channels_have_owners_that_exist(self):
        departments = {each.key for each in DEPARTMENTS}
        assert [each.slug for each in CHANNELS] == [
            "news",
            "group-news",
            "units",
            "commentary",
            "notices",
        ]
        assert all(each.owner in departments for each in CHANNELS)


@pytest.mark.parametrize("each", STORIES, ids=lambda each: each.key)
class TestEveryStory:
    def test_refers_to_what_exists(self, each):
        assert each.channel in {channel.slug for channel in CHANNELS}
        assert each.outside_source or each.source in {unit.key for unit in DEPARTMENTS}
        assert all(picture.motif in MOTIFS for picture in each.pictures)

    def test_is_dated_within_two_years_and_not_today(self, each):
        assert 1 <= each.days_ago <= 720

    def test_has_a_short_title_that_fits(self, each):
        assert len(each.short_title) <= 18

    def test_captions_are_full_sentences_with_a_credit(self, each):
        for group in (block.pictures for block in each.blocks if block.pictures):
            assert group[0].caption.endswith("。")
            assert not any(picture.caption for picture in group[1:])
            assert all(picture.credit and picture.alternative for picture in group)

    def test_sets_no_space_between_chinese_and_figures(self, each):
        words = each.title + each.summary + text_of(each)
        assert not re.search(r"[一-鿿] +\d|\d +[一-鿿]", words)
        assert "截止" not in words

    def test_becomes_html_without_leftover_marks(self, each):
        html = body_html(each, lambda group: "<figure></figure>" * len(group))
        assert html.count("<figure>") == len(each.pictures)
        assert "**" not in html
        assert "{" not in html


class TestTheCollection:
    def test_is_thirty_two_stories_newest_first(self):
        assert len(STORIES) == 32
        ages = [each.days_ago for each in STORIES]
        assert ages == sorted(ages)

    def test_no_two_photographs_are_the_same(self):
        drawn = [(p.motif, p.seed) for each in STORIES for p in each.pictures]
        assert len(drawn) == len(set(drawn)) == 48

    def test_notices_have_no_pictures(self):
        assert not any(each.pictures for each in STORIES if each.channel == "notices")

    def test_has_one_reprint_and_one_picture_story(self):
        assert sum(bool(each.outside_source) for each in STORIES) == 1
        assert sum("图片故事" in each.tags for each in STORIES) == 1


class TestTheModelStory:
    model = story("lecture-campaign")

    def test_has_three_crossheads_of_two_phrases(self):
        heads = [block.text for block in self.model.blocks if block.kind == "crosshead"]
        assert len(heads) == 3
        assert all([len(part) for part in head.split(" ")] == [4, 4] for head in heads)

    def test_has_four_photographs_and_a_long_body(self):
        assert len(self.model.pictures) == 4
        assert 1600 <= len(text_of(self.model)) <= 2200

    def test_keeps_the_spaces_of_its_title(self):
        assert self.model.title.count(" ") == 2

    def test_dates_its_figures(self):
        assert "截至3月5日17时" in text_of(self.model)


class TestTheSeries:
    series = tuple(each for each in reversed(STORIES) if each.channel == "commentary")

    def test_has_seven_parts_in_order(self):
        assert [each.kicker[-1] for each in self.series] == list("一二三四五六七")

    def test_was_read_more_than_twelve_thousand_times(self):
        assert sum(each.views for each in self.series) > 12_000

    def test_parts_are_of_a_length_to_read_at_once(self):
        assert all(700 <= len(text_of(each)) <= 1100 for each in self.series)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (HEAD, "line 7: no empty line between head and body"),
        (HEAD + "\n", "line 8: the body is empty"),
        ("channel units\n\n文", "line 1: expected “key: value”"),
        ("colour: 红\n\n文", "line 1: unknown key “colour”"),
        ("title: 一\ntitle: 二\n\n文", "line 2: “title” appears twice"),
        ("title: 一\n\n文", "line 1: missing channel, summary, byline, published, views"),
        (HEAD.replace("source: coal\n", "") + "\n文", "line 6: needs either source or"),
        (HEAD.replace("3d 08", "3d 28") + "\n文", "line 6: expected a moment"),
        (HEAD.replace("views: 5", "views: 多") + "\n文", "line 7: expected a whole number"),
        (HEAD + "\n##标题", "line 9: a mark without its text"),
        (HEAD + "\n文**字", "line 9: a ** is not closed"),
        (HEAD + "\n![wind_ridge 3] 图", "line 9: expected “![motif seed]"),
        (HEAD + "\n![wind_ridge 3] 图 | 摄影：甲 | 山", "line 9: a caption is a full sentence"),
        (HEAD + "\n+[wind_ridge 3] 甲 | 山", "line 9: no photograph before it"),
        (HEAD + "\n![wind_ridge 3] 图。 | 甲 | 山\n+[rail 4] 乙", "line 10: expected “+[motif"),
        (HEAD + "\n![wind_ridge 3 corp=1] 图。 | 甲 | 山", "line 9: expected “![motif seed]"),
        (HEAD + "\n| 甲 | 乙 |\n| 一 |", "line 10: 1 cells under 2 headings"),
    ],
)
def test_a_malformed_file_is_refused_with_its_place(tmp_path, text, reason):
    (tmp_path / "bad.txt").write_text(text, encoding="utf-8")
    with pytest.raises(MalformedStory, match=re.escape(f"bad.txt, {reason}")):
        load_stories(tmp_path, today=TODAY)


class TestGroups:
    def test_hold_the_photographs_beside_the_first(self, tmp_path):
        body = (
            "\n![wind_ridge 3] 图。 | 摄影：甲 | 山\n"
            "+[coal_train 4 crop=0.1,0,0.5,1 focus=0.2,0.3 cover] 摄影：乙 | 车\n"
            "![port_cranes 5] 港。 | 甲 | 港\n"
        )
        (tmp_path / "good.txt").write_text(HEAD + body, encoding="utf-8")
        (good,) = load_stories(tmp_path, today=TODAY)
        first, second = good.blocks
        assert [picture.motif for picture in first.pictures] == ["wind_ridge", "coal_train"]
        train = first.pictures[1]
        assert (train.crop, train.focus, train.caption) == ("0.1,0,0.5,1", "0.2,0.3", "")
        assert (train.credit, train.alternative) == ("乙", "车")
        assert good.cover == train
        assert [picture.motif for picture in second.pictures] == ["port_cranes"]

    def test_and_covers_are_in_the_collection(self):
        assert any(len(block.pictures) > 2 for each in STORIES for block in each.blocks)
        covers = [each.cover for each in STORIES if each.cover]
        assert covers
        assert all(cover.crop for cover in covers)


class TestHtml:
    def test_escapes_and_sets_bold(self):
        assert inline_html("甲<乙 **丙&丁**") == "甲&lt;乙 <strong>丙&amp;丁</strong>"

    def test_puts_paragraphs_inside_lists_and_cells(self, tmp_path):
        body = "\n- 甲\n- 乙\n\n1. 丙\n> 丁\n| 戊 | 己 |\n| 庚 | 辛 |\n"
        (tmp_path / "good.txt").write_text(HEAD + body, encoding="utf-8")
        (good,) = load_stories(tmp_path, today=TODAY)
        assert good.blocks[0] == Block("bullets", items=("甲", "乙"))
        assert body_html(good, lambda picture: "").splitlines() == [
            "<ul><li><p>甲</p></li><li><p>乙</p></li></ul>",
            "<ol><li><p>丙</p></li></ol>",
            "<blockquote><p>丁</p></blockquote>",
            "<table><tbody><tr><th><p>戊</p></th><th><p>己</p></th></tr>"
            "<tr><td><p>庚</p></td><td><p>辛</p></td></tr></tbody></table>",
        ]
