"""The way in: every file is cleaned in the workshop, counted against its owner's quota, and kept by its number."""

import hashlib
import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass
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
from files.errors import SENTENCES
from files.models import Scan, StoredFile
from files.names import normal_name

log = logging.getLogger(__name__)

SECONDS = 20  # of processor; the clock on the wall may show half as much again
MEMORY = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Cleaned:
    """A file as it will be kept, lying on disk under no name until then."""

    content: IO[bytes]
    media_type: str
    name: str
    size: int
    sha256: str


def receive(upload: File, *, owner: UUID | None = None) -> StoredFile:
    """Clean and keep a file. Returns its row; raises ValidationError in words that say what to do."""
    return keep(clean(upload), owner=owner)


def clean(upload: File) -> Cleaned:
    """Return the file as it may be kept; nothing is kept yet, so no lock need be held meanwhile.

    Raises ValidationError: empty, too large, or refused by the workshop.
    """
    _check_size(upload.size or 0)
    with tempfile.TemporaryDirectory(prefix="portal-file-") as folder:
        source, target = Path(folder, "source"), Path(folder, "target")
        with source.open("wb") as copy:
            for chunk in upload.chunks():
                copy.write(chunk)
        said = _workshop(source, target)
        if "refused" in said:
            raise ValidationError(SENTENCES[said["refused"]], code=said["refused"])
        content = target.open("rb")  # stays readable when its folder is gone
    size = content.seek(0, 2)
    _check_size(size)
    content.seek(0)
    digest = hashlib.file_digest(content, "sha256").hexdigest()
    name = normal_name(upload.name or "", said["media_type"])
    return Cleaned(content, said["media_type"], name, size, digest)


def keep(cleaned: Cleaned, *, owner: UUID | None = None) -> StoredFile:
    """Keep a cleaned file. Returns its row; raises ValidationError when it no longer fits into the owner's quota.

    A file whose transaction is undone lies on disk without a row until `tidying` finds it.
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
        cleaned.content.seek(0)
        default_storage.save(stored.path, File(cleaned.content))
        stored.save(force_insert=True)
    if scan == Scan.PENDING:
        transaction.on_commit(scanning.ring)
    return stored


def _check_size(size: int) -> None:
    if not size:
        raise ValidationError(_("The file is empty."), code="empty")
    if size > settings.FILE_MAX_BYTES:
        sizes = {"size": filesizeformat(size), "most": filesizeformat(settings.FILE_MAX_BYTES)}
        raise ValidationError(_("The file has %(size)s; at most %(most)s can be attached.") % sizes, code="large")


def _workshop(source: Path, target: Path) -> dict[str, Any]:
    """Let a process of its own, with bounds on memory and time, clean the file. Returns what it says."""
    limits = (settings.FILE_MAX_PIXELS, SECONDS, MEMORY)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "files.cleaning", source, target, *map(str, limits)],
            cwd=settings.BASE_DIR, env={"LC_ALL": "C.UTF-8"}, capture_output=True, timeout=SECONDS * 1.5, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return {"refused": "costly"}
    if done.returncode:  # killed at a limit, or broken down: what it had to say may name the content
        log.warning("A file was refused: the workshop ended with code %s.", done.returncode)
        return {"refused": "costly"}
    return dict(json.loads(done.stdout))


def _check_quota(owner: UUID, size: int) -> None:
    """Raise ValidationError when this owner's files, with one more of this size, would be too much. One at a time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"files of {owner}"])
    used = StoredFile.objects.filter(owner=owner).aggregate(total=Sum("size"))["total"] or 0
    if used + size > settings.FILE_QUOTA_BYTES:
        sizes = {"used": filesizeformat(used), "most": filesizeformat(settings.FILE_QUOTA_BYTES)}
        message = _("Your organisation has attached %(used)s of at most %(most)s. Ask UNOCT for more room.")
        raise ValidationError(message % sizes, code="quota")
