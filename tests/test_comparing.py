"""What changed between two revisions, told so that a person can read it."""

from __future__ import annotations

import time
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from articles import comparing, markup
from articles.comparing import blocks, pieces, sequences
from articles.models import Revision
from tests.factories import figure, make_article, make_channel, make_department, make_image
from tests.test_merging import A, B, C, content, picture, place

# Alphabets in which differences are dense: Han, Latin words, numbers, private characters.
PHOTOGRAPH = content(place(5), images=[picture(5, "甲")])
letters = st.text(alphabet="安全生产的，。2x .1\n%é😀\U000f0000\U000f0001", max_size=60)


def said(old: str, new: str) -> str:
    """The pieces as [-gone-] and {+come+}."""
    shapes = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
    return "".join(shapes[piece.kind].format(piece.text) for piece in pieces(old, new))


def body_changes(old: str, new: str, **given: Any) -> list[Any]:
    before, after = content(old), content(new, **given)
    return comparing.bodies.compare(
        comparing.facts.Content(before), comparing.facts.Content(after), comparing.Budget()
    )


class TestPieces:
    @settings(max_examples=400, deadline=None)
    @given(letters, letters)
    @example("", "")
    @example("甲", "")
    @example("\U000f0000x", "x\U000f0000")
    def test_give_back_both_texts_exactly(self, old, new):
        found = pieces(old, new)
        assert "".join(piece.text for piece in found if piece.kind != "insert") == old
        assert "".join(piece.text for piece in found if piece.kind != "delete") == new
        assert all(piece.text for piece in found)
        kinds = [piece.kind for piece in found]
        assert all(one != other for one, other in pairwise(kinds))

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("完成投资12.6亿元", "完成投资13.6亿元", "完成投资[-12.6-]{+13.6+}亿元"),
            ("增长8.5%", "增长9.5%", "增长[-8.5%-]{+9.5%+}"),
            ("在Windows上", "在Winter上", "在[-Windows-]{+Winter+}上"),
            ("会议强调安全生产", "会议强调了安全生产", "会议强调{+了+}安全生产"),
            (
                "会议强调安全工作",
                "会议指出安全环保",
                "会议[-强调安全工作-]{+指出安全环保+}",
            ),
        ],
    )
    def test_read_well(self, old, new, expected):
        assert said(old, new) == expected

    @settings(max_examples=25, deadline=None)
    @given(st.lists(st.sampled_from(["甲", "乙。", "丙丁！", "x1 "]), min_size=1, max_size=8))
    def test_give_back_long_texts_too(self, parts):
        old = "".join(parts) * 800
        new = old[: len(old) // 2] + "改。" + old[len(old) // 2 + 3 :]
        found = pieces(old, new)
        assert "".join(piece.text for piece in found if piece.kind != "insert") == old
        assert "".join(piece.text for piece in found if piece.kind != "delete") == new


class TestSequences:
    lists = st.lists(st.sampled_from("abcdef"), max_size=30)

    @settings(max_examples=300, deadline=None)
    @given(lists, lists)
    def test_pairs_are_equal_and_in_order(self, old, new):
        pairs = sequences.same_items(old, new)
        assert all(old[one] == new[other] for one, other in pairs)
        for axis in (0, 1):
            places = [pair[axis] for pair in pairs]
            assert places == sorted(set(places))

    @given(lists)
    def test_a_list_is_the_same_as_itself(self, items):
        assert len(sequences.same_items(items, items)) == len(items)

    def test_finds_the_one_that_moved_least(self):
        assert len(sequences.same_items("abcdef", "bcdefa")) == 5


class TestBlocks:
    def test_are_read_in_order_with_their_type(self):
        body = (
            "<h2>讲清来路 讲实本领</h2><p>一<br>二</p>"
            "<ul><li><p>甲</p><ul><li>乙</li></ul></li></ul>"
            "<ol><li>丙</li></ol><blockquote><p>引</p></blockquote><hr>"
            "<table><tbody><tr><th>单位</th><td>产量</td></tr></tbody></table>" + place(5)
        )
        found = [(block.type, block.text, block.depth) for block in blocks.read(body)]
        assert found == [
            ("crosshead", "讲清来路 讲实本领", 0),
            ("paragraph", "一\n二", 0),
            ("item", "甲", 1),
            ("item", "乙", 2),
            ("numbered item", "丙", 1),
            ("quote", "引", 1),
            ("line", "", 0),
            ("row", "单位 ｜ 产量", 0),
            ("picture", "", 0),
        ]

    @pytest.mark.parametrize(
        "body",
        [
            "",
            A + B,
            place(5) + A + place(6, 7),
            "<ul><li></li><li>甲</li></ul><p>a &amp; b &lt;</p>",
            '<p><a href="/articles/1/" rel="noopener noreferrer">链接</a></p>',
            "<p>甲<br>乙</p><hr><table><tbody><tr><td>1</td></tr></tbody></table>",
        ],
    )
    def test_split_and_joined_are_the_body_again(self, body):
        body = markup.clean(body)
        assert "".join(blocks.split(body)) == body


class TestBodies:
    def kinds(self, old: str, new: str) -> list[str]:
        return [change.kind for change in body_changes(old, new)]

    def test_a_rewritten_paragraph_is_one_change(self):
        (change,) = body_changes(B, B.replace("要求", "强调"))
        assert (change.kind, change.notes) == ("changed", ())

    def test_another_paragraph_is_no_rewriting(self):
        assert self.kinds(A, C) == ["removed", "added"]

    def test_what_moved_is_told_at_both_places(self):
        assert self.kinds(A + B + C, B + C + A) == ["moved away", "same", "same", "moved"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("<p>安全生产</p>", "<p><strong>安全</strong>生产</p>"),
            ('<p><a href="/a/">安全</a></p>', '<p><a href="/b/">安全</a></p>'),
            ("<p>安全生产</p>", "<h2>安全生产</h2>"),
            ("<ul><li>安全</li></ul>", "<ol><li>安全</li></ol>"),
            (
                "<table><tbody><tr><td>安全</td></tr></tbody></table>",
                "<table><tbody><tr><th>安全</th></tr></tbody></table>",
            ),
        ],
    )
    def test_formatting_alone_is_told_as_such(self, old, new):
        (change,) = body_changes(old, new)
        assert change.kind == "reformatted"
        assert len(change.notes) == 1
        assert all(piece.kind == "equal" for piece in change.pieces)

    def test_a_new_address_is_named(self):
        (change,) = body_changes('<p><a href="/a/">安全</a></p>', '<p><a href="/b/">安全</a></p>')
        assert "安全" in change.notes[0]
        assert "/b/" in change.notes[0]

    def test_cells_are_compared_one_by_one(self):
        row = "<table><tbody><tr><td>甲矿</td><td>{}</td></tr></tbody></table>"
        (change,) = body_changes(row.format("12.6"), row.format("13.6"))
        assert [piece.text for piece in change.pieces] == ["甲矿 ｜ ", "12.6", "13.6"]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (("甲矿", "12.6"), ("甲矿", "13.6"), ["甲矿", "[-12.6-]{+13.6+}"]),
            (("甲矿", "12.6"), ("甲矿", "吨", "12.6"), ["甲矿", "{+吨+}", "12.6"]),
            (("甲矿", "12.6"), ("12.6",), ["[-甲矿-]", "12.6"]),
            (("甲矿",), ("序号", "甲矿"), ["{+序号+}", "甲矿"]),
            (("", ""), ("", "完成"), ["", "{+完成+}"]),
        ],
    )
    def test_no_change_runs_across_the_border_of_a_cell(self, old, new, expected):
        def row(cells: tuple[str, ...]) -> str:
            return f"<table><tbody><tr><td>{'</td><td>'.join(cells)}</td></tr></tbody></table>"

        before = comparing.blocks.read(row(old))[0]
        after = comparing.blocks.read(row(new))[0]
        found = comparing.bodies._pieces(before, after, comparing.Budget())
        assert "".join(each.text for each in found if each.kind != "insert") == before.text
        assert "".join(each.text for each in found if each.kind != "delete") == after.text
        change = comparing.bodies.BlockChange("changed", after, found)
        shapes = {"equal": "{}", "delete": "[-{}-]", "insert": "{{+{}+}}"}
        cells = ["".join(shapes[it.kind].format(it.text) for it in cell) for cell in change.cells]
        assert cells == expected

    def test_words_of_a_picture_are_facts(self):
        old = content(place(5), images=[picture(5, "合影。")])
        crop = [0.1, 0.2, 0.5, 0.25]
        new = content(place(5), images=[picture(5, "井口合影。", rights="own", turn=90, crop=crop)])
        (change,) = comparing.bodies.compare(
            comparing.facts.Content(old), comparing.facts.Content(new), comparing.Budget()
        )
        changed = {fact.name: fact.pieces[-1].text for fact in change.facts if fact.is_changed}
        assert list(changed) == ["caption", "rights", "turn", "crop"]
        assert "90" in changed["turn"]
        for share in ("50%", "25%", "10%", "20%"):
            assert share in changed["crop"]

    def test_a_group_tells_who_came_and_went(self):
        rows = [picture(5), picture(6), picture(7)]
        old, new = content(place(5, 6), images=rows[:2]), content(place(6, 7), images=rows[1:])
        (change,) = comparing.bodies.compare(
            comparing.facts.Content(old), comparing.facts.Content(new), comparing.Budget()
        )
        assert (change.kind, len(change.notes)) == ("changed", 2)

    def test_another_picture_is_no_changed_one(self):
        rows = [picture(5, "甲"), picture(6, "乙")]
        changes = body_changes(place(5), place(6), images=rows)
        assert [change.kind for change in changes] == ["removed", "added"]


@pytest.mark.django_db
class TestComparison:
    def test_names_channel_and_department(self, writer):
        channel, department = make_channel(name="媒体关注"), make_department(name="第一矿业公司")
        article = make_article(by=writer)
        old = article.revisions.get().content
        new = old | {"channel_id": channel.pk, "source_department_id": department.pk}
        fields = {field.name: field for field in comparing.compare(old, new).changed_fields}
        assert fields["channel_id"].pieces[-1].text == "媒体关注"
        assert fields["source_department_id"].pieces[-1].text == "第一矿业公司"
        gone = old | {"channel_id": 987654}
        assert "987654" in comparing.compare(old, gone).changed_fields[0].pieces[-1].text

    def test_tells_tags_attachments_and_the_cover(self, writer):
        images = [make_image(by=writer) for _each in range(2)]
        article = make_article(by=writer, body="".join(map(figure, images)), tags=["安全"])
        old = article.revisions.get().content
        attachment = {"id": 1, "title": "材料清单"}
        new = old | {"tags": ["矿山"], "attachments": [attachment], "cover_id": images[1].pk}
        comparison = comparing.compare(old, new)
        assert [field.name for field in comparison.changed_fields] == [
            "tags",
            "cover_id",
            "attachments",
        ]
        assert "2" in comparison.changed_fields[1].pieces[0].text

    def test_a_revision_is_the_same_as_itself(self, writer):
        article = make_article(by=writer, body=A + figure(make_image(by=writer)))
        same = article.revisions.get().content
        comparison = comparing.compare(same, same)
        assert comparison.is_same
        assert comparison.amount == comparing.Amount()

    def test_reads_revisions_from_before_the_desk_had_attachments(self, writer):
        article = make_article(by=writer)
        old = dict(article.revisions.get().content)
        assert not {"videos", "attachments", "cover_id"} & set(old)
        new = old | {"videos": [], "attachments": [], "cover_id": None}
        assert comparing.compare(old, new).is_same

    def test_folds_what_did_not_change(self, writer):
        paragraphs = [f"<p>第{n}段，{'内容' * n}。</p>" for n in range(12)]
        old = "".join(paragraphs)
        new = old.replace("第6段", "改过的第六段")
        stretches = comparing.compare(content(old), content(new)).stretches
        assert [(len(each.blocks), each.is_folded) for each in stretches] == [
            (5, True),
            (3, False),
            (4, True),
        ]


class TestAmount:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ({}, content("<p>正文</p>"), (11, 0)),
            (content("<p>正文</p>"), content("<p>正义文</p>"), (1, 0)),
            (content(A + B), content(B + A), (0, 0)),
            (content(A), content(A, title="实干争先"), (0, 5)),
            (content(A), content(A, tags=["安全"]), (2, 0)),
            (PHOTOGRAPH, PHOTOGRAPH | {"images": [picture(5, "甲乙")]}, (1, 0)),
            (content(A), content(A, channel_id=2), (0, 0)),
        ],
    )
    def test_counts_characters_of_words(self, old, new, expected):
        if not old:
            new = new | {"byline": ""}
        found = comparing.amount(old, new)
        assert (found.added, found.removed) == expected

    @pytest.mark.django_db
    def test_is_kept_with_a_revision(self, writer):
        make_article(by=writer, title="四个汉字", body="<p>正文</p>", outside_source="新华网")
        revision = Revision.objects.get()
        assert (revision.added, revision.removed) == (len("四个汉字正文新华网王芳"), 0)


class TestTraps:
    """Sizes at which anything quadratic would run for minutes. A generous bound, not a measure."""

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("甲" * 400_000, "甲" * 399_000 + "乙" * 500),
            ("甲乙" * 200_000, "乙甲" * 200_000),
            ("".join(chr(0x4E00 + n % 9000) for n in range(400_000)), "丙" * 400_000),
        ],
        ids=["one letter", "two letters", "all letters"],
    )
    def test_one_endless_paragraph(self, old, new):
        start = time.process_time()
        comparing.amount(content(f"<p>{old}</p>"), content(f"<p>{new}</p>"))
        assert time.process_time() - start < 2

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (["甲"] * 20_000, ["甲"] * 19_000 + ["乙"]),
            ([str(n) for n in range(20_000)], [str(n) for n in reversed(range(20_000))]),
            (["甲", "乙"] * 10_000, ["乙", "甲", "丙"] * 7_000),
        ],
        ids=["one block", "backwards", "in turn"],
    )
    def test_endless_blocks(self, old, new):
        before, after = ("".join(f"<p>{each}</p>" for each in side) for side in (old, new))
        start = time.process_time()
        comparing.amount(content(before), content(after))
        assert time.process_time() - start < 2

    def test_many_short_gaps_cost_no_more_than_one_long_one(self, monkeypatch):
        weighed = []
        likeness = sequences.likeness

        def counted(one, other):
            weighed.append(one.total() + other.total())
            return likeness(one, other)

        monkeypatch.setattr(sequences, "likeness", counted)
        effort = sequences.Effort(100_000)
        for gap in range(50):
            old, new = ([f"{side}{gap}" * 50 for _each in range(9)] for side in "甲乙")
            sequences.alike(old, new, effort)
        assert effort.left >= 0
        assert 0 < sum(weighed) <= 100_000

    def test_effort_that_is_spent_leaves_what_is_common_at_the_ends_and_between_anchors(self):
        old = ["a", "x", "y", "x", "anchor", "x", "y", "x", "z"]
        new = ["a", "y", "x", "y", "anchor", "y", "x", "y", "z"]
        assert sequences.same_items(old, new, sequences.Effort(0)) == [(0, 0), (4, 4), (8, 8)]
        assert len(sequences.same_items(old, new)) == 7

    def test_the_amount_of_a_long_rewritten_text_is_counted_by_blocks(self, monkeypatch):
        monkeypatch.delattr(comparing.comparison.bodies, "compare")
        old = "".join(f"<p>甲{number}</p>" for number in range(10_000))
        new = old.replace("甲", "乙&amp;")
        found = comparing.amount(content(old), content(new))
        letters = sum(len(f"甲{number}") for number in range(10_000))
        assert (found.added, found.removed) == (letters + 10_000, letters)

    def test_the_amount_of_one_changed_word_in_a_long_text_is_that_word(self, monkeypatch):
        # The steps bound it; on a busy machine the clock would, and the word be its paragraph.
        monkeypatch.setattr("articles.comparing.comparison.SECONDS_FOR_AMOUNT", 60)
        old = "".join(f"<p>第{number}段</p>" for number in range(5_000))
        new = old.replace("第2500段", "第2500大段")
        found = comparing.amount(content(old), content(new))
        assert (found.added, found.removed) == (1, 0)
