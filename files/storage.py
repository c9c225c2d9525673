"""Stores uploads: each file is cleaned in the sandboxed process, counted against its owner's quota and stored by id."""

import hashlib
import json
import logging
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.db.models import Sum
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from files import scanning
from files.errors import NO_ROOM, SENTENCES
from files.models import Scan, StoredFile
from files.names import normal_name
from files.turns import turn

log = logging.getLogger(__name__)

SECONDS = 20  # of processor time; wall-clock time may be half as much again
MEMORY = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Cleaned:
    """A cleaned file, in an unnamed file on disk until it is stored."""

    content: IO[bytes]
    media_type: str
    name: str
    size: int
    sha256: str


def receive(upload: File, *, owner: UUID | None = None) -> StoredFile:
    """Clean and store a file. Returns its row; raises ValidationError with a message that says what to do, or Busy."""
    return keep(clean(upload), owner=owner)


def clean(upload: File) -> Cleaned:
    """Return the cleaned file; nothing is stored yet, so the caller need not hold a lock meanwhile.

    Raises ValidationError: empty, too large, or refused by the cleaning process; Busy when others are being cleaned.
    """
    content, media_type = cleaned_as(upload, "file")
    size = content.seek(0, 2)
    _check_size(size)
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    return Cleaned(content, media_type, normal_name(upload.name or "", media_type), size, digest)


def cleaned_as(upload: File, wanted: str) -> tuple[BufferedReader, str]:
    """Return what the cleaning process makes of a file (`file` or `cells`), and the media type of the file.

    Raises ValidationError: empty, too large, or refused by the cleaning process; Busy when others are being cleaned.
    """
    if getattr(upload, "is_incomplete", False):
        raise ValidationError(NO_ROOM, code="no_room")
    _check_size(upload.size or 0)
    with _room(), tempfile.TemporaryDirectory(prefix="portal-file-") as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        with source.open("wb") as copy:
            for chunk in upload.chunks():
                copy.write(chunk)
        with turn():
            said = _workshop(source, target, wanted)
        if "refused" in said:
            raise ValidationError(SENTENCES[said["refused"]], code=said["refused"])
        return target.open("rb"), said["media_type"]  # stays readable when its folder is removed


def keep(cleaned: Cleaned, *, owner: UUID | None = None) -> StoredFile:
    """Store a cleaned file. Returns its row; raises ValidationError when it exceeds the owner's quota.

    A file whose transaction is rolled back stays on disk without a row until `cleanup.quarantine_orphans` moves it.
    """
    scan = Scan.PENDING if settings.CLAMAV else Scan.NOT_REQUIRED
    stored = StoredFile(
        owner=owner,
        name=cleaned.name,
        media_type=cleaned.media_type,
        size=cleaned.size,
        sha256=cleaned.sha256,
        scan=scan,
    )
    with transaction.atomic():
        if owner is not None:
            _check_quota(owner, cleaned.size)
        _write(cleaned.content, stored.path)
        stored.save(force_insert=True)
    if scan == Scan.PENDING:
        transaction.on_commit(scanning.ring)
    return stored


@contextmanager
def _room() -> Iterator[None]:
    """Turn a disk that takes nothing more (full, over its quota, read-only) into a message for the sender."""
    try:
        yield
    except OSError as error:
        log.error("A file cannot be written (%s).", error.strerror)
        raise ValidationError(NO_ROOM, code="no_room") from error


def _write(content: IO[bytes], path: str) -> None:
    """Write a file to the store, or nothing of it. Raises ValidationError if there is no room."""
    content.seek(0)
    with _room():
        try:
            default_storage.save(path, File(content))
        except OSError:
            default_storage.delete(path)
            raise


def _check_size(size: int) -> None:
    if not size:
        raise ValidationError(_("The file is empty."), code="empty")
    if size > settings.FILE_MAX_BYTES:
        sizes = {"size": filesizeformat(size), "most": filesizeformat(settings.FILE_MAX_BYTES)}
        raise ValidationError(
            _("The file is %(size)s. The limit is %(most)s. Attach a smaller file.") % sizes, code="large"
        )


def _workshop(source: Path, target: Path, wanted: str) -> dict[str, Any]:
    """Clean the file in a process of its own, with limits on memory and time. Returns what it reports."""
    limits = (settings.FILE_MAX_PIXELS, SECONDS, MEMORY)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "files.cleaning", source, target, *map(str, limits), wanted],
            cwd=settings.BASE_DIR, env={"LC_ALL": "C.UTF-8"}, capture_output=True, timeout=SECONDS * 1.5, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"refused": "costly"}
    if done.returncode:  # killed at a limit, or crashed: its output may contain the file's content
        log.warning("A file was refused: the workshop ended with code %s.", done.returncode)
        return {"refused": "costly"}
    return dict(json.loads(done.stdout))


def _check_quota(owner: UUID, size: int) -> None:
    """Raise ValidationError if the owner's files and this size exceed the quota; serialised by a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files of {owner}"])
    used = StoredFile.objects.filter(owner=owner).aggregate(total=Sum("size"))["total"] or 0
    if used + size > settings.FILE_QUOTA_BYTES:
        sizes = {"used": filesizeformat(used), "most": filesizeformat(settings.FILE_QUOTA_BYTES)}
        message = _("Your organization has attached %(used)s of at most %(most)s. Ask UNOCT for more space.")
        raise ValidationError(message % sizes, code="quota")
