"""The form an article is written in."""

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import attachments, filing, markup, text, writing
from articles.admin.attachments_field import AttachmentsField, facts_of
from articles.admin.choices import TreeChoiceField
from articles.admin.editor import BodyField, BodyWidget
from articles.admin.related_field import RelatedField
from articles.models import Article, Attachment, ContentClass
from articles.models.tree import Tree

# More is never written by hand; a broken paste or an attack is.
MOST_PICTURES = 500
MOST_TAGS = text.MOST_TAGS


class ArticleForm(forms.ModelForm):
    body = BodyField(
        label=gettext_lazy("body"),
        required=False,
        upload_url=reverse_lazy("admin:articles_article_upload"),
        picture_url=reverse_lazy("admin:articles_article_picture", args=[0]),
        links_url=reverse_lazy("admin:articles_article_link_search"),
        video={
            "uploadUrl": reverse_lazy("admin:articles_article_video_upload"),
            "videoUrl": reverse_lazy("admin:articles_article_video", args=[0]),
            "largest": settings.LARGEST_VIDEO,
        },
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    receipt = forms.UUIDField(widget=forms.HiddenInput)
    # Which opened form this is: made up by the browser, so that a copied tab has its own.
    sitting = forms.RegexField("^[0-9a-f]{32}$", required=False, widget=forms.HiddenInput)
    # Rises each time the form is sent; milliseconds of the browser's clock.
    step = forms.IntegerField(
        required=False, widget=forms.HiddenInput, min_value=0, max_value=2**53 - 1
    )
    cover = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1)
    attachments = AttachmentsField()

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
            "content_class",
            "source_department",
            "outside_source",
            "byline",
            "tags",
            "related",
            "short_title",
            "summary",
        )
        field_classes = {
            "channel": TreeChoiceField,
            "source_department": TreeChoiceField,
            "related": RelatedField,
        }
        widgets = {
            "title": forms.Textarea(attrs={"rows": 1}),
            "summary": forms.Textarea(attrs={"rows": 4}),
        }

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.fields["based_on"].initial = self.instance.version
        self.fields["receipt"].initial = uuid4
        self.fields["cover"].initial = self.instance.cover_id
        self._word_refusals()
        self._offer_places()
        self._list_attachments()
        if self.instance.pk:
            self.initial["body"] = writing.body_for_editor(self.instance)
            widget = cast(BodyWidget, self.fields["body"].widget)
            shown = self.instance.images.values_list("pk", "width", "height", "original_name")
            widget.picture_sizes = {
                row: (width, height, name) for row, width, height, name in shown
            }
        # Someone who may only look gets a form without fields of the model.
        if "tags" in self.fields:
            related = cast(RelatedField, self.fields["related"])
            related.article, related.writer = self.instance, self.writer
            self.initial.setdefault("related", "")
            if self.instance.related:
                self.initial["related"] = related.lines()
            address = reverse_lazy("admin:articles_article_tags")
            self.fields["tags"].widget.attrs["data-tags-url"] = address
            empty_labels = {
                "channel": _("Choose a channel"),
                "source_department": _("Choose a department"),
            }
            for name, label in empty_labels.items():
                cast(TreeChoiceField, self.fields[name]).empty_label = label
            if "content_class" in self.fields:
                field = cast(forms.ModelChoiceField, self.fields["content_class"])
                field.empty_label = _("No class")

    def _offer_places(self) -> None:
        """Only the places this person files under, and the one where the story stands already."""
        if "channel" not in self.fields:
            return
        places = {
            "channel": (filing.channels(self.writer), self.instance.channel_id),
            "source_department": (
                filing.departments(self.writer),
                self.instance.source_department_id,
            ),
        }
        for name, (allowed, present) in places.items():
            if allowed is not None:
                field = cast(Any, self.fields[name])
                field.queryset = field.queryset.filter(pk__in={*allowed, present} - {None})
                field.error_messages["invalid_choice"] = _(
                    "%(label)s: you are not appointed for this one. Choose one of the list."
                ) % {"label": field.label}
        departments = places["source_department"][0]
        if departments and not self.instance.pk:
            # Whoever writes for one unit need not say which.
            row = self._topmost(departments)
            self.initial.setdefault("source_department", row)
        if not ContentClass.objects.exists():
            del self.fields["content_class"]

    def _topmost(self, departments: frozenset[int]) -> int | None:
        field = cast(Any, self.fields["source_department"])
        tops = [row.pk for depth, row in Tree(field.queryset).walk() if depth == 0]
        return tops[0] if len(tops) == 1 else None

    def _word_refusals(self) -> None:
        """Says which field is meant and what to do, where the stock sentences name neither."""
        sentences = {
            "required": _("Fill in: %(label)s."),
            "max_length": _("%(label)s: at most %(limit)s characters, now %(now)s. Shorten it."),
            "invalid_choice": _("%(label)s: what was chosen is no longer offered. Choose again."),
            "null_characters_not_allowed": _(
                "%(label)s: holds characters that cannot be stored. Remove them and type it again."
            ),
        }
        # Django puts the last two in when it refuses.
        later = {"limit": "%(limit_value)d", "now": "%(show_value)d"}
        for field in self.fields.values():
            # A browser would cut what is pasted without a word; the page says how much fits.
            if most := field.widget.attrs.pop("maxlength", None):
                field.widget.attrs["data-most"] = most
            if field.label and not field.widget.is_hidden:
                values = {"label": str(field.label).replace("%", "%%"), **later}
                for code, sentence in sentences.items():
                    field.error_messages[code] = sentence % values

    def _list_attachments(self) -> None:
        """What the list of attachments starts with, and shows again after a refusal."""
        field = cast(AttachmentsField, self.fields["attachments"])
        rows = list(self.instance.attachments.filter(order__gt=0)) if self.instance.pk else []
        field.initial = field.written(writing.AttachmentLine(row.pk, row.title) for row in rows)
        sent = field.numbers_in(self["attachments"].value()) if self.is_bound else []
        if missing := set(sent) - {row.pk for row in rows}:
            usable = Attachment.objects.usable_in(self.instance, self.writer)
            rows += usable.filter(pk__in=missing)
        field.widget.attrs["data-files"] = facts_of(rows)

    def clean_attachments(self) -> list[writing.AttachmentLine] | None:
        lines: list[writing.AttachmentLine] | None = self.cleaned_data["attachments"]
        named = [line.attachment for line in lines or []]
        if named and (faults := attachments.foreign(self.instance, named, self.writer)):
            raise ValidationError(faults)
        return lines

    def is_multipart(self) -> bool:
        """Sent as it is: form-encoding makes nine bytes of a Chinese character's three."""
        return True

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        figures = markup.read_figures(body)
        if sum(len(figure.pictures) for figure in figures) > MOST_PICTURES:
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
                    % {"tag": f"{tag[:20]}…"}
                )
        return tags

    def _post_clean(self) -> None:
        # The desk takes the number of the cover's row; the model's field would want the row.
        cover = self.cleaned_data.pop("cover", None)
        super()._post_clean()  # type: ignore[misc]
        self.cleaned_data["cover"] = cover

    def clean(self) -> dict[str, Any]:
        if self.problem:
            raise ValidationError(self.problem)
        cleaned = super().clean() or self.cleaned_data
        self._refuse_foreign_places(cleaned)
        sources = ("source_department", "outside_source")
        if all(cleaned.get(name) for name in sources):
            for name in sources:
                self.add_error(
                    name, _("Choose a source department or write an outside source, not both.")
                )
        return cleaned

    def _refuse_foreign_places(self, cleaned: dict[str, Any]) -> None:
        """Each may be allowed, and the two together belong to nobody's appointment."""
        names = {"channel", "source_department"}
        if names & set(self.changed_data) and names <= set(cleaned):
            filed = Article(**{name: cleaned[name] for name in names})
            if sentence := filing.refusal(self.writer, filed):
                self.add_error("source_department", sentence)
