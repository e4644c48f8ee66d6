"""The form of one placement: a story or an address, words and picture of its own, its time."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.forms.renderers import BaseRenderer
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import placing
from articles.admin.base import is_number
from articles.models import Edition, Placement
from articles.pictures import PictureRefused


class ChosenStory(forms.HiddenInput):
    """A story that was found by its title before the form was opened."""

    input_type = "hidden"
    # Hidden fields have neither label nor place in the stock form.
    is_hidden = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """What cannot be the number of a story is 0, which none has."""
        typed = super().value_from_datadict(data, files, name)
        return typed if not typed or is_number(typed) else "0"

    def render(
        self,
        name: str,
        value: Any,
        attrs: dict[str, Any] | None = None,
        renderer: BaseRenderer | None = None,
    ) -> SafeString:
        row = int(value) if is_number(str(value)) else None
        title = Edition.objects.filter(pk=row).values_list("title", flat=True).first()
        shown = title or _("None; give an address, or look for a story beside the front page.")
        return format_html("{}<span>{}</span>", super().render(name, value, attrs, renderer), shown)


class PlacementForm(forms.ModelForm):
    upload = forms.FileField(
        label=gettext_lazy("own picture"),
        required=False,
        help_text=gettext_lazy("In place of the story’s own. JPEG, PNG or WebP, up to 30 MB."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    without_picture = forms.BooleanField(
        label=gettext_lazy("take the own picture away"), required=False
    )

    class Meta:
        model = Placement
        fields = ("slot", "edition", "address", "title", "starts_at", "ends_at")
        widgets = {"edition": ChosenStory}

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if "edition" in self.fields:
            stories = Q(withdrawn_at=None) | Q(pk=self.instance.edition_id)
            field = cast(forms.ModelChoiceField, self.fields["edition"])
            field.queryset = Edition.objects.filter(stories).for_lists()
        if getattr(self.instance, "picture", None) is None:
            self.fields.pop("without_picture", None)

    def clean_upload(self) -> ContentFile | None:
        upload = self.cleaned_data["upload"]
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return placing.clean_picture(upload)
        except PictureRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
