"""How static files are stored, so that whoever runs the web server can read what somebody else has collected."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ReadableStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, whose compressed copies have the permissions of the other files, whatever the umask."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress these files; yield the name of each with that of its copy."""
        for name, compressed in super().compress_files(paths):
            os.chmod(self.path(compressed), self.file_permissions_mode)
            yield name, compressed

    def create_compressor(self, **options: Any) -> Compressor:
        """Return a compressor that leaves source maps as they are: half of the time, for what only tools read."""
        left_alone = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
        return super().create_compressor(**(options | {"extensions": left_alone}))
