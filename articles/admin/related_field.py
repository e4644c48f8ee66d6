"""The field that names related stories: a line each, its number or address, then what may follow.

Stored are the numbers, with spaces between them. A script finds stories by words and adds their
lines; without it, numbers and addresses are typed or pasted.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _

from articles.models import Article
from articles.related import SHOWN

# At the beginning of a line, or as the end of a path that was pasted.
NUMBER = re.compile(r"(?:\S*/articles/)?([1-9][0-9]{0,17})(?:/\S*)?(?:\s|$)")


class RelatedField(forms.CharField):
    # Set by the form.
    article: Article
    writer: User

    def __init__(self, **options: Any):
        # The column's length counts numbers, not lines.
        options["max_length"] = None
        options["widget"] = forms.Textarea(
            attrs={
                "rows": 3,
                "data-story-search": reverse_lazy("admin:articles_article_link_search"),
            }
        )
        super().__init__(**options)

    def lines(self) -> str:
        """What is stored of the article, each number with its title."""
        numbers = [int(number) for number in self.article.related.split()]
        titles = dict(Article.objects.filter(pk__in=numbers).values_list("pk", "title"))
        return "\n".join(f"{number} {titles.get(number, '')}".strip() for number in numbers)

    def clean(self, value: Any) -> str:
        numbers: list[int] = []
        for line in (super().clean(value) or "").splitlines():
            if line := line.strip():
                numbers.append(self._number_of(line))
        numbers = list(dict.fromkeys(numbers))
        if len(numbers) > SHOWN:
            raise ValidationError(
                _("Name at most %(most)d related stories. Take some out.") % {"most": SHOWN}
            )
        known = Article.objects.visible_to(self.writer).filter(pk__in=numbers)
        missing = set(numbers) - set(known.values_list("pk", flat=True))
        # What stands there already may have been deleted by somebody else.
        missing -= {int(number) for number in self.article.related.split()}
        if missing:
            raise ValidationError(
                _("There is no story with the number %(number)d. Correct its line or take it out.")
                % {"number": min(missing)}
            )
        return " ".join(map(str, numbers))

    def _number_of(self, line: str) -> int:
        found = NUMBER.match(line)
        if found is None:
            raise ValidationError(
                _("“%(line)s”: begin each line with the number or address of a story.")
                % {"line": line[:40]}
            )
        if int(found[1]) == self.article.pk:
            raise ValidationError(_("A story is not related to itself. Take its line out."))
        return int(found[1])
