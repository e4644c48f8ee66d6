"""The desk for templates: what the start page of a new article offers."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from articles import markup, starting, text
from articles.admin.article_form import ArticleForm
from articles.admin.base import TreeModelAdmin
from articles.admin.numbers import number_in
from articles.models import Article, StoryTemplate


def body_field() -> forms.Field:
    """The editor of a story; its buttons for files are hidden by the page's sheet."""
    field = deepcopy(ArticleForm.base_fields["body"])
    field.help_text = StoryTemplate._meta.get_field("body").help_text
    return field


class StoryTemplateForm(forms.ModelForm):
    body = body_field()

    class Meta:
        model = StoryTemplate
        fields = ("name", "purpose", "order", "channel", "kicker", "title", "body", "tags")

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        if markup.read_figures(body):
            raise ValidationError(
                _("A template holds words only. Remove the pictures; each story has its own.")
            )
        return body

    def clean_tags(self) -> str:
        return "、".join(text.split_tags(self.cleaned_data["tags"]))


@admin.register(StoryTemplate)
class StoryTemplateAdmin(TreeModelAdmin):
    form = StoryTemplateForm
    change_form_template = "admin/articles/storytemplate/change_form.html"
    list_display = ("name", "purpose", "channel", "order")
    list_select_related = ("channel",)

    def get_queryset(self, request: HttpRequest) -> Any:
        templates = super().get_queryset(request)
        is_list = request.path == reverse("admin:articles_storytemplate_changelist")
        return templates.defer("body") if is_list else templates

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """The words of an article that is to be the model for a template."""
        number = number_in(request.GET.get("article"))
        if number is None:
            return {}
        article = Article.objects.visible_to(request.user).filter(pk=number).first()
        return starting.as_template(article) if article else {}
