"""How static files are stored, so that whoever runs the web server can read what somebody else has collected."""

import os
from collections.abc import Iterable, Iterator

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ReadableStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, whose compressed copies have the permissions of the other files, whatever the umask."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress these files; yield the name of each with that of its copy."""
        for name, compressed in super().compress_files(paths):
            os.chmod(self.path(compressed), self.file_permissions_mode)
            yield name, compressed
