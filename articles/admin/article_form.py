"""The form an article is written in."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import markup, text, writing
from articles.admin.choices import TreeChoiceField
from articles.admin.editor import BodyField, BodyWidget
from articles.models import Article
from articles.models.people import display_name

# More is never written by hand; a broken paste or an attack is.
MOST_CHARACTERS = 1_500_000
MOST_PICTURES = 500
MOST_TAGS = 20


class ArticleForm(forms.ModelForm):
    body = BodyField(
        label=gettext_lazy("body"),
        required=False,
        upload_url=reverse_lazy("admin:articles_article_upload"),
        picture_url=reverse_lazy("admin:articles_article_picture", args=[0]),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    receipt = forms.UUIDField(widget=forms.HiddenInput)

    required_css_class = "required"
    # Set by the desk for each request, see `ArticleAdmin.get_form`.
    writer: User
    problem = ""

    class Meta:
        model = Article
        fields = (
            "kicker",
            "title",
            "subtitle",
            "channel",
            "source_department",
            "outside_source",
            "byline",
            "tags",
            "short_title",
            "summary",
        )
        field_classes = {"channel": TreeChoiceField, "source_department": TreeChoiceField}
        widgets = {
            "title": forms.Textarea(attrs={"rows": 1}),
            "summary": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["based_on"].initial = self.instance.version
        self.fields["receipt"].initial = uuid4
        if self.instance.pk:
            self.initial["body"] = writing.body_for_editor(self.instance)
            widget = cast(BodyWidget, self.fields["body"].widget)
            sizes = self.instance.images.values_list("pk", "width", "height")
            widget.picture_sizes = {row: (width, height) for row, width, height in sizes}
        # Someone who may only look gets a form without fields of the model.
        if "tags" in self.fields:
            address = reverse_lazy("admin:articles_article_tags")
            self.fields["tags"].widget.attrs["data-tags-url"] = address
            empty_labels = {
                "channel": _("Choose a channel"),
                "source_department": _("Choose a department"),
            }
            for name, label in empty_labels.items():
                cast(TreeChoiceField, self.fields[name]).empty_label = label

    def clean_body(self) -> str:
        typed = self.cleaned_data["body"] or ""
        if len(typed) > MOST_CHARACTERS:
            raise ValidationError(_("The text is too long for one article. Split it into several."))
        try:
            body = markup.clean(typed)
        except markup.BodyTooDeep as error:
            raise ValidationError(
                _("Lists or tables are nested too deeply. Simplify the part pasted last.")
            ) from error
        figures = markup.read_figures(body)
        if len(figures) > MOST_PICTURES:
            raise ValidationError(_("An article holds at most 500 pictures. Remove some."))
        faults = writing.figure_faults(figures)
        faults += writing.foreign_figures(self.instance, figures, self.writer)
        if faults:
            raise ValidationError(faults)
        return body

    def clean_tags(self) -> list[str]:
        tags = self.cleaned_data["tags"]
        if len(tags) > MOST_TAGS:
            raise ValidationError(_("Use at most 20 tags; three to five are enough."))
        for tag in tags:
            if len(tag) > text.TAG_LENGTH:
                raise ValidationError(
                    _("The tag “%(tag)s” is longer than 30 characters. Separate tags with 、.")
                    % {"tag": tag}
                )
        return tags

    def clean(self) -> dict[str, Any]:
        if self.problem:
            raise ValidationError(self.problem)
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk and "based_on" in cleaned:
            self._refuse_stale(cleaned["based_on"])
        return cleaned

    def _refuse_stale(self, based_on: int) -> None:
        """Says who saved in between; saving once more is then a decision, not an accident."""
        current = Article.objects.select_related("updated_by").get(pk=self.instance.pk)
        if current.version == based_on:
            return
        data = cast(QueryDict, self.data).copy()
        data[self.add_prefix("based_on")] = str(current.version)
        self.data = data
        raise ValidationError(
            _(
                "%(name)s saved this article at %(time)s while you were writing. Your text is "
                "still below. Save again to put yours in its place; the other version is kept."
            )
            % {
                "name": display_name(current.updated_by),
                "time": date_format(timezone.localtime(current.updated_at), "H:i:s"),
            }
        )
