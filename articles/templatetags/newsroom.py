"""What public pages say beside the stories: the site's name, dates of lists, full addresses."""

import re
from datetime import datetime

from django import template
from django.conf import settings
from django.template import Context
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from articles import text
from articles.models import GreyPeriod
from articles.models.edition import NEW_FOR
from newsroom import site

register = template.Library()

# A date in Chinese → the same in English.
ENGLISH_DATES = {
    "m-d": "j M",
    "Y-m-d": "j M Y",
    "Y/m/d": "j F Y",
    "Y/m/d H:i": "j F Y, H:i",
    "Y/m/d H:i:s": "j F Y, H:i",
}


@register.simple_tag
def site_name() -> str:
    return str(settings.SITE_NAME)


@register.simple_tag(takes_context=True)
def absolute(context: Context, address: str) -> str:
    """The address with scheme and host, as canonical links and link previews need it."""
    return site.absolute(context["request"], address)


@register.filter
def linked_names(byline: str) -> SafeString:
    """A byline whose names lead to what they wrote; words that are nobody's name stay words."""
    names = {"".join(name.split()): name for name in text.split_byline(byline)}
    longest_first = sorted(names, key=len, reverse=True)
    spread = "|".join(r"\s*".join(map(re.escape, name)) for name in longest_first)
    parts = re.split(f"({spread})", byline) if names else [byline]
    for place in range(1, len(parts), 2):
        name = names["".join(parts[place].split())]
        address = reverse("author", args=[name])
        parts[place] = format_html('<a href="{}">{}</a>', address, parts[place])
    return format_html_join("", "{}", ((part,) for part in parts))


@register.simple_tag(takes_context=True)
def grey(context: Context) -> bool:
    """Whether it is a day of mourning at the page's `moment` (now)."""
    return GreyPeriod.objects.standing(context.get("moment")).exists()


@register.simple_tag
def registrations() -> list[tuple[str, str]]:
    """(number, where it can be looked up) of the ICP and the police, where there is one."""
    digits = "".join(filter(str.isdigit, settings.POLICE_NUMBER))
    police = f"https://beian.mps.gov.cn/#/query/webSearch?code={digits}"
    numbers = (
        (settings.ICP_NUMBER, "https://beian.miit.gov.cn/"),
        (settings.POLICE_NUMBER, police),
    )
    return [(number, address) for number, address in numbers if number]


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
    """11-21, and 2022-11-21 in any other than the current year; in English 21 Nov."""
    is_this_year = published_at.year == timezone.localdate().year
    return local_date(published_at, "m-d" if is_this_year else "Y-m-d")


@register.filter(expects_localtime=True)
def local_date(moment: datetime, chinese: str) -> str:
    """A date in the order of the page's language; `chinese` is its format in Chinese."""
    return date_format(moment, chinese if _is_chinese() else ENGLISH_DATES[chinese])


@register.filter(expects_localtime=True)
def machine_date(moment: datetime) -> str:
    """For `datetime` and the like: HTML knows milliseconds, but not the six digits of ours."""
    return moment.isoformat(timespec="seconds")


@register.filter
def figure(number: int) -> str:
    """12345, and 12,345 in English; the same as `shown` in `static/articles/portal/visit.js`."""
    return str(number) if _is_chinese() else f"{number:,}"


@register.simple_tag
def story_language() -> str:
    """Says of an element on a page in English that what it holds is Chinese: names, stories."""
    return "" if _is_chinese() else format_html(' lang="{}"', "zh-Hans")


def _is_chinese() -> bool:
    return get_language() == settings.LANGUAGE_CODE


@register.filter
def at_page(address: str, number: int) -> str:
    """The address of that page of a list; the first page has the list's own."""
    if number == 1:
        return address
    return f"{address}{'&' if '?' in address else '?'}page={number}"
