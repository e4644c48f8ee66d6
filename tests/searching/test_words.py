"""Normal forms, questions and excerpts: pure functions on strings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.searching import excerpts, grams
from articles.searching.normal import _FOLDING, joined, normal, simplified, with_origins
from articles.searching.query import MOST_CHARACTERS, MOST_PHRASES, parse


class TestNormal:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("繁體字", "繁体字"),
            ("乾隆", "干隆"),
            ("ＨＸＤ３Ｃ", "hxd3c"),
            ("Élan", "elan"),
            ("ﾜﾀｼ", "ワタシ"),
            ("安全，生产", "安全 生产"),
            ("安全——生产", "安全、生产"),
            ("安\u200b全", "安全"),
            ("\u202e安全", "安全"),
            ("㎡", "m2"),
            ("安全\n生产", "安全 生产"),
            ("“安全”", "安全"),
        ],
    )
    def test_makes_spellings_one(self, one, other):
        assert normal(one) == normal(other)

    @given(st.text())
    def test_holds_letters_digits_and_single_blanks(self, text):
        form = normal(text)
        assert form == normal(form)
        assert "  " not in form
        assert all(each == " " or each.isalnum() for each in form)
        assert not set("\"'&|!()*:\0\n") & set(form)

    @given(st.text(alphabet="安全 ，a体體㎡é\u200b0"))
    def test_knows_where_each_character_comes_from(self, text):
        form, origins = with_origins(text)
        assert form.strip(" ") == normal(text)
        assert len(origins) == len(form)
        assert origins == sorted(origins)

    def test_keeps_fields_apart(self):
        assert "安全" not in joined(["平安", "全部"])

    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("繁體", "繁体"),
            ("ＡＢ１２", "AB12"),
            ("繁体（一）", "繁体（一）"),
            ("５Ｇ基站", "5G基站"),
        ],
    )
    def test_shows_what_most_people_type(self, typed, shown):
        assert simplified(typed) == shown


class TestGrams:
    def test_are_characters_and_neighbours(self):
        assert grams.of_text("安全 生") == {"安", "全", "安全", "生"}

    def test_of_a_phrase_are_as_few_as_say_the_most(self):
        assert grams.of_phrase("安全生产 月") == {"安全", "全生", "生产", "月"}

    @pytest.mark.parametrize(
        ("phrase", "exact"), [("安", True), ("安全", True), ("安全员", False), ("安 全", False)]
    )
    def test_know_whether_the_index_alone_answers(self, phrase, exact):
        assert grams.are_exact(phrase) is exact

    def test_a_text_of_any_length_fits_into_a_vector(self):
        worst = "".join(chr(0x20000 + number) for number in range(30_000)) * 2
        size = sum(len(gram.encode()) for gram in grams.of_text(worst[: grams.LONGEST_TEXT]))
        assert size < 2**20


class TestParse:
    @pytest.mark.parametrize(
        ("typed", "phrases"),
        [
            ("安全", ("安全",)),
            ("  安全   生产 ", ("安全", "生产")),
            ("安全　生产", ("安全", "生产")),
            ("安全、生产，月", ("安全", "生产", "月")),
            ("“安全 生产”", ("安全 生产",)),
            ('"安全 生产" 月', ("安全 生产", "月")),
            ("「讲清来路，讲实本领」", ("讲清来路 讲实本领",)),
            ("98.6%", ("98 6",)),
            ("安全 安全", ("安全",)),
            ('安全"生产', ("安全", "生产")),
            ("。！*&|", ()),
            ("", ()),
            ("AND OR NOT", ("and", "or", "not")),
        ],
    )
    def test_reads_words_and_quoted_phrases(self, typed, phrases):
        assert parse(typed).phrases == phrases

    @given(st.text(max_size=3_000))
    def test_is_bounded(self, typed):
        query = parse(typed)
        assert len(query.phrases) <= MOST_PHRASES
        assert sum(map(len, query.phrases)) <= MOST_CHARACTERS
        assert all(query.phrases)

    @pytest.mark.parametrize("typed", ["字" * 101, "a b c d e f g h i j k", "字 " * 5_000 + "完"])
    def test_says_when_it_leaves_something_out(self, typed):
        assert parse(typed).is_cut

    def test_says_how_else_it_is_written(self):
        assert parse("繁體").corrected == "繁体"
        assert parse("繁体").corrected == ""


class TestExcerpts:
    @given(
        text=st.text(alphabet="安全生，。 a體体", max_size=300),
        phrase=st.text(alphabet="安全生a体", min_size=1, max_size=3),
    )
    def test_a_marked_text_is_the_text_and_every_mark_the_phrase(self, text, phrase):
        pieces = excerpts.marked(text, [normal(phrase)])
        assert "".join(piece.text for piece in pieces) == text
        marks = [piece.text for piece in pieces if piece.is_marked]
        assert bool(marks) == (normal(phrase) in normal(text))

    def test_marks_as_it_is_written(self):
        pieces = excerpts.marked("記繁體字ＡＢ", [normal("繁体"), normal("ab")])
        assert [piece.text for piece in pieces if piece.is_marked] == ["繁體", "ＡＢ"]

    def test_shows_the_place_where_the_words_stand(self):
        text = "开头。" * 100 + "最后提到安全生产月的事。" + "结尾。" * 100
        pieces = excerpts.excerpt([text], ["安全生产月"])
        shown = "".join(piece.text for piece in pieces)
        assert shown.startswith("最后提到安全生产月")
        assert shown.endswith("…")
        assert len(shown) < 120

    def test_takes_the_first_text_that_holds_any(self):
        pieces = excerpts.excerpt(["没有", "图注里的井口"], ["井口"])
        assert "".join(piece.text for piece in pieces) == "图注里的井口"
        assert excerpts.excerpt(["没有"], ["井口"]) == []


def test_what_is_no_character_takes_no_memory():
    normal("".join(map(chr, range(0xE0000, 0xF2000))) + "安")
    assert ord("安") in _FOLDING
    assert not {0xE0080, 0xF0000} & set(_FOLDING)
