"""Files are stored by id, within a quota, and served as attachments that no browser executes."""

import hashlib
import os
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponseBase

from files import cleanup, serving, storage, tasks
from files.models import Scan, StoredFile
from files.tests import samples
from files.uploads import CappedUploadHandler

pytestmark = pytest.mark.django_db


def body(answer: HttpResponseBase) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_what_is_kept_is_what_is_handed_out(settings: LazySettings) -> None:
    stored = storage.receive(samples.note("مذكرة.pdf", "hello"))
    content = body(answer := serving.response(stored))
    assert (
        hashlib.sha256(content).hexdigest() == stored.sha256 and len(content) == stored.size and b"(hello)" in content
    )
    assert answer["Content-Length"] == str(stored.size) and answer["Content-Type"] == "application/pdf"
    assert (
        answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
        and ".pdf" in answer["Content-Disposition"]
    )
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["Cache-Control"] == "private, no-store"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert stored.scan == Scan.NOT_REQUIRED and stored.uploaded_at is not None


# known_leak 38: paperless-ngx pull/12838, a stored path that was absolute or left its folder. No path is stored here.
@pytest.mark.known_leak(38)
def test_a_file_lies_where_its_number_says_whatever_it_is_called(settings: LazySettings) -> None:
    for name in ("../../../etc/passwd", "/etc/passwd", "a/../../b.pdf", "..\\..\\windows.pdf"):
        stored = storage.receive(samples.note(name))
        place = Path(default_storage.path(stored.path)).resolve()
        assert place == Path(settings.MEDIA_ROOT).resolve() / stored.id.hex[:2] / stored.id.hex and place.is_file()
        assert place.stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"
    assert not {"path", "location", "file"} & {field.name for field in StoredFile._meta.get_fields()}


def test_the_web_server_is_told_what_to_send_where_it_can(settings: LazySettings) -> None:
    settings.FILES_ACCEL_PREFIX = "/kept-files/"
    stored = storage.receive(samples.note())
    answer = serving.response(stored)
    assert answer["X-Accel-Redirect"] == f"/kept-files/{stored.id.hex[:2]}/{stored.id.hex}"
    assert not answer.streaming and answer["Content-Disposition"] == 'attachment; filename="note.pdf"'
    assert answer["Content-Type"] == "application/pdf" and "sandbox" in answer["Content-Security-Policy"]


def test_an_organisation_has_a_quota_of_its_own(settings: LazySettings) -> None:
    mine, theirs = uuid4(), uuid4()
    settings.FILE_QUOTA_BYTES = 1000
    storage.receive(samples.note(), owner=mine)
    with pytest.raises(ValidationError, match="at most"):
        storage.receive(samples.note(), owner=mine)
    assert storage.receive(samples.note(), owner=theirs).owner == theirs
    assert StoredFile.objects.filter(owner=mine).count() == 1


def test_a_missing_file_is_withheld_and_not_a_fault() -> None:
    stored = storage.receive(samples.note())
    default_storage.delete(stored.path)
    with pytest.raises(serving.Withheld, match="missing"):
        serving.response(stored)


def aged(*rows: StoredFile) -> None:
    """Make content so old that its transaction has ended."""
    for stored in rows:
        old = time.time() - 2 * cleanup.YOUNG
        os.utime(default_storage.path(stored.path), (old, old))


def test_content_without_a_row_is_put_aside_after_a_day_and_never_removed() -> None:
    kept = storage.receive(samples.note())
    with transaction.atomic():
        lost = storage.receive(samples.note())
        young = storage.receive(samples.note())
        transaction.set_rollback(True)
    aged(kept, lost)
    assert cleanup.quarantine_orphans() >= 1
    assert [default_storage.exists(stored.path) for stored in (kept, lost, young)] == [True, False, True]
    aside = Path(default_storage.path(cleanup.QUARANTINE)) / lost.path
    assert hashlib.sha256(aside.read_bytes()).hexdigest() == lost.sha256
    assert aside.parent.parent.stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"
    assert cleanup.quarantine_orphans() == 0


def test_what_a_restored_database_did_not_know_comes_back_with_a_newer_one() -> None:
    stored = storage.receive(samples.note())
    aged(stored)
    with transaction.atomic():
        StoredFile.objects.filter(pk=stored.pk).delete()  # as in a database from before the upload
        tasks.tidy()
        assert not default_storage.exists(stored.path) and cleanup.bring_back() == 0
        transaction.set_rollback(True)  # as with the newer copy
    assert tasks.tidy() == 1 and default_storage.exists(stored.path)
    assert body(serving.response(stored))


# ── A full disk ──────────────────────────────────────────────────────────────
@contextmanager
def full_disk() -> Iterator[None]:
    """Let this process write no file beyond 100 bytes: the system refuses the rest, as a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def contents() -> set[Path]:
    return {path for path in Path(default_storage.path("")).rglob("*") if path.is_file()}


def test_on_a_full_disk_half_a_file_is_not_kept() -> None:
    cleaned = storage.clean(samples.note())
    before = contents()
    with full_disk(), pytest.raises(ValidationError, match="no space"):
        storage.keep(cleaned)
    assert contents() == before and not StoredFile.objects.exists()
    assert storage.keep(cleaned), "with room again the same file is kept"


@pytest.mark.parametrize("step", ["copy", "cleaning"])
def test_on_a_full_disk_a_file_is_refused_before_it_is_cleaned(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    left = set(Path(tempfile.gettempdir()).glob("portal-file-*"))
    if step == "cleaning":  # the copy fits, and what the cleaning process writes does not
        workshop = storage._workshop

        def confined(source: Path, target: Path, wanted: str) -> dict[str, object]:
            with full_disk():
                return workshop(source, target, wanted)

        monkeypatch.setattr(storage, "_workshop", confined)
        with pytest.raises(ValidationError, match="no space"):
            storage.receive(samples.note())
    else:
        with full_disk(), pytest.raises(ValidationError, match="no space"):
            storage.receive(samples.note())
    assert set(Path(tempfile.gettempdir()).glob("portal-file-*")) == left


def test_an_upload_that_finds_the_disk_full_is_refused_with_a_message() -> None:
    handler = CappedUploadHandler()
    with full_disk():
        handler.new_file("file", "note.pdf", "application/pdf", 100_000)
        for start in range(0, 100_000, 10_000):
            handler.receive_data_chunk(b"x" * 10_000, start)
        upload = handler.file_complete(100_000)
    with pytest.raises(ValidationError, match="no space"):
        storage.receive(upload)
