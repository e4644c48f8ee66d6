"""What the server has of words that a browser kept when their page was gone.

A page is closed before it hears that its words were saved, or opened twice: what the browser kept
may be a version by now, or older than what the same page saved a moment later. Such words are not
offered again. The others may go on from one's own newest version without a question; what somebody
else saved meanwhile is compared with them as ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.forms import ModelForm

from articles.admin.article_conflict import posted_content
from articles.models import Article, Revision


@dataclass(frozen=True)
class KeptCopy:
    """Whose words, from which page, written from which version.

    `step` counts with the sendings of that page: what has a higher one was sent later. None when
    the browser gave no number.
    """

    by: User
    sitting: str
    based_on: int
    step: int | None


def is_known(article: Article, copy: KeptCopy, form: ModelForm) -> bool:
    """Whether these words are a version since, or their page saved once more after them."""
    if _is_followed(article, copy):
        return True
    if not form.is_valid():
        # Never saved like this.
        return False
    since = article.revisions.filter(number__gte=copy.based_on)
    return since.filter(sha256=Revision.checksum(posted_content(form))).exists()


def _is_followed(article: Article, copy: KeptCopy) -> bool:
    if not copy.sitting or copy.step is None:
        return False
    later = article.revisions.filter(saved_by=copy.by, sitting=copy.sitting, step__gt=copy.step)
    return later.exists()


def goes_on_from(article: Article, copy: KeptCopy) -> int:
    """The version these words may be put in the place of: the newest, unless others saved since."""
    since = article.revisions.filter(number__gt=copy.based_on)
    return copy.based_on if since.exclude(saved_by=copy.by).exists() else article.version
