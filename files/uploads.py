"""Upload handling: files go to disk, and no file takes more space than the limit."""

from io import BytesIO
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class IncompleteFile(InMemoryUploadedFile):
    """Stands for an upload that could not be written; `files.storage` refuses it."""

    is_incomplete = True


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Stores no more of a file than the limit, and reads on, so that the rest of the form is not lost."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.received = 0
        try:
            super().new_file(*args, **kwargs)
        except OSError:
            self._give_up()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received <= settings.FILE_MAX_BYTES:
            try:
                self.file.write(raw_data)
            except OSError:
                self.file.close()
                self._give_up()

    def file_complete(self, file_size: int) -> Any:
        self.file.seek(0)
        self.file.size = self.received
        return self.file

    def _give_up(self) -> None:
        """Go on with an empty file marked as incomplete, as the disk takes nothing more; storage refuses it."""
        self.file: Any = IncompleteFile(
            BytesIO(), self.field_name, self.file_name, self.content_type, 0, self.charset, self.content_type_extra
        )
        self.received = settings.FILE_MAX_BYTES
