"""Merging two texts that grew out of one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import merging
from articles.merging import BOTH, MINE, THEIRS

A, B, C, D = (
    f"<p>{text}</p>"
    for text in (
        "集团召开安全生产工作会议。",
        "会议要求压实各级责任。",
        "与会人员参观了井下作业面。",
        "培训持续到月底。",
    )
)


def content(body: str = A + B + C, **given: Any) -> dict[str, Any]:
    return {
        "kicker": "",
        "title": "同心同向 实干争先",
        "subtitle": "",
        "short_title": "",
        "summary": "",
        "body": body,
        "channel_id": 1,
        "source_department_id": 1,
        "outside_source": "",
        "byline": "王芳",
        "cover_id": None,
        "images": [],
        "videos": [],
        "attachments": [],
        "tags": [],
    } | given


def picture(row: int, caption: str = "", **facts: Any) -> dict[str, Any]:
    return {"id": row, "caption": caption, "credit": "", "alternative": ""} | facts


def place(*rows: int) -> str:
    return f'<figure data-image="{",".join(map(str, rows))}"></figure>'


def merged(base: Any, mine: Any, theirs: Any, **choices: str) -> dict[str, Any]:
    return merging.merge(base, mine, theirs).merged(choices)


def body(base: str, mine: str, theirs: str, choice: str = "") -> str:
    """The merged text; each conflict decided the same way."""
    merge = merging.merge(content(base), content(mine), content(theirs))
    choices = {part.key: choice or part.default for part in merge.conflicts}
    return merge.merged(choices)["body"]


class TestTheText:
    def test_takes_what_only_one_of_them_changed(self):
        assert body(A + B + C, A + D + C, A + B + C) == A + D + C
        assert body(A + B + C, A + B + C, A + D + C) == A + D + C

    def test_takes_changes_in_neighbouring_paragraphs(self):
        mine = A.replace("召开", "隆重召开") + B + C
        theirs = A + B.replace("压实", "层层压实") + C
        assert body(A + B + C, mine, theirs) == mine[: -len(B + C)] + theirs[len(A) :]
        assert not merging.merge(content(A + B + C), content(mine), content(theirs)).conflicts

    @pytest.mark.parametrize(
        ("choice", "expected"),
        [
            (MINE, A + "<p>会议强调压实各级责任。</p>" + C),
            (THEIRS, A + "<p>会议要求落实各级责任。</p>" + C),
            (BOTH, A + "<p>会议强调压实各级责任。</p><p>会议要求落实各级责任。</p>" + C),
        ],
    )
    def test_asks_about_a_paragraph_both_rewrote(self, choice, expected):
        mine = A + "<p>会议强调压实各级责任。</p>" + C
        theirs = A + "<p>会议要求落实各级责任。</p>" + C
        assert body(A + B + C, mine, theirs, choice) == expected

    def test_suggests_mine_for_a_rewritten_paragraph(self):
        mine, theirs = A + B.replace("要求", "强调") + C, A + B.replace("压实", "落实") + C
        assert body(A + B + C, mine, theirs) == mine

    def test_suggests_the_words_where_the_other_deleted(self):
        rewritten = A + B.replace("要求", "强调") + C
        assert body(A + B + C, A + C, rewritten) == rewritten
        assert body(A + B + C, rewritten, A + C) == rewritten

    def test_suggests_both_where_each_added_something(self):
        assert body(A + C, A + B + C, A + D + C) == A + B + D + C

    def test_asks_only_about_what_differs_of_two_additions(self):
        merge = merging.merge(content(A), content(A + B + C), content(A + C + D))
        assert not merge.conflicts
        assert merge.merged({})["body"] == A + B + C + D

    def test_takes_an_equal_addition_once(self):
        assert body(A + C, A + B + C, A + B + C) == A + B + C

    def test_follows_what_one_moved_and_the_other_rewrote(self):
        rewritten = B.replace("要求", "强调")
        assert body(A + B + C, B + A + C, A + rewritten + C) == rewritten + A + C
        assert body(A + B + C, A + rewritten + C, A + C + B) == A + C + rewritten

    def test_what_both_moved_stands_once(self):
        assert body(A + B + C + D, A + C + D + B, B + A + C + D).count(B) == 1

    def test_raises_when_a_conflict_is_not_decided(self):
        merge = merging.merge(content(A), content(A[:-5] + "甲</p>"), content(A[:-5] + "乙</p>"))
        with pytest.raises(KeyError):
            merge.merged({})
        with pytest.raises(KeyError):
            merge.merged({part.key: "nobody" for part in merge.conflicts})

    def test_keys_stay_with_their_blocks(self):
        """Whatever else changes: a choice made on one page never lands on another block."""
        mine, theirs = A + B.replace("要求", "强调"), A + B.replace("压实", "落实")
        first = merging.merge(content(A + B), content(mine), content(theirs))
        later = merging.merge(content(A + B), content(mine), content(D + theirs))
        assert [part.key for part in first.conflicts] == [part.key for part in later.conflicts]


class TestFields:
    def test_are_taken_from_whoever_changed_them(self):
        result = merged(content(), content(title="我的题目"), content(byline="李明"))
        assert (result["title"], result["byline"]) == ("我的题目", "李明")

    @pytest.mark.parametrize(("choice", "title"), [(MINE, "我的题目"), (THEIRS, "对方题目")])
    def test_both_changed_are_asked(self, choice, title):
        sides = content(), content(title="我的题目"), content(title="对方题目")
        merge = merging.merge(*sides)
        assert [part.key for part in merge.conflicts] == ["field-title"]
        assert merge.merged({"field-title": choice})["title"] == title

    def test_a_field_cannot_be_both(self):
        merge = merging.merge(content(), content(title="甲"), content(title="乙"))
        with pytest.raises(KeyError):
            merge.merged({"field-title": BOTH})

    def test_the_source_is_one_decision(self):
        """A department here and a medium there, taken together, is what no article may have."""
        base = content(source_department_id=None)
        mine = content(source_department_id=2)
        theirs = content(source_department_id=None, outside_source="新华网")
        merge = merging.merge(base, mine, theirs)
        for choice in (MINE, THEIRS):
            result = merge.merged({"field-source": choice})
            assert bool(result["source_department_id"]) != bool(result["outside_source"])

    def test_tags_are_never_asked(self):
        base, mine = content(tags=["安全", "矿山"]), content(tags=["安全", "先进"])
        merge = merging.merge(base, mine, content(tags=["典型", "安全", "矿山"]))
        assert not merge.conflicts
        assert merge.merged({})["tags"] == ["先进", "典型", "安全"]


class TestPictures:
    def test_a_caption_here_and_a_move_there_are_no_conflict(self):
        base = content(A + B + place(5), images=[picture(5, "合影")])
        mine = content(A + B + place(5), images=[picture(5, "职工合影。", credit="王建")])
        theirs = content(place(5) + A + B, images=[picture(5, "合影")])
        result = merged(base, mine, theirs)
        assert result["body"] == place(5) + A + B
        assert result["images"] == [picture(5, "职工合影。", credit="王建")]

    def test_two_captions_are_asked(self):
        sides = [content(place(5), images=[picture(5, words)]) for words in ("", "甲", "乙")]
        merge = merging.merge(*sides)
        assert [part.key for part in merge.conflicts] == ["images-5-caption"]
        assert merge.merged({"images-5-caption": THEIRS})["images"][0]["caption"] == "乙"

    def test_facts_of_different_kinds_come_together(self):
        base = content(place(5), images=[picture(5)])
        mine = content(place(5), images=[picture(5, turn=90)])
        theirs = content(place(5), images=[picture(5, crop=[0.1, 0.1, 0.5, 0.5])])
        result = merged(base, mine, theirs)
        assert result["images"] == [picture(5, turn=90, crop=[0.1, 0.1, 0.5, 0.5])]

    def test_a_fact_taken_away_is_gone(self):
        base = content(place(5), images=[picture(5, turn=90)])
        mine = content(place(5), images=[picture(5)])
        assert merged(base, mine, base)["images"] == [picture(5)]

    def test_the_order_is_the_one_of_the_text(self):
        rows = [picture(5), picture(6)]
        base = content(A + place(5) + place(6), images=rows)
        mine = content(A + place(6) + place(5), images=rows[::-1])
        assert [row["id"] for row in merged(base, mine, base)["images"]] == [6, 5]

    def test_what_only_one_put_in_comes_with_its_words(self):
        mine = content(A + place(5), images=[picture(5, "井口。")])
        theirs = content(place(6) + A, images=[picture(6, "厂房。")])
        result = merged(content(A), mine, theirs)
        assert result["body"] == place(6) + A + place(5)
        assert result["images"] == [picture(6, "厂房。"), picture(5, "井口。")]


class TestAttachments:
    def test_come_together(self):
        one, two, three = ({"id": row, "title": f"材料{row}"} for row in (1, 2, 3))
        base, mine = content(attachments=[one, two]), content(attachments=[two, one])
        result = merged(base, mine, content(attachments=[one, two, three]))
        assert result["attachments"] == [two, one, three]
        result = merged(base, content(attachments=[one]), content(attachments=[one, two, three]))
        assert result["attachments"] == [one, three]

    def test_two_titles_are_asked(self):
        sides = [content(attachments=[{"id": 1, "title": title}]) for title in ("", "甲", "乙")]
        assert merged(*sides, **{"attachment-1": THEIRS})["attachments"][0]["title"] == "乙"


class TestWithoutABase:
    def test_each_difference_is_asked_and_what_is_common_is_not(self):
        mine = content(A + B.replace("要求", "强调") + C, title="甲")
        theirs = content(A + B + C, title="乙")
        merge = merging.merge(None, mine, theirs)
        assert len(merge.conflicts) == 2
        result = merge.merged({part.key: MINE for part in merge.conflicts})
        assert (result["title"], result["body"]) == ("甲", mine["body"])


texts = st.lists(st.sampled_from([A, B, C, D, "<p>甲</p>", "<p>乙</p>", place(5)]), max_size=7)
bodies = texts.map(lambda found: "".join(dict.fromkeys(found)))
contents = st.builds(
    lambda body, title, tags: content(body, title=title, tags=sorted(tags)),
    bodies,
    st.sampled_from(["甲", "乙", "丙"]),
    st.sets(st.sampled_from("一二三四")),
)


class TestLaws:
    @settings(max_examples=150, deadline=None)
    @given(contents, contents)
    def test_what_only_one_changed_is_the_result(self, base, changed):
        for sides in ((base, base, changed), (base, changed, base), (base, changed, changed)):
            merge = merging.merge(*sides)
            assert not merge.conflicts
            result = merge.merged({})
            for name in ("body", "title", "tags"):
                assert result[name] == changed[name]

    @settings(max_examples=150, deadline=None)
    @given(contents, contents, contents)
    def test_no_block_is_lost_that_nobody_took_away(self, base, mine, theirs):
        merge = merging.merge(base, mine, theirs)
        result = merge.merged({part.key: part.default for part in merge.conflicts})
        for block in (A, B, C, D):
            if all(block in side["body"] for side in (base, mine, theirs)):
                assert result["body"].count(block) == 1

    @settings(max_examples=100, deadline=None)
    @given(contents, contents, contents)
    def test_the_same_sides_give_the_same_questions(self, base, mine, theirs):
        keys = [part.key for part in merging.merge(base, mine, theirs).parts]
        assert keys == [part.key for part in merging.merge(base, mine, theirs).parts]
        assert len(set(keys)) == len(keys)
