"""The text editor of the article form: which blocks a story may hold, and what the browser loads.

The editor is django-prose-editor (Tiptap) with our own modules in `static/articles/editor/`, one
behaviour each. Everything goes through the import map, so hashed file names resolve, and nothing
needs a setting: `BodyWidget` names the modules itself. `DJANGO_PROSE_EDITOR_EXTENSIONS` would
only add a second sanitizer, and the text is cleaned in `articles.markup`. The import map is
inline: a page shows it with its nonce (`{% editor_media %}`).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django_prose_editor.config import expand_extensions
from django_prose_editor.fields import ProseEditorFormField
from django_prose_editor.widgets import ProseEditorWidget, prose_editor_media
from js_asset import ImportMap, Media, Script

from articles import markup

# More is never written by hand; a broken paste or an attack is.
# As multipart data, three bytes a Chinese character, far below DATA_UPLOAD_MAX_MEMORY_SIZE: a text
# that is too long gets its sentence, and stays in the form, instead of a bare "bad request".
MOST_CHARACTERS = 1_000_000
# Comparing two versions takes about 0.1 s for 1,000 of them.
MOST_BLOCKS = 10_000

# Library names switch library extensions on; names with Story are our modules' exports. A name
# missing in the browser is skipped there, so StoryDocument replaces Document: should our modules
# fail to load, no editor appears and the textarea stays, instead of one that drops pictures.
BODY_EXTENSIONS: dict[str, Any] = {
    "Document": False,
    "Menu": {
        "groups": [
            {"group": "history"},
            {"group": "headings"},
            {"group": "marks"},
            {"group": "lists"},
            {"group": "nodes -blockType"},
            {"group": "link"},
            {"group": "picture"},
            {"group": "characters"},
            {"group": "find"},
            {"group": "utility"},
            {"group": "table"},
        ]
    },
    "Dropcursor": {"class": "editor-dropcursor", "color": False, "width": 3},
    "Heading": {"levels": [2, 3]},
    "Bold": True,
    "Italic": True,
    # No buttons for these two (toolbar.js): kept where the archive or a tracked change has them.
    "Underline": True,
    "Strike": True,
    "Subscript": True,
    "Superscript": True,
    "StoryLink": {"enableTarget": False, "autolink": False, "defaultProtocol": "https"},
    "HardBreak": True,
    "BulletList": True,
    "ListItem": True,
    "Blockquote": True,
    "HorizontalRule": True,
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "Fullscreen": True,
    "StoryDocument": True,
    "StoryOrderedList": True,
    "StorySurface": True,
    "StoryFigure": True,
    "StoryUpload": True,
    "StoryPaste": True,
    "StoryTray": True,
    "StoryVideo": True,
    "StoryFind": True,
    "StoryCharacters": True,
    "StoryCounts": True,
    "StoryToolbar": True,
    "StoryLabels": True,
}

# Modules that export the extensions above; HELPERS are only imported by the others.
MODULES = (
    "document",
    "links",
    "surface",
    "figure",
    "crop",
    "tray",
    "upload",
    "video",
    "paste",
    "find",
    "characters",
    "counts",
    "toolbar",
    "labels",
)
HELPERS = ("status", "dialog", "rtf", "places")
SHEETS = ("editor", "tray", "tools", "video")

EDITOR_MEDIA = Media(
    importmap=ImportMap(
        {f"articles/editor/{name}": f"articles/editor/{name}.js" for name in (*MODULES, *HELPERS)}
    ),
    # The library's sheet is named again for the order: ours comes after it.
    css={
        "all": [
            "django_prose_editor/editor.css",
            *(f"articles/editor/{name}.css" for name in SHEETS),
        ]
    },
    # The import map alone would do; the tags let the browser fetch all modules at once.
    js=[Script(f"articles/editor/{name}.js", type="module") for name in (*HELPERS, *MODULES)],
)


class BodyWidget(ProseEditorWidget):
    # Row → (width, height, file name) of the pictures in the text: nothing moves when they arrive.
    picture_sizes: Mapping[int, tuple[int, int, str]] = MappingProxyType({})

    @property
    def media(self) -> Media:
        return prose_editor_media(preset="configurable") + EDITOR_MEDIA

    def get_config(self) -> dict[str, Any]:
        extensions = expand_extensions(self.config["extensions"])
        figure = extensions["StoryFigure"] | {"sizes": dict(self.picture_sizes)}
        return {
            "extensions": extensions | {"StoryFigure": figure},
            "js_modules": [f"articles/editor/{name}" for name in MODULES],
        }


class BodyField(ProseEditorFormField):
    """The text of a story. `picture_url` is a picture's address with 0 in place of its id.

    `video` has the options of `editor/video.js` but for what it shares with pictures.
    """

    def __init__(
        self,
        *args: Any,
        upload_url: Any,
        picture_url: Any,
        links_url: Any,
        video: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        shared = {"pictureUrl": picture_url, "pictureUploadUrl": upload_url}
        extensions = BODY_EXTENSIONS | {
            "StoryVideo": shared | (video or {}),
            "StoryFigure": {"pictureUrl": picture_url},
            "StoryUpload": {"uploadUrl": upload_url},
            "StoryLink": {**BODY_EXTENSIONS["StoryLink"], "linksUrl": links_url},
        }
        kwargs.setdefault("widget", BodyWidget)
        super().__init__(*args, extensions=extensions, **kwargs)

    def clean(self, value: Any) -> str:
        """The text cleaned, figures with their captions included."""
        typed = super().clean(value) or ""
        if len(typed) > MOST_CHARACTERS:
            raise ValidationError(
                _(
                    "The text is too long: at most %(limit)d characters with its formatting, "
                    "now %(now)d. Split it into several articles."
                )
                % {"limit": MOST_CHARACTERS, "now": len(typed)}
            )
        try:
            cleaned = markup.clean(typed)
        except markup.BodyTooDeep as error:
            raise ValidationError(
                _("Lists or tables are nested too deeply. Simplify the part pasted last.")
            ) from error
        blocks = markup.count_blocks(cleaned)
        if blocks > MOST_BLOCKS:
            raise ValidationError(
                _(
                    "The text has too many parts: at most %(limit)d paragraphs, list items and "
                    "table cells together, now %(now)d. Split it into several articles."
                )
                % {"limit": MOST_BLOCKS, "now": blocks}
            )
        return cleaned
