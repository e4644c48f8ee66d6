"""The tags and attributes a body may contain: one list for editor, sanitizer and exports."""

from __future__ import annotations

BLOCKS = frozenset({"p", "h2", "h3", "ul", "ol", "li", "blockquote", "hr"})
TABLE = frozenset({"table", "thead", "tbody", "tr", "th", "td"})
INLINE = frozenset({"strong", "em", "u", "s", "sub", "sup", "a", "br"})
FIGURE = frozenset({"figure", "figcaption"})
ATTRIBUTES = {
    "a": {"href", "title"},
    "ol": {"start"},
    "th": {"colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
    "figure": {
        "data-image",
        "data-group",
        "data-video",
        "data-poster",
        "data-credit",
        "data-alt",
        "data-rights",
        "data-rights-note",
        "data-turn",
        "data-crop",
        "data-focus",
    },
}
URL_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
