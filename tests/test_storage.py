"""Where files lie: whole or not at all, under a name of their own, over a power cut."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, storages

from newsroom import storage as module
from newsroom.storage import DurableFileSystemStorage


@pytest.fixture
def storage(tmp_path) -> DurableFileSystemStorage:
    return DurableFileSystemStorage(tmp_path / "files", base_url="/media/")


def names(storage: DurableFileSystemStorage) -> set[str]:
    root = Path(storage.location)
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


class Breaking(ContentFile):
    """A file whose source fails after the first bytes."""

    def chunks(self, chunk_size=None):
        yield b"first bytes"
        raise OSError(28, "No space left on device")


class TestSave:
    @pytest.mark.parametrize("content", [b"", b"bytes", b"x" * 3_000_000])
    def test_writes_the_whole_file(self, storage, content):
        name = storage.save("a/b/c.jpg", ContentFile(content))
        with storage.open(name) as file:
            assert file.read() == content
        assert names(storage) == {"a/b/c.jpg"}

    def test_syncs_the_file_before_its_name_and_every_new_folder(self, storage, monkeypatch):
        events = []
        fsync, link = os.fsync, os.link

        def record_fsync(descriptor):
            events.append(("sync", Path(os.readlink(f"/proc/self/fd/{descriptor}")).name))
            fsync(descriptor)

        def record_link(source, target):
            events.append(("link", Path(target).name))
            link(source, target)

        monkeypatch.setattr(os, "fsync", record_fsync)
        monkeypatch.setattr(os, "link", record_link)
        storage.save("a/b/c.jpg", ContentFile(b"bytes"))
        file, name, folder = events[-3:]
        assert file[1].endswith(".part")
        assert (name, folder) == (("link", "c.jpg"), ("sync", "b"))
        assert ("sync", "a") in events
        assert ("sync", "files") in events

    def test_gives_a_second_file_another_name(self, storage):
        first = storage.save("a.jpg", ContentFile(b"first"))
        second = storage.save("a.jpg", ContentFile(b"second"))
        assert first != second
        for name, content in ((first, b"first"), (second, b"second")):
            with storage.open(name) as file:
                assert file.read() == content

    def test_never_replaces_a_file_that_appears_meanwhile(self, storage, monkeypatch):
        storage.save("a.jpg", ContentFile(b"first"))
        free = type(storage).get_available_name
        answers = ["a.jpg"]

        def outdated(self, name, max_length=None):
            return answers.pop() if answers else free(self, name, max_length)

        monkeypatch.setattr(type(storage), "get_available_name", outdated)
        second = storage.save("a.jpg", ContentFile(b"second"))
        with storage.open("a.jpg") as file:
            assert file.read() == b"first"
        with storage.open(second) as file:
            assert file.read() == b"second"
        assert len(names(storage)) == 2

    def test_keeps_apart_what_threads_save_at_once(self, storage):
        def save(number):
            return storage.save("a/b.jpg", ContentFile(b"%d," % number * 9999)), number

        with ThreadPoolExecutor(8) as pool:
            saved = dict(pool.map(save, range(40)))
        assert len(saved) == 40
        for name, number in saved.items():
            with storage.open(name) as file:
                assert file.read() == b"%d," % number * 9999

    def test_leaves_nothing_behind_when_it_fails(self, storage):
        with pytest.raises(OSError, match="No space"):
            storage.save("a/b.jpg", Breaking(b""))
        assert names(storage) == set()

    @pytest.mark.parametrize("step", ["fsync", "link"])
    def test_leaves_nothing_behind_when_the_disk_fails(self, storage, monkeypatch, step):
        def fail(*args):
            raise OSError(5, "Input/output error")

        module.make_folder(Path(storage.location) / "a")
        monkeypatch.setattr(os, step, fail)
        with pytest.raises(OSError, match="Input/output"):
            storage.save("a/b.jpg", ContentFile(b"bytes"))
        assert names(storage) == set()

    def test_lets_only_the_group_read(self, tmp_path):
        storage = DurableFileSystemStorage(tmp_path, file_permissions_mode=0o640)
        storage.save("a.jpg", ContentFile(b"bytes"))
        assert (tmp_path / "a.jpg").stat().st_mode & 0o777 == 0o640

    @pytest.mark.parametrize("name", ["../a.jpg", "/etc/a.jpg", "a/../../b.jpg", ""])
    def test_never_leaves_its_folder(self, storage, name):
        with pytest.raises(SuspiciousFileOperation):
            storage.save(name, ContentFile(b"bytes"))


class TestDuplicate:
    def test_gives_the_file_a_second_name(self, storage):
        storage.save("private/a.jpg", ContentFile(b"bytes"))
        storage.duplicate("private/a.jpg", "public/x/a.jpg")
        assert Path(storage.path("private/a.jpg")).samefile(storage.path("public/x/a.jpg"))
        storage.delete("public/x/a.jpg")
        with storage.open("private/a.jpg") as file:
            assert file.read() == b"bytes"

    def test_leaves_an_existing_target_alone(self, storage):
        storage.save("a.jpg", ContentFile(b"new"))
        storage.save("b.jpg", ContentFile(b"old"))
        storage.duplicate("a.jpg", "b.jpg")
        with storage.open("b.jpg") as file:
            assert file.read() == b"old"

    def test_of_nothing_fails(self, storage):
        with pytest.raises(FileNotFoundError):
            storage.duplicate("none.jpg", "b.jpg")
        assert names(storage) == set()


class TestGiveSecondName:
    def test_links_where_a_storage_can(self, storage):
        storage.save("renditions/a.jpg", ContentFile(b"bytes"))
        for _time in range(2):
            module.give_second_name(storage, "renditions/a.jpg", "public/a.jpg")
        assert Path(storage.path("renditions/a.jpg")).samefile(storage.path("public/a.jpg"))

    def test_copies_where_a_storage_cannot_link(self, tmp_path):
        storage = FileSystemStorage(tmp_path / "plain")
        storage.save("renditions/a.jpg", ContentFile(b"bytes"))
        for _time in range(2):
            module.give_second_name(storage, "renditions/a.jpg", "public/a.jpg")
        assert storage.listdir("public") == ([], ["a.jpg"])
        with storage.open("public/a.jpg") as file:
            assert file.read() == b"bytes"


class TestMakeFolder:
    def test_may_be_repeated_and_raced(self, tmp_path):
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(module.make_folder, [tmp_path / "a" / "b" / "c"] * 40))
        assert (tmp_path / "a" / "b" / "c").is_dir()


def test_is_the_storage_of_the_house():
    assert isinstance(storages["default"], DurableFileSystemStorage)
