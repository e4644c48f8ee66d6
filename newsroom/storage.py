"""Where files lie.

Django's FileSystemStorage never syncs: at a power cut the row survives and the file does not.
Ours writes beside the target, syncs file and folder, then renames, so that a name that exists
always holds the whole file.
"""

import contextlib
import os
from pathlib import Path
from uuid import uuid4

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(folder: Path) -> None:
    """Makes a folder and those above it, each name synced: a lost folder loses its files."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        sync_folder(folder.parent)


class DurableFileSystemStorage(FileSystemStorage):
    """Writes a file in full, or not at all."""

    def _save(self, name: str, content: File) -> str:
        target = Path(self.path(name))
        make_folder(target.parent)
        draft = target.with_name(f".{uuid4().hex}.part")
        try:
            with draft.open("wb") as file:
                for chunk in content.chunks():
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            if self.file_permissions_mode is not None:
                draft.chmod(self.file_permissions_mode)
            # link() refuses an existing name, rename() would silently replace it.
            os.link(draft, target)
        except FileExistsError:
            return self._save(self.get_available_name(name), content)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(target.parent)
        return name.replace("\\", "/")

    def duplicate(self, name: str, target: str) -> None:
        """Gives a file a second name without copying it; an existing target stays."""
        path = Path(self.path(target))
        make_folder(path.parent)
        with contextlib.suppress(FileExistsError):
            os.link(self.path(name), path)
            sync_folder(path.parent)


def give_second_name(storage: Storage, name: str, target: str) -> None:
    """Gives a file a second name unless it has it; a storage that cannot keeps a copy there."""
    if storage.exists(target):
        return
    if hasattr(storage, "duplicate"):
        storage.duplicate(name, target)
        return
    with storage.open(name) as file:
        storage.save(target, file)


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files under names that change with their content, so browsers may keep them."""

    support_js_module_import_aggregation = True
