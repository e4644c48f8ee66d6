"""The editor's import map, which is inline and needs the page's nonce."""

from __future__ import annotations

from typing import Any

from django import template
from js_asset import Media

register = template.Library()


@register.simple_tag(takes_context=True)
def editor_media(context: dict[str, Any]) -> str:
    """Gives the form's media the nonce of this page; `{{ media }}` then renders with it.

    Returns nothing itself. Only pages that use this tag get a nonce into their policy.
    """
    nonce = str(context["request"].csp_nonce)
    context["media"] = Media.from_media(context["media"], nonce=nonce)
    return ""
