"""The form of a topic: words, address, banner, time."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from articles import own_pictures
from articles.models import Topic
from articles.pictures import PictureRefused


class TopicForm(forms.ModelForm):
    upload = forms.FileField(
        label=_("banner"),
        required=False,
        help_text=_("Three times as wide as high is best. JPEG, PNG or WebP, up to 30 MB."),
        widget=forms.FileInput(attrs={"accept": "image/*"}),
    )
    without_banner = forms.BooleanField(label=_("take the banner away"), required=False)

    class Meta:
        model = Topic
        fields = ("title", "slug", "introduction", "starts_at", "ends_at")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if getattr(self.instance, "banner", None) is None:
            self.fields.pop("without_banner", None)

    def clean_upload(self) -> ContentFile | None:
        upload = self.cleaned_data["upload"]
        if not isinstance(upload, UploadedFile):
            return None
        try:
            return own_pictures.clean(upload)
        except PictureRefused as refusal:
            raise ValidationError(str(refusal)) from refusal
