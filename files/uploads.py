"""Upload handling: files go to disk, and no file takes more space than the limit."""

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class CappedUploadHandler(TemporaryFileUploadHandler):
    """Stores no more of a file than the limit, and reads on, so that the rest of the form is not lost."""

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
