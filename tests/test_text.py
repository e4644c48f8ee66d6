"""Chinese text, measured and cut."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import text


class TestDisplayWidth:
    @pytest.mark.parametrize(
        ("words", "width"),
        [
            ("", 0),
            ("abc 123", 7),
            ("安全生产", 8),
            ("5G智慧矿山", 10),
            ("“同心”——向前…", 18),
            ("，。！", 6),
            ("ａｂ", 4),
            ("ｶﾅ", 2),
            ("e\u0301", 1),
            ("𠮷", 2),
        ],
    )
    def test_counts_half_columns(self, words, width):
        assert text.display_width(words) == width


class TestCutToWidth:
    @pytest.mark.parametrize(
        ("words", "width", "shown"),
        [
            ("安全生产", 8, "安全生产"),
            ("安全生产月", 8, "安全生…"),
            ("安全生产月", 9, "安全生…"),
            ("abcdef", 5, "abc…"),
            ("安全 生产月", 8, "安全…"),
            ("a安全生产", 8, "a安全…"),
            ("", 0, ""),
            ("安全", 2, "…"),
        ],
    )
    def test_keeps_the_beginning(self, words, width, shown):
        assert text.cut_to_width(words, width) == shown

    @given(st.text(), st.integers(min_value=2, max_value=80))
    def test_never_becomes_wider_than_allowed(self, words, width):
        assert text.display_width(text.cut_to_width(words, width)) <= width

    @given(st.text(), st.integers(min_value=2, max_value=80))
    def test_shows_nothing_that_was_not_there(self, words, width):
        assert words.startswith(text.cut_to_width(words, width).removesuffix("…"))


class TestTidyLine:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("同心同向 实干争先", "同心同向 实干争先"),
            ("  同心同向   实干争先 ", "同心同向 实干争先"),
            ("同心同向　实干争先", "同心同向 实干争先"),
            ("同心同向\n实干\t争先\u2028", "同心同向 实干 争先"),
            ("　 \n", ""),
        ],
    )
    def test_keeps_single_inner_spaces(self, typed, kept):
        assert text.tidy_line(typed) == kept


class TestExcerpt:
    def test_is_one_line_of_the_given_width(self):
        assert text.excerpt("第一段\n第二段 很长很长", 14) == "第一段 第二…"


class TestSplitTags:
    @pytest.mark.parametrize("separator", ["，", "、", "；", ",", ";", "\n", "\r\n", "\t", "　"])
    def test_splits_at_every_separator(self, separator):
        assert text.split_tags(f"安全生产{separator}先进典型") == ["安全生产", "先进典型"]

    @pytest.mark.parametrize(
        ("typed", "names"),
        [
            ("", []),
            (None, []),
            ("、，；,; \n", []),
            ("先进典型、安全生产", ["先进典型", "安全生产"]),
            ("安全生产，，安全生产", ["安全生产"]),
            ("Safety、safety", ["Safety"]),
            ("  党建 引领 、 创新 ", ["党建 引领", "创新"]),
            ('"党建"', ['"党建"']),
        ],
    )
    def test_gives_each_name_once_in_the_order_typed(self, typed, names):
        assert text.split_tags(typed) == names

    @given(st.lists(st.text(alphabet="安全生产创新 ab", min_size=1)))
    def test_undoes_join_tags(self, names):
        names = sorted({text.tidy_line(name).casefold() for name in names} - {""})
        tags = [SimpleNamespace(name=name) for name in names]
        assert text.split_tags(text.join_tags(tags)) == names


class TestInvisibleMarks:
    def test_are_no_title(self):
        assert text.tidy_line("\u200b \ufeff") == ""
        assert text.tidy_line("同心\u200b同向") == "同心同向"


class TestBylines:
    @pytest.mark.parametrize(
        ("byline", "names"),
        [
            ("", []),
            ("王芳 李明", ["王芳", "李明"]),
            ("王　芳、李明", ["王芳", "李明"]),
            ("本报记者 王芳 通讯员：李明", ["王芳", "李明"]),
            ("文/王芳 图/王芳", ["王芳"]),
            ("John Smith，阿依古丽·买买提", ["John Smith", "阿依古丽·买买提"]),
        ],
    )
    def test_are_split_into_names(self, byline, names):
        assert text.split_byline(byline) == names
