"""The file of a picture: its clean copy, and the renditions that are made of it."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from threading import BoundedSemaphore
from typing import Any, cast

from django.core.files.base import ContentFile
from imagefield.fields import ImageField, ImageFieldFile, _ProcessBase, hashdigest

# Renditions as they are made, and under the names that readers know.
PRIVATE_RENDITIONS = "renditions"
PUBLIC_RENDITIONS = "public"

# Decoding is what takes memory: one large picture at a time in a process, whether it comes in
# or a rendition is made of it. Those with fewer pixels take less than 30 MB.
one_at_a_time = BoundedSemaphore()
LARGE = 4_000_000


class PictureFile(ImageFieldFile):
    """The clean copy of an upload; its renditions lie apart from it, in a private folder."""

    def _process_base(self, name: str) -> _ProcessBase:
        stem = name.rpartition("/")[2].partition(".")[0]
        digest = hashdigest(stem)
        return _ProcessBase(f"{PRIVATE_RENDITIONS}/{digest[:3]}/{digest[3:6]}", f"{stem}-")

    def rendition_name(self, format_name: str) -> str:
        """The name of its private file in a format, whether made already or not."""
        return str(self._process_context(self.field.formats[format_name]).name)

    def process(self, spec: str, *, force: bool = False) -> str:
        """Makes a rendition unless it is there; returns its name.

        imagefield's own would leave a copy under another name when two make it at once.
        """
        context = self._process_context(self.field.formats[spec])
        name = str(context.name)
        if force or not self.storage.exists(name):
            with self._turn_to_decode():
                if force or not self.storage.exists(name):
                    self._write(name, self._process(context=context), force=force)
        return name

    def draw(self, spec: str) -> bytes:
        """A rendition that is kept nowhere."""
        with self._turn_to_decode():
            context = self._process_context(self.field.formats[spec])
            return cast(bytes, self._process(context=context))

    def _turn_to_decode(self) -> AbstractContextManager[Any]:
        is_large = self.instance.width * self.instance.height > LARGE
        return one_at_a_time if is_large else nullcontext()

    def _write(self, name: str, content: bytes, *, force: bool) -> None:
        if force:
            self.storage.delete(name)
        written = self.storage.save(name, ContentFile(content))
        if written != name:
            # Another process was faster.
            self.storage.delete(written)


class PictureField(ImageField):
    attr_class = PictureFile
