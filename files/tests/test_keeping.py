"""Files are stored by id, within a quota, and served as attachments that no browser executes."""

import hashlib
import os
import time
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import HttpResponseBase

from files import cleanup, serving, storage
from files.models import Scan, StoredFile
from files.tests import samples

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


def test_content_whose_transaction_was_undone_is_removed_after_a_day() -> None:
    kept = storage.receive(samples.note())
    with transaction.atomic():
        lost = storage.receive(samples.note())
        young = storage.receive(samples.note())
        transaction.set_rollback(True)
    for stored in (kept, lost):
        old = time.time() - 2 * cleanup.YOUNG
        os.utime(default_storage.path(stored.path), (old, old))
    assert cleanup.remove_orphans() >= 1
    assert [default_storage.exists(stored.path) for stored in (kept, lost, young)] == [True, False, True]
