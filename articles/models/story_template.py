"""稿件模板: what a new article of one kind starts with."""

from __future__ import annotations

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.channel import Channel
from articles.models.headline import HeadlineField

# What is to be filled in stands in such brackets; headlines may hold others of their own.
BLANK = re.compile("【[^【】]{1,40}】")
# In front of the title of a copied article, until somebody writes the new one.
COPY_MARK = "【副本】"


class StoryTemplateQuerySet(models.QuerySet["StoryTemplate"]):
    def unfilled(self, words: str) -> list[str]:
        """The blanks of templates that still stand in these words, each once, in their order.

        Brackets that no template holds are the writer's own, as in 【新春走基层】.
        """
        found = list(dict.fromkeys(BLANK.findall(words)))
        if not found:
            return []
        blanks = {COPY_MARK}
        for texts in self.values_list("kicker", "title", "body"):
            blanks.update(BLANK.findall("\n".join(texts)))
        return [blank for blank in found if blank in blanks]


class StoryTemplate(models.Model):
    name = models.CharField(
        _("name"),
        max_length=30,
        unique=True,
        help_text=_("What kind of story it starts, for example 会议."),
    )
    purpose = models.CharField(
        _("when to use it"), max_length=100, blank=True, help_text=_("One sentence.")
    )
    order = models.PositiveIntegerField(_("order"), default=0)
    channel = models.ForeignKey(
        Channel,
        verbose_name=_("channel"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Where stories of this kind usually appear."),
    )
    kicker = HeadlineField(_("kicker"), max_length=100, blank=True)
    title = HeadlineField(
        _("title"),
        max_length=200,
        blank=True,
        help_text=_("What is to be filled in stands in brackets: 【会议名称】."),
    )
    body = models.TextField(
        _("body"),
        blank=True,
        help_text=_("Paragraphs and cross-headings; pictures are added in the story."),
    )
    tags = models.CharField(_("tags"), max_length=200, blank=True, help_text=_("Separate with 、"))

    objects = StoryTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("story template")
        verbose_name_plural = _("story templates")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.name
