"""Serves static files in tests as in production, but finds them once per process instead of once per client."""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware

_found: dict[tuple[Any, ...], dict[str, Any]] = {}


class StaticFiles(WhiteNoiseMiddleware):
    """WhiteNoise with a cache: every new test client builds its own, and each would stat some 250 files at first."""

    def add_files_from_finders(self) -> None:
        """Add the files of the apps, found once for each combination of the options their headers depend on."""
        key = (self.static_prefix, self.max_age, self.allow_all_origins, self.charset, self.add_headers_function)
        if key not in _found:
            super().add_files_from_finders()
            _found[key] = dict(self.files)
        self.files.update(_found[key])
