"""Merging two texts that grew out of one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles import markup, merging
from articles.comparing import blocks
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
REWRITTEN, OWN = B.replace("要求", "强调"), B.replace("各级", "每一级")


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

    @pytest.mark.parametrize(
        "changed",
        [A + REWRITTEN + C + OWN, A + REWRITTEN + OWN + C, A + C + OWN, A + C + B + OWN],
    )
    def test_repeats_no_block(self, changed):
        """One put in what the other made of a block, and changed that block too."""
        for mine, theirs in ((changed, A + OWN + C), (A + OWN + C, changed)):
            for choice in (MINE, THEIRS):
                result = body(A + B + C, mine, theirs, choice)
                side = mine if choice == MINE else theirs
                assert blocks.split(result).count(OWN) == 1
                assert set(blocks.split(side)) - {B} <= set(blocks.split(result))

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


class TestAPictureTakenOut:
    """One takes it out, the other rewrites what is said of it."""

    base = content(A + place(5) + B, images=[picture(5, "合影")])
    without = content(A + B)

    @pytest.mark.parametrize(
        "facts", [{"caption": "职工合影。"}, {"credit": "王建"}, {"turn": 90}, {"rights": "own"}]
    )
    def test_is_asked_for_any_fact(self, facts):
        rewritten = self.base | {"images": [picture(5, **({"caption": "合影"} | facts))]}
        for sides in ((self.without, rewritten), (rewritten, self.without)):
            merge = merging.merge(self.base, *sides)
            (asked,) = merge.conflicts
            keep, out = (MINE, THEIRS) if sides[0] is rewritten else (THEIRS, MINE)
            assert asked.default == keep
            assert not asked.may_be_both
            assert merge.merged({asked.key: keep})["images"] == rewritten["images"]
            assert merge.merged({asked.key: out})["body"] == A + B
            with pytest.raises(KeyError):
                merge.merged({})

    def test_is_gone_when_nothing_was_rewritten(self):
        assert merged(self.base, self.without, self.base)["body"] == A + B

    def test_is_asked_of_films_too(self):
        film = {"id": 7, "caption": "", "credit": "", "poster": None}
        body = A + '<figure data-video="7"></figure>'
        base, rewritten = (
            content(body, videos=[film | {"caption": words}]) for words in ("", "下井")
        )
        (asked,) = merging.merge(base, content(A), rewritten).conflicts
        assert merged(base, content(A), rewritten, **{asked.key: THEIRS})["videos"] == [
            film | {"caption": "下井"}
        ]

    def test_is_asked_of_attachments_too(self):
        base = content(attachments=[{"id": 1, "title": "旧名"}])
        renamed = content(attachments=[{"id": 1, "title": "新名"}])
        (asked,) = merging.merge(base, content(), renamed).conflicts
        assert asked.default == THEIRS

    def test_cannot_stay_the_cover(self):
        base = self.base
        result = merged(base, self.without, base | {"cover_id": 5})
        assert (result["cover_id"], result["images"]) == (None, [])


class TestGroups:
    """The caption of a group is stored with its first picture."""

    base = content(place(5, 6), images=[picture(5, "合影"), picture(6)])

    def test_keep_a_caption_rewritten_while_the_first_picture_left(self):
        mine = content(place(6), images=[picture(6, "合影")])
        theirs = content(place(5, 6), images=[picture(5, "职工合影。"), picture(6)])
        result = merged(self.base, mine, theirs)
        assert (result["body"], result["images"]) == (place(6), [picture(6, "职工合影。")])

    def test_keep_a_caption_rewritten_while_the_order_changed(self):
        mine = content(place(6, 5), images=[picture(6, "合影"), picture(5)])
        theirs = content(place(5, 6), images=[picture(5, "职工合影。"), picture(6)])
        result = merged(self.base, mine, theirs)
        assert result["body"] == place(6, 5)
        assert result["images"] == [picture(6, "职工合影。"), picture(5)]

    def test_ask_about_a_picture_taken_out_whose_credit_the_other_wrote(self):
        mine = content(place(5), images=[picture(5, "合影")])
        theirs = content(place(5, 6), images=[picture(5, "合影"), picture(6, credit="王建")])
        (asked,) = merging.merge(self.base, mine, theirs).conflicts
        assert (asked.mine, asked.theirs) == ((place(5),), (place(5, 6),))

    def test_are_put_together_picture_by_picture(self):
        mine = content(place(5, 6, 7), images=[picture(5, "合影"), picture(6), picture(7)])
        theirs = content(place(8, 6), images=[picture(8, "合影"), picture(6)])
        merge = merging.merge(self.base, mine, theirs)
        assert not merge.conflicts
        result = merge.merged({})
        assert result["body"] == place(6, 7, 8)
        assert [row["caption"] for row in result["images"]] == ["合影", "", ""]
        (stretch,) = merging.stretches(merge)
        assert all(each.is_changed for each in stretch.blocks)

    def test_lose_no_picture_moved_into_one_the_other_changed(self):
        images = [picture(5), picture(6), picture(7)]
        base = content(place(5, 6) + A + place(7), images=images)
        mine = content(place(5) + A + place(6, 7), images=images)
        theirs = content(place(5, 6) + A + place(7, 8), images=[*images, picture(8)])
        assert merged(base, mine, theirs)["body"] == place(5) + A + place(6, 7, 8)

    def test_joined_by_one_keep_both_captions(self):
        base = content(place(5) + place(6), images=[picture(5, "甲"), picture(6, "乙")])
        mine = content(place(5, 6), images=[picture(5, "甲；乙"), picture(6)])
        theirs = content(place(5) + place(6), images=[picture(5, "甲"), picture(6, "丙")])
        merge = merging.merge(base, mine, theirs)
        choices = {part.key: THEIRS for part in merge.conflicts if not part.is_text}
        choices |= {part.key: MINE for part in merge.conflicts if part.is_text}
        assert "丙" in merge.merged(choices)["images"][0]["caption"]


class TestAMovedBlock:
    rewritten = B.replace("要求", "强调")

    @pytest.mark.parametrize("choice", [MINE, THEIRS, BOTH])
    def test_rewritten_by_the_other_stands_beside_what_that_one_added(self, choice):
        added = A + self.rewritten + C + D
        either = A + C + self.rewritten + D, A + C + D + self.rewritten
        assert body(A + B + C, A + C + B, added, choice) in either
        assert body(A + B + C, added, A + C + B, choice) in either

    @pytest.mark.parametrize("choice", [MINE, THEIRS, BOTH])
    def test_stands_beside_what_both_added(self, choice):
        found = body(A + B + C, A + C + B + "<p>甲</p>", A + B + C + "<p>乙</p>", choice)
        assert found.count(B) == 1

    def test_is_asked_when_the_other_took_it_out(self):
        merge = merging.merge(content(A + B + C), content(B + A + C), content(B + C))
        (asked,) = merge.conflicts
        assert merge.merged({asked.key: MINE})["body"].count(A) == 1
        assert A not in merge.merged({asked.key: THEIRS})["body"]

    def test_by_both_to_different_places_stands_where_mine_has_it(self):
        text = A + B + C + D
        assert body(text, A + C + D + B, B + A + C + D) == A + C + D + B

    def test_of_two_that_read_the_same_one_is_left(self):
        assert body(B + A + B, B + A, A + B).count(B) == 1


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


@dataclass
class Draft:
    """A text that is being written: its blocks and figures by number, and what became of them."""

    items: list[tuple[int, str]]
    captions: dict[int, str]
    credits: dict[int, str]
    moved: set[int] = field(default_factory=set)
    rewritten: set[int] = field(default_factory=set)

    def content(self) -> dict[str, Any]:
        rows = []
        for number, block in self.items:
            for order, figure in enumerate(images_of(block)):
                caption = "" if order else self.captions.get(number, "")
                rows.append(picture(figure, caption, credit=self.credits.get(figure, "")))
        return content("".join(block for _number, block in self.items), images=rows)

    @property
    def blocks(self) -> list[str]:
        return [block for _number, block in self.items]

    @property
    def texts(self) -> list[str]:
        return [block for block in self.blocks if not images_of(block)]

    @property
    def rows(self) -> set[int]:
        return {image for block in self.blocks for image in images_of(block)}

    def text_of(self, number: int) -> str | None:
        return next((block for each, block in self.items if each == number), None)


def images_of(body: str) -> list[int]:
    return [image for figure in markup.read_figures(body) for image in figure.images]


def sentence(number: int) -> str:
    """No two of them share a character."""
    return f"<p>{''.join(chr(0x5000 + 20 * number + place) for place in range(12))}</p>"


ways = st.sampled_from(["rewrite", "delete", "move", "insert", "twin", "caption", "credit", "take"])
steps = st.lists(st.tuples(ways, st.integers(0, 9), st.integers(0, 9)), max_size=5)


@st.composite
def drafts(draw: Any) -> tuple[Draft, Draft, Draft]:
    """A base and what two people made of it."""
    texts = draw(st.lists(st.integers(0, 5), min_size=1, max_size=6))
    groups = draw(st.lists(st.integers(1, 3), max_size=2))
    items = [sentence(number) for number in texts]
    for order, size in enumerate(groups):
        rows = range(10 * order + 1, 10 * order + 1 + size)
        items.insert(draw(st.integers(0, len(items))), place(*rows))
    numbered = list(enumerate(items))
    captions = {number: f"图{number}" for number, item in numbered if images_of(item)}
    sides = []
    for name in ("base", "mine", "theirs"):
        draft = Draft(list(numbered), dict(captions), {})
        for order, (way, at, to) in enumerate([] if name == "base" else draw(steps)):
            change(draft, name, order, way, at, to)
        sides.append(draft)
    return sides[0], sides[1], sides[2]


def change(draft: Draft, name: str, order: int, way: str, at: int, to: int) -> None:
    if way in ("insert", "twin"):
        # A twin is a block both put in, or one that stands in the text already.
        fresh = sentence(20 + 10 * (name == "mine") + order)
        block = sentence(to) if way == "twin" else fresh
        draft.items.insert(at % (len(draft.items) + 1), (1000 + order, block))
        return
    if not draft.items:
        return
    index = at % len(draft.items)
    number, block = draft.items[index]
    images = images_of(block)
    if way == "move":
        item = draft.items.pop(index)
        draft.items.insert(to % (len(draft.items) + 1), item)
        draft.moved.add(number)
    elif way == "delete" or (way == "take" and len(images) == 1):
        del draft.items[index]
    elif way == "take" and images:
        rest = images[:-1] if to % 2 else images[1:]
        draft.items[index] = number, place(*rest)
    elif way == "caption" and images:
        draft.captions[number] = f"{name}{order}"
    elif way == "credit" and images:
        draft.credits[images[to % len(images)]] = f"{name}{order}"
    elif way == "rewrite" and not images:
        draft.items[index] = number, block.replace("</p>", f"{name[0]}{order}</p>")
        draft.rewritten.add(number)


def every_way(merge: merging.Merge) -> list[dict[str, Any]]:
    """What comes out when mine, theirs and, where it can be, both are chosen everywhere."""
    return [
        merge.merged(
            {
                part.key: way if way != BOTH or part.may_be_both else part.default
                for part in merge.conflicts
            }
        )
        for way in (MINE, THEIRS, BOTH)
    ]


def said(result: dict[str, Any], name: str) -> str:
    return "|".join(str(row[name]) for row in result["images"])


class TestWhatStaysOfTwoTexts:
    """Two people rewrite, move, delete and insert; nothing is lost that nobody took away."""

    @settings(max_examples=120, deadline=None)
    @given(drafts())
    def test_what_both_left_stands_whatever_is_chosen(self, three):
        base, mine, theirs = three
        for result in every_way(merging.merge(*(each.content() for each in three))):
            found = Counter(blocks.split(result["body"]))
            for block in set(base.texts):
                touched = mine.rewritten | theirs.rewritten
                if any(base.text_of(number) == block for number in touched):
                    continue
                least = min(mine.blocks.count(block), theirs.blocks.count(block))
                assert found[block] >= least
            shown = set(images_of(result["body"]))
            assert base.rows & mine.rows & theirs.rows <= shown

    @settings(max_examples=80, deadline=None)
    @given(drafts())
    def test_what_one_rewrote_stands_where_the_other_has_it(self, three):
        base, mine, theirs = three
        for writer, other in ((mine, theirs), (theirs, mine)):
            if writer.moved:
                continue
            for result in every_way(merging.merge(*(each.content() for each in three))):
                for number in writer.rewritten:
                    before, now = base.text_of(number), writer.text_of(number)
                    is_single = base.blocks.count(str(before)) == 1 and before not in writer.blocks
                    if now and is_single and other.text_of(number) == before:
                        assert now in result["body"]

    @settings(max_examples=80, deadline=None)
    @given(drafts())
    def test_whatever_was_written_stands_or_is_offered(self, three):
        base, mine, theirs = three
        merge = merging.merge(*(each.content() for each in three))
        offered = {
            block for part in merge.conflicts if part.is_text for block in part.mine + part.theirs
        }
        for result in every_way(merge):
            found = set(blocks.split(result["body"])) | offered
            assert set(mine.texts) - set(base.texts) <= found
            assert set(theirs.texts) - set(base.texts) <= found

    @settings(max_examples=80, deadline=None)
    @given(drafts())
    def test_nothing_appears_that_neither_wrote(self, three):
        _base, mine, theirs = three
        for result in every_way(merging.merge(*(each.content() for each in three))):
            texts = [block for block in blocks.split(result["body"]) if not images_of(block)]
            assert set(texts) <= {*mine.texts, *theirs.texts}
            assert set(images_of(result["body"])) <= mine.rows | theirs.rows
            credited = {*mine.credits.values(), *theirs.credits.values(), ""}
            assert {row["credit"] for row in result["images"]} <= credited

    @settings(max_examples=80, deadline=None)
    @given(drafts())
    def test_the_chosen_side_is_there_but_for_what_the_other_changed(self, three):
        base, mine, theirs = three
        merge = merging.merge(*(each.content() for each in three))
        results = every_way(merge)
        for side, other, result in ((mine, theirs, results[0]), (theirs, mine, results[1])):
            changed = set(base.texts) - set(other.texts)
            twice = {block for block, count in Counter(base.texts).items() if count > 1}
            assert set(side.texts) - changed - twice <= set(blocks.split(result["body"]))

    @settings(max_examples=120, deadline=None)
    @given(drafts())
    def test_words_of_pictures_stand_or_are_asked(self, three):
        _base, mine, theirs = three
        merge = merging.merge(*(each.content() for each in three))
        asked = {part.key for part in merge.conflicts}
        for result in every_way(merge):
            for side, other in ((mine, theirs), (theirs, mine)):
                for row, credit in side.credits.items():
                    if row not in side.rows:
                        continue
                    if row in other.rows and row not in other.credits:
                        assert credit in said(result, "credit")
                    elif row in other.rows:
                        assert f"images-{row}-credit" in asked
                    else:
                        assert asked

    @settings(max_examples=120, deadline=None)
    @given(drafts())
    def test_captions_stand_where_both_have_the_figure(self, three):
        base, mine, theirs = three
        merge = merging.merge(*(each.content() for each in three))
        for result in every_way(merge):
            for writer, other in ((mine, theirs), (theirs, mine)):
                for number, caption in writer.captions.items():
                    if caption == base.captions[number] or writer.text_of(number) is None:
                        continue
                    there = other.text_of(number)
                    if there and other.captions[number] == base.captions[number]:
                        assert merge.conflicts or caption in said(result, "caption")
                    elif not there:
                        assert merge.conflicts

    @settings(max_examples=80, deadline=None)
    @given(drafts())
    def test_a_picture_taken_out_with_new_words_is_asked_and_either_answer_holds(self, three):
        base, mine, theirs = three
        results = every_way(merging.merge(*(each.content() for each in three)))
        for side, other, chosen, refused in (
            (mine, theirs, results[0], results[1]),
            (theirs, mine, results[1], results[0]),
        ):
            for row in base.rows & side.rows - other.rows:
                if row in side.credits:
                    assert side.credits[row] in said(chosen, "credit")
                    assert row not in images_of(refused["body"])
