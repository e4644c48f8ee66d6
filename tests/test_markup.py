"""The tags a body may contain: what is let in, how pictures come and go, what is read out."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from articles import markup
from articles.markup import Figure, cleaning, trees

ALLOWED = markup.BLOCKS | markup.TABLE | markup.INLINE | markup.FIGURE


class _Inventory(HTMLParser):
    """Every tag, attribute and address of a piece of HTML, by a parser that is not ours."""

    def __init__(self, html: str):
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.addresses: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _value in attrs}
        self.addresses += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.words.append(data)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment


def assert_harmless(html: str) -> None:
    found = _Inventory(html)
    assert found.tags <= ALLOWED
    for tag, name in found.attributes:
        assert name in markup.ATTRIBUTES.get(tag, set()) | ({"rel"} if tag == "a" else set())
    for address in found.addresses:
        scheme, colon, _rest = address.partition(":")
        if colon and not set("/?#") & set(scheme):
            assert scheme.lower() in markup.URL_SCHEMES


HOSTILE = [
    "<script>alert(1)</script>",
    "<p>a<script src=//x.example/x.js></script></p>",
    "<style>@import 'javascript:alert(1)'</style>",
    '<p onclick="alert(1)" style="x" class="y" id="z">a</p>',
    "<img src=x onerror=alert(1)>",
    '<a href="javascript:alert(1)">a</a>',
    '<a href="JaVaScRiPt:alert(1)">a</a>',
    '<a href=" javascript:alert(1)">a</a>',
    '<a href="java\tscript:alert(1)">a</a>',
    '<a href="java\x01script:alert(1)">a</a>',
    '<a href="java&#1;script:alert(1)">a</a>',
    '<a href="java&#x9;script:alert(1)">a</a>',
    '<a href="&#106;avascript&colon;alert(1)">a</a>',
    '<a href="\x01javascript:alert(1)">a</a>',
    '<a href="vbscript:x">a</a>',
    '<a href="data:text/html,<script>alert(1)</script>">a</a>',
    '<a href="file:///etc/passwd">a</a>',
    '<a href="http://x.example" target="_blank" onfocus=alert(1) autofocus>a</a>',
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>a</text></a></svg>',
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<math><mi//xlink:href="data:x,<script>alert(4)</script>">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<title><p title="</title><img src=x onerror=alert(1)>">',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    '<xmp><p title="</xmp><script>alert(1)</script>">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe><object data=x></object><embed src=x>',
    "<base href=//x.example><meta http-equiv=refresh content=0><link rel=stylesheet href=x>",
    "<form action=x><input name=a><button formaction=javascript:alert(1)>b</button></form>",
    "<!--><script>alert(1)</script-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version=1.0?><p>a",
    "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>",
    "<p>&amp;lt;img src=x onerror=alert(1)&amp;gt;</p>",
    '<figure data-image="1" onclick="x"><figcaption onclick="x">a</figcaption></figure>',
    '<figure data-image="1"><script>alert(1)</script><figcaption>a</figcaption></figure>',
    "<figure data-image='1\" onload=\"alert(1)'></figure>",
    '<a href="http://x.example" title="&lt;figure data-image=&quot;1&quot;&gt;'
    '&lt;/figure&gt;">a</a>',
    "<s\0cript>alert(1)</s\0cript>",
    "<scr\x01ipt>alert(1)</scr\x01ipt>",
    "<scr<script>ipt>alert(1)</script>",
]


class TestClean:
    @pytest.mark.parametrize("html", HOSTILE)
    def test_lets_nothing_hostile_through(self, html):
        assert_harmless(markup.clean(html))

    @pytest.mark.parametrize("html", HOSTILE)
    def test_finds_nothing_more_the_second_time(self, html):
        once = markup.clean(html)
        assert markup.clean(once) == once

    @pytest.mark.parametrize(
        ("html", "kept"),
        [
            ("", ""),
            ("   \n", ""),
            ("\0", ""),
            ("一句话", "<p>一句话</p>"),
            ("一\0句\x01话&#1;", "<p>一句话</p>"),
            ("\x0c一\ufffe", "<p>一</p>"),
            ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
            ("一<strong>二</strong>三", "<p>一<strong>二</strong>三</p>"),
            ("一<p>二</p>三", "<p>一</p><p>二</p><p>三</p>"),
            ("<p>一<p>二", "<p>一</p><p>二</p>"),
            ("<div>一</div>", "<p>一</p>"),
            ("<p></p><p>一</p><p><br></p>", "<p>一</p>"),
            ("<p>一</p><p></p><p>二</p>", "<p>一</p><p></p><p>二</p>"),
            ("<p>&nbsp;</p>", ""),
            ("<p><strong></strong></p>", ""),
            ("<ul><li></li></ul>", ""),
            ("<blockquote></blockquote><hr>", ""),
            ("<table><tr><td></td></tr></table>", ""),
            ("<h1>一</h1>", "<p>一</p>"),
            ("<td>一</td>", "<p>一</p>"),
            ("<strong><p>一</p></strong>", "<strong><p>一</p></strong>"),
            ("<ol start=3><li>一</ol>", '<ol start="3"><li>一</li></ol>'),
            (
                "<table><tr><td colspan=2>一",
                '<table><tbody><tr><td colspan="2">一</td></tr></tbody></table>',
            ),
            (
                '<a href="https://x.example/?a=1&b=2" target=_blank>一</a>',
                '<p><a href="https://x.example/?a=1&amp;b=2" rel="noopener noreferrer">一</a></p>',
            ),
        ],
    )
    def test_repairs_what_is_broken(self, html, kept):
        assert markup.clean(html) == kept

    @pytest.mark.parametrize(
        ("html", "kept"),
        [
            ('<figure data-image="12"></figure>', '<figure data-image="12"></figure>'),
            ("<figure>一</figure>", "<p>一</p>"),
            ('<figure data-image="">一</figure>', "<p>一</p>"),
            ('<figure data-image="0">一</figure>', "<p>一</p>"),
            ('<figure data-image="-1">一</figure>', "<p>一</p>"),
            ('<figure data-image="１">一</figure>', "<p>一</p>"),
            ('<figure data-image="1e3">一</figure>', "<p>一</p>"),
            (f'<figure data-image="{10**18}">一</figure>', "<p>一</p>"),
            ("<figcaption>一</figcaption>二", "<p>一</p><p>二</p>"),
            ("<figcaption><p>一</p><p>二</p></figcaption>", "<p>一</p><p>二</p>"),
            ("<h2><figcaption>一</figcaption></h2>", "<h2>一</h2>"),
            (
                '<p>一<figure data-image="1"></figure>二</p>',
                '<p>一</p><figure data-image="1"></figure><p>二</p>',
            ),
            (
                '<ul><li>一<figure data-image="1"></figure>'
                '<figure data-image="2"></figure>二</ul>三',
                '<ul><li>一二</li></ul><p>三</p><figure data-image="1"></figure>'
                '<figure data-image="2"></figure>',
            ),
            (
                '<table><tr><td>一<figure data-image="1"></figure></table>',
                "<table><tbody><tr><td>一</td></tr></tbody></table>"
                '<figure data-image="1"></figure>',
            ),
            (
                '<figure data-image="5"><figure data-image="6"></figure>'
                "<figcaption>一</figcaption></figure>",
                '<figure data-image="5"><figcaption>一</figcaption></figure>'
                '<figure data-image="6"></figure>',
            ),
            (
                '<blockquote><p><em><figure data-image="7"></figure></em></p>一</blockquote>',
                None,
            ),
        ],
    )
    def test_keeps_figures_between_the_blocks(self, html, kept):
        cleaned = markup.clean(html)
        if kept is not None:
            assert cleaned == kept
        for element in trees.parse(cleaned).iter("figure"):
            assert element.getparent().getparent() is None

    def test_keeps_the_text_behind_a_lifted_figure_in_its_place(self):
        html = '<ul><li>一<figure data-image="1"></figure></li></ul>二<p>三</p>'
        assert markup.plain_text(markup.clean(html)) == "一\n二\n三"

    @pytest.mark.parametrize(
        ("html", "blocks"),
        [("", 0), ("<p>一<br>二</p>", 1), ("<ul><li><p>一</p></li></ul><hr>", 4)],
    )
    def test_counts_what_a_comparison_would_walk_through(self, html, blocks):
        assert markup.count_blocks(markup.clean(html)) == blocks

    @pytest.mark.parametrize("html", ["<ul><li>" * 17, "<strong>" * 40 + "一", "<ul><li>" * 5000])
    def test_refuses_endless_nesting(self, html):
        with pytest.raises(markup.BodyTooDeep):
            markup.clean(html)

    @pytest.mark.parametrize(
        "part",
        [
            "<div></x>",
            "<b></x>",
            "<div><!--</div>-->",
            '<div title="</div>">',
            "<li><dd>",
            "<div><table><td></div>",
            "<div><style></div></style>",
            "<select><style></select><div>",
            "<svg><g><style><!--</style></g>-->",
            "<svg><link>",
            "<svg><g><![CDATA[</g>]]>",
            "<svg><div><path/>",
        ],
    )
    def test_refuses_nesting_disguised_as_closed_before_a_parser_sees_it(self, part, monkeypatch):
        monkeypatch.delattr(cleaning, "_cleaner")
        with pytest.raises(markup.BodyTooDeep):
            markup.clean(part * 100_000)

    def test_refuses_unclosed_emphasis_that_each_paragraph_would_repeat(self, monkeypatch):
        monkeypatch.delattr(cleaning, "_cleaner")
        emphasis = "".join(f"<b class={number}>" for number in range(400))
        with pytest.raises(markup.BodyTooDeep):
            markup.clean(f"<p>{emphasis}</p>" + "<p>一" * 20_000)

    @pytest.mark.parametrize(
        "part",
        [
            "<p>一",
            "<div><p>一</div>",
            "<ul><li>一<li><p>二</ul>",
            "<table><tr><td>一<td>二<tr><td>三</table>",
            "<!--[if gte mso 9]><xml><w:a><![endif]--><br>一<img>",
            "<style><!-- p > a {} --></style>一",
            "<svg><title>一</title><path/></svg>一",
        ],
    )
    def test_counts_nothing_that_ends_by_itself(self, part):
        assert markup.plain_text(markup.clean(part * 600)).count("一") >= 600

    def test_lets_in_what_people_nest(self):
        html = "<ul><li>" * 15 + "<p>一"
        assert markup.plain_text(markup.clean(html)) == "一"

    def test_is_not_fooled_about_depth_by_text_and_attributes(self):
        html = "<p>" + "&lt;p&gt;" * 50 + f'<a href="http://x.example" title="{"<b>" * 50}">一</a>'
        assert markup.clean(html)

    def test_copes_with_very_long_text(self):
        html = "<p>" + "安全生产" * 200_000 + "</p>"
        assert markup.clean(html) == html

    @given(st.text())
    @example("\x85")
    @example("a\r\n&b")
    def test_loses_no_text(self, typed):
        escaped = typed.replace("&", "&amp;").replace("<", "&lt;")
        words = "".join(_Inventory(markup.clean(escaped)).words)
        assert "".join(words.split()) == "".join(cleaning._UNPRINTABLE.sub("", typed).split())


PIECES = (
    *(f"<{tag}>" for tag in sorted(ALLOWED)),
    *(f"</{tag}>" for tag in sorted(ALLOWED)),
    '<figure data-image="1">',
    '<figure data-image="22" data-credit="王建" data-alt="井口">',
    '<a href="https://x.example/新闻?a=%20 b" title="&quot;<p>&quot;">',
    '<td colspan="2">',
    *("<div>", "</div>", "<svg>", "<math>", "<mtext>", "<template>", "<script>", "</script>"),
    *("<!--", "-->", "<", "&", "&#1;", "&nbsp;", "\x01", "一", "二 ", "\n", '"', "<p", "x"),
)
soup = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


class TestCleanOnTagSoup:
    @given(soup)
    def test_lets_nothing_hostile_through(self, html):
        assert_harmless(markup.clean(html))

    @given(soup)
    @example("<h2><figcaption><h2>一")
    @example("<u><figcaption><p>一")
    def test_is_stable_when_repeated(self, html):
        once = markup.clean(html)
        assert markup.clean(once) == once

    @given(soup)
    @example("<a>--><li>")
    def test_stays_stable_on_the_way_through_editor_and_store(self, html):
        body = markup.clean(html)
        figures = markup.read_figures(body)
        shown = markup.with_figures(body, figures)
        stored = markup.emptied(body)
        assert markup.emptied(shown) == stored
        assert markup.with_figures(stored, figures) == shown
        assert markup.clean(stored) == stored


class TestReadFigures:
    def test_gives_the_pictures_in_the_order_of_the_text(self):
        body = markup.clean(
            '<figure data-image="9" data-credit=" 王建 " data-alt="井口">'
            "<figcaption> 职工<em>在</em>\n井口 </figcaption></figure>"
            '<p>一</p><figure data-image="3"></figure>'
        )
        assert markup.read_figures(body) == [
            Figure.of(9, "职工在 井口", credit="王建", alternative="井口"),
            Figure.of(3),
        ]

    def test_gives_a_row_once_as_it_stands_first(self):
        body = markup.clean(
            '<figure data-image="1"><figcaption>一</figcaption></figure>'
            '<figure data-image="1"><figcaption>二</figcaption></figure>'
        )
        assert markup.read_figures(body) == [Figure.of(1, "一")]

    def test_finds_none_in_plain_text(self):
        assert markup.read_figures("<p>一</p>") == []
        assert markup.read_figures("") == []


def listed(*pictures: object) -> str:
    """A group as the editor hands it over."""
    words = json.dumps(pictures, ensure_ascii=False, separators=(",", ":"))
    return f"<figure data-group='{words}'><figcaption>合影。</figcaption></figure>"


class TestGroup:
    def test_holds_pictures_that_share_a_caption(self):
        body = markup.clean(listed({"image": 3, "credit": "王建", "turn": "90"}, {"image": 4}))
        (figure,) = markup.read_figures(body)
        assert figure.images == (3, 4)
        assert figure.caption == "合影。"
        assert figure.pictures[0] == markup.Picture(3, credit="王建", turn=90)
        assert markup.emptied(body) == '<figure data-image="3,4"></figure>'
        assert markup.with_figures(markup.emptied(body), [figure]) == body

    def test_of_one_is_a_picture(self):
        body = markup.emptied(markup.clean(listed({"image": 3}, {"image": 3})))
        assert body == '<figure data-image="3"></figure>'

    @pytest.mark.parametrize(
        "hostile",
        [
            "",
            "[",
            "{}",
            "null",
            "[3]",
            "[[3]]",
            '[{"image":"0"}]',
            '[{"image":-1}]',
            '[{"image":1e99}]',
            '[{"image":true}]',
            '[{"image":"3 OR 1"}]',
            "[" * 100_000,
            '[{"image":' + "9" * 5_000 + "}]",
        ],
    )
    def test_without_a_true_picture_is_gone(self, hostile):
        html = f"<p>一</p><figure data-group='{hostile}'><figcaption>二</figcaption></figure>"
        assert "<figure" not in markup.clean(html)
        assert "二" in markup.clean(html)

    def test_drops_facts_that_make_no_sense(self):
        body = markup.clean(
            listed(
                {
                    "image": 3,
                    "credit": ["王建"],
                    "rights": "<b>",
                    "turn": "45",
                    "crop": "0,0,2,2",
                    "focus": "nan,1",
                    "onclick": "alert(1)",
                },
                {"image": 4},
            )
        )
        first = markup.read_figures(body)[0].pictures[0]
        assert (first.rights, first.turn, first.crop, first.focus) == ("", 0, None, markup.MIDDLE)
        assert "onclick" not in markup.with_figures(markup.emptied(body), markup.read_figures(body))

    def test_loses_a_picture_that_stands_above(self):
        html = '<figure data-image="4"></figure>' + listed({"image": 3}, {"image": 4})
        figures = markup.read_figures(markup.clean(html))
        assert [figure.images for figure in figures] == [(4,), (3,)]


class TestFrame:
    @pytest.mark.parametrize(
        ("written", "crop"),
        [
            ("0.1,0.2,0.5,0.5", (0.1, 0.2, 0.5, 0.5)),
            ("0,0,0.5,1", (0, 0, 0.5, 1)),
            ("0.6,0.6,0.9,0.9", (0.6, 0.6, 0.4, 0.4)),
            ("0,0,1,1", None),
            ("0.5,0.5,0.001,0.5", None),
            ("1,1,1,1", None),
            ("0.1,0.2,0.5", None),
            ("-0.1,0,0.5,0.5", None),
            ("1e-1,0,0.5,0.5", None),
            ("inf,0,0.5,0.5", None),
            ("٠.١,0,0.5,0.5", None),
        ],
    )
    def test_crop_lies_within_the_picture(self, written, crop):
        html = f'<figure data-image="3" data-crop="{written}"></figure>'
        ((picture,),) = [figure.pictures for figure in markup.read_figures(markup.clean(html))]
        assert picture.crop == crop


class TestVideo:
    HTML = (
        '<p>一</p><figure data-video="5" data-poster="12" data-credit="王建">'
        "<figcaption>井口。</figcaption></figure>"
    )

    def test_has_poster_credit_and_caption(self):
        body = markup.clean(self.HTML)
        (figure,) = markup.read_figures(body)
        assert figure == Figure(video=5, poster=12, credit="王建", caption="井口。")
        assert markup.emptied(body) == '<p>一</p><figure data-video="5"></figure>'
        assert markup.with_figures(markup.emptied(body), [figure]) == body

    def test_stands_once_beside_a_picture_of_the_same_number(self):
        html = self.HTML + '<figure data-image="5"></figure>' + self.HTML
        figures = markup.read_figures(markup.clean(html))
        assert [(figure.video, figure.images) for figure in figures] == [(5, ()), (0, (5,))]

    def test_is_drawn_in_its_place(self):
        html = markup.emptied(markup.clean(self.HTML))
        assert markup.render(html, str, lambda video: f"[{video}]") == "<p>一</p>[5]"


class TestStoredBody:
    BODY = (
        '<p>一</p><figure data-image="1" data-credit="王建">'
        "<figcaption>甲 &amp; &lt;乙&gt;</figcaption></figure>"
        '<figure data-image="2"></figure><p>二</p>'
    )

    def test_holds_only_the_places_of_pictures(self):
        stored = (
            '<p>一</p><figure data-image="1"></figure><figure data-image="2"></figure><p>二</p>'
        )
        assert markup.emptied(self.BODY) == stored

    def test_gets_its_captions_back(self):
        figures = markup.read_figures(self.BODY)
        assert markup.with_figures(markup.emptied(self.BODY), figures) == self.BODY

    def test_loses_pictures_that_are_not_known(self):
        assert markup.with_figures(self.BODY, []) == "<p>一</p><p>二</p>"

    def test_shows_a_picture_once(self):
        twice = '<figure data-image="1"></figure>' * 2
        assert markup.emptied(twice) == '<figure data-image="1"></figure>'

    def test_takes_any_caption_as_text(self):
        shown = markup.with_figures(
            '<figure data-image="1"></figure>',
            [Figure.of(1, "<script>", credit='"><b>', alternative="'&")],
        )
        assert_harmless(shown)
        assert markup.read_figures(shown) == [
            Figure.of(1, "<script>", credit='"><b>', alternative="'&")
        ]


class TestRender:
    def test_draws_each_picture_in_its_place(self):
        html = '<p>一</p><figure data-image="12"></figure><p>二</p><figure data-image="3"></figure>'
        assert (
            markup.render(html, lambda images: f"[{images[0]}]", str) == "<p>一</p>[12]<p>二</p>[3]"
        )

    def test_takes_what_is_drawn_literally(self):
        html = '<figure data-image="1"></figure>'
        assert markup.render(html, lambda images: r"<b>\1\g<0></b>", str) == r"<b>\1\g<0></b>"

    @pytest.mark.parametrize(
        "html",
        [
            '<p>&lt;figure data-image="1"&gt;&lt;/figure&gt;</p>',
            '<a href="http://x.example" title=\'<figure data-image="1"></figure>\'>一</a>',
        ],
    )
    def test_is_not_fooled_by_text_that_looks_like_a_picture(self, html):
        assert "DRAWN" not in markup.render(markup.clean(html), lambda images: "DRAWN", str)


class TestPlainText:
    @pytest.mark.parametrize(
        ("html", "words"),
        [
            ("", ""),
            ("<p>一</p><p>二</p>", "一\n二"),
            ("<p> 一\n 二 </p>", "一 二"),
            ("<p>一<br>二</p>", "一 二"),
            ("<p>一<strong>二</strong>三</p>", "一二三"),
            ("<h2>一</h2><h3>二</h3><hr>", "一\n二"),
            (
                '<p>一</p><figure data-image="1"><figcaption>注</figcaption></figure><p>二</p>',
                "一\n二",
            ),
            ("<ul><li>一<ul><li>二</li></ul></li></ul>", "一\n二"),
            ("<ul><li><p>一</p>二</li></ul>", "一\n二"),
            ("<blockquote>一<p>二</p></blockquote>", "一\n二"),
            ("<table><tr><th>一</th><td><ul><li><p>二</p></li></ul></td></tr></table>", "一\n二"),
            ("<strong><p>一</p></strong>", "一"),
            ("<p>&lt;b&gt; &amp;</p>", "<b> &"),
        ],
    )
    def test_gives_each_word_once_a_block_a_line(self, html, words):
        assert markup.plain_text(html) == words

    @given(soup)
    def test_says_what_the_body_says(self, html):
        body = markup.emptied(markup.clean(html))
        said = "".join("".join(_Inventory(body).words).split())
        assert "".join(markup.plain_text(body).split()) == said


class TestTextWithoutTags:
    def test_gets_a_paragraph_a_line(self):
        assert markup.clean("第一段\n\n第二段 & 更多") == "<p>第一段</p><p>第二段 &amp; 更多</p>"


class TestLinks:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("www.example.com/新闻", "https://www.example.com/新闻"),
            ("news.example.cn", "https://news.example.cn"),
            ("/articles/12/", "/articles/12/"),
            ("#end", "#end"),
            ("https://example.com", "https://example.com"),
            ("mailto:a@example.com", "mailto:a@example.com"),
        ],
    )
    def test_typed_without_scheme_lead_to_the_web(self, typed, kept):
        html = markup.clean(f'<p><a href="{typed}">甲</a></p>')
        assert f'href="{kept}"' in html or f'href="{quote(kept, safe="/:#@")}"' in html
