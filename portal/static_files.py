"""Storage of static files, readable for the web server's user whoever has collected them."""

import os
from collections.abc import Iterable, Iterator
from typing import Any

from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ReadableStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage, with the permissions of other files for compressed copies, whatever the umask."""

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Compress these files; yield the name of each with that of its copy."""
        for name, compressed in super().compress_files(paths):
            os.chmod(self.path(compressed), self.file_permissions_mode)
            yield name, compressed

    def create_compressor(self, **options: Any) -> Compressor:
        """Return a compressor that skips source maps, which only developer tools read: this halves the time."""
        left_alone = (*Compressor.SKIP_COMPRESS_EXTENSIONS, "map")
        return super().create_compressor(**(options | {"extensions": left_alone}))
