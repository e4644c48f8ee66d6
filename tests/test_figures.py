"""The HTML of photographs and groups."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
import pytest
from django.utils import translation

from articles import figures
from articles.renditions import Photograph


def shot(number: int = 1, *, size: tuple[int, int] = (960, 640), **words: str) -> Photograph:
    return Photograph(
        source=f"/media/public/{number}.jpg",
        source_set=f"/media/public/{number}.webp 480w",
        width=size[0],
        height=size[1],
        caption=words.get("caption", ""),
        credit=words.get("credit", ""),
        alternative=words.get("alternative", ""),
    )


def printed(photographs: list[Photograph], *, is_first: bool = False) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(figures.print_group(photographs, is_first=is_first))


class TestPrintGroup:
    def test_is_one_figure_with_one_caption(self):
        figure = printed([shot(1, caption="三人合影。"), shot(2), shot(3)])
        assert figure.get("class") == "photograph group"
        assert len(figure.findall(".//img")) == 3
        assert [each.text_content() for each in figure.iter("figcaption")] == ["三人合影。"]

    def test_names_every_photographer_once_in_order(self):
        names = ["王建", "李明", "", "王建"]
        with translation.override("en"):
            figure = printed([shot(place, credit=who) for place, who in enumerate(names)])
        assert figure.find(".//figcaption").text_content().strip() == "摄影：王建、李明"

    def test_describes_each_picture_else_says_the_caption(self):
        figure = printed([shot(1, caption="合影。"), shot(2, alternative="一个人")])
        assert [image.get("alt") for image in figure.iter("img")] == ["合影。", "一个人"]

    def test_has_no_empty_caption(self):
        assert printed([shot(1), shot(2)]).find(".//figcaption") is None

    def test_escapes_what_people_wrote(self):
        html = figures.print_group([shot(1, caption="<b>", credit="<i>"), shot(2)], is_first=False)
        assert "<b>" not in html
        assert "<i>" not in html

    @pytest.mark.parametrize(("is_first", "eager"), [(True, 1), (False, 0)])
    def test_fetches_only_the_first_picture_of_the_page_at_once(self, is_first, eager):
        images = list(printed([shot(place) for place in range(4)], is_first=is_first).iter("img"))
        assert [image.get("loading") for image in images].count("lazy") == 4 - eager
        assert (images[0].get("fetchpriority") == "high") == is_first


class TestGroupRows:
    @pytest.mark.parametrize(
        ("pictures", "rows"),
        [(2, [2]), (3, [1, 2]), (4, [2, 2]), (5, [1, 2, 2]), (9, [1, 2, 2, 2, 2])],
    )
    def test_hold_two_and_the_odd_one_first(self, pictures, rows):
        made = figures.group_rows([shot(place) for place in range(pictures)])
        assert [len(row.photographs) for row in made] == rows
        assert [each.source for row in made for each in row.photographs] == [
            shot(place).source for place in range(pictures)
        ]

    @pytest.mark.parametrize(
        ("left", "right", "share"),
        [
            ((960, 640), (960, 640), 50),
            ((960, 640), (640, 960), 70),
            ((640, 960), (960, 640), 30),
            ((960, 10), (10, 960), 84),
            ((1, 960), (960, 1), 16),
        ],
    )
    def test_share_the_width_so_that_both_are_equally_high(self, left, right, share):
        (row,) = figures.group_rows([shot(1, size=left), shot(2, size=right)])
        assert row.left == share

    def test_have_a_class_in_the_style_sheet_for_every_share(self, settings):
        sheet = settings.BASE_DIR / "articles/static/articles/portal/portal.css"
        rules = sheet.read_text(encoding="utf-8")
        for width in range(1, 4_000, 7):
            pair = [shot(1, size=(width, 1_000)), shot(2, size=(1_000, 1_000))]
            left = figures.group_rows(pair)[0].left
            assert f".left-{left} {{ grid-template-columns: {left}fr {100 - left}fr; }}" in rules


class TestPhotographPrinter:
    def test_draws_one_alone_and_several_as_a_group(self):
        draw = figures.photograph_printer({number: shot(number) for number in (1, 2, 3)})
        assert 'class="photograph"' in draw((1,))
        assert 'class="photograph group"' in draw((2, 3))

    def test_draws_what_it_knows_of_a_group(self):
        draw = figures.photograph_printer({1: replace(shot(1), caption="一。")})
        assert 'class="photograph"' in draw((7, 1))
        assert draw((7, 8)) == ""
