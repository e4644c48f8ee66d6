"""What public pages say beside the stories: the site's name, dates of lists, full addresses."""

from datetime import datetime, timedelta

from django import template
from django.conf import settings
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

register = template.Library()

NEW_FOR = timedelta(days=3)


@register.simple_tag
def site_name() -> str:
    return str(settings.SITE_NAME)


@register.simple_tag(takes_context=True)
def absolute(context: Context, address: str) -> str:
    """The address with scheme and host, as canonical links and link previews need it."""
    return str(context["request"].build_absolute_uri(address))


@register.filter
def phrases(headline: str) -> SafeString:
    """A headline whose lines end between its parallel phrases; each phrase is a box of its own.

    CSS alone (`word-break: keep-all`) leaves single characters behind where a phrase is wider
    than a phone.
    """
    boxes = ((phrase,) for phrase in headline.split())
    return format_html_join(" ", '<span class="phrase">{}</span>', boxes)


@register.filter
def file_size(size: int) -> str:
    """72 bytes, 1.5 MB, 50 MB; the same as `sizeText` in `static/articles/desk/sending.js`."""
    return filesizeformat(size).replace(".0", "")


@register.filter
def is_new(published_at: datetime) -> bool:
    return timezone.now() - published_at < NEW_FOR


@register.filter(expects_localtime=True)
def list_date(published_at: datetime) -> str:
    """11-21, and 2022-11-21 in any other than the current year."""
    this_year = published_at.year == timezone.localdate().year
    return published_at.strftime("%m-%d" if this_year else "%Y-%m-%d")
