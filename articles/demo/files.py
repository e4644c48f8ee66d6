"""What the demo offers for download and plays: a list of materials, a timetable, a short film."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image, ImageOps

from articles.demo.film import film
from articles.demo.stories import DemoPicture, DemoStory

# Story → title and lines of its documents.
DOCUMENTS: dict[str, dict[str, tuple[str, ...]]] = {
    "lecture-campaign": {
        "“岳行致远”宣讲材料清单": (
            "一、《“岳行致远”宣讲提纲》，三章二十一节",
            "二、《身边人讲身边事》案例汇编，收录故事64篇",
            "三、宣讲课件一套，含可以替换图片的班组版",
            "四、宣讲短视频28部，每部不超过五分钟",
            "五、《职工问答手册》，收录问题单中的高频问题120个",
        ),
        "班组宣讲记录表": ("单位：", "主题：", "时间和地点：", "听讲人数：", "现场提问和答复："),
    }
}
FILMS = {"picture-port": "汐台港区一昼夜里的五个瞬间。"}
FILM_SIZE = (480, 272)

_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" '
    'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/officeDocument" Target="word/document.xml"/></Relationships>'
)
_WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def documents_of(story: DemoStory) -> dict[str, bytes]:
    """Title → Word file of what the story offers for download."""
    return {title: _word(title, lines) for title, lines in DOCUMENTS.get(story.key, {}).items()}


def film_of(story: DemoStory, draw: Callable[[DemoPicture], Image.Image]) -> tuple[bytes, str]:
    """An MP4 file out of the story's own drawings, and its caption; nothing for most stories."""
    caption = FILMS.get(story.key, "")
    if not caption or not story.pictures:
        return b"", ""
    frames = [ImageOps.fit(draw(picture), FILM_SIZE) for picture in story.pictures]
    # Closer and closer: one drawing alone would be no film.
    closer = [
        ImageOps.fit(frames[0].crop((step, step, 480 - step, 272 - step)), FILM_SIZE)
        for step in (16, 32, 48, 64)
    ]
    return film([frames[0], *closer, *frames[1:]], frame_seconds=1.5), caption


def _word(title: str, lines: tuple[str, ...]) -> bytes:
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in (title, *lines)
    )
    document = f'<w:document xmlns:w="{_WORDS}"><w:body>{paragraphs}</w:body></w:document>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "word/document.xml": document,
    }
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{content}')
    return buffer.getvalue()
