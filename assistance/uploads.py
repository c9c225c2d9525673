"""Files people attach: at most so large, and of a kind we expect. Anything else is refused at its field."""

import unicodedata
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# What the first bytes of a file of each kind are. The name a sender gives a file says nothing.
SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Keeps no more of a file than the limit, and goes on reading: the rest of the form is not lost with it."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= settings.FILE_MAX_BYTES:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> Any:
        self.file.seek(0)
        self.file.size = self.received
        return self.file


def content_type(upload: File) -> str | None:
    """Return the media type by the file's first bytes, or None for a kind we do not take."""
    upload.seek(0)
    head = upload.read(16)
    upload.seek(0)
    return next((kind for signature, kind in SIGNATURES.items() if head.startswith(signature)), None)


# The ending a file leaves with, whatever its sender called it: no system opens it as anything but what it is.
ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


def download_name(name: str, kind: str | None, default: str) -> str:
    """Return a file name without folders, control or direction marks, ending as its kind does."""
    plain = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C").replace("\\", "/")
    stem = PurePath(plain).name.rstrip(". ")
    for ending in (*ENDINGS.values(), ".jpeg"):
        stem = stem[: -len(ending)] if stem.lower().endswith(ending) else stem
    return (stem.strip(". ") or default) + ENDINGS.get(kind or "", ".bin")


def check_file(upload: UploadedFile) -> None:
    """Raise ValidationError for a file that is empty, too large, or not PDF, JPEG or PNG."""
    if not upload.size:
        raise ValidationError(_("The file is empty."))
    if upload.size > settings.FILE_MAX_BYTES:
        raise ValidationError(
            _("The file has %(size)s; at most %(most)s can be attached.")
            % {"size": filesizeformat(upload.size), "most": filesizeformat(settings.FILE_MAX_BYTES)}
        )
    if content_type(upload) is None:
        raise ValidationError(_("Attach a PDF, JPEG or PNG file."))
