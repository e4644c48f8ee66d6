"""The markup of a body, one list of tags for editor, sanitizer and exports. Floor 0, pure.

A stored body holds only the *place* of a figure: `<figure data-image="12"></figure>`, for a group
of pictures with one caption `<figure data-image="12,13"></figure>`, for a video
`<figure data-video="5"></figure>`. On its way into the editor the figure gets its caption and
all else that is said of it (`with_figures`); on its way back that is read off (`read_figures`)
and the figure is emptied again (`emptied`). Between server and editor a single picture has an
attribute for each fact, a group one attribute `data-group` with a JSON list of its pictures.
"""

from articles.markup.cleaning import clean
from articles.markup.figures import MIDDLE, Figure, Picture
from articles.markup.nesting import BodyTooDeep
from articles.markup.passages import Place, find_passage, replace_passage, tidy_passage
from articles.markup.places import emptied, read_figures, render, with_figures
from articles.markup.vocabulary import ATTRIBUTES, BLOCKS, FIGURE, INLINE, TABLE, URL_SCHEMES
from articles.markup.words import count_blocks, plain_text

__all__ = [
    "ATTRIBUTES",
    "BLOCKS",
    "FIGURE",
    "INLINE",
    "MIDDLE",
    "TABLE",
    "URL_SCHEMES",
    "BodyTooDeep",
    "Figure",
    "Picture",
    "Place",
    "clean",
    "count_blocks",
    "emptied",
    "find_passage",
    "plain_text",
    "read_figures",
    "render",
    "replace_passage",
    "tidy_passage",
    "with_figures",
]
