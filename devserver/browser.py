"""Finds a browser for the browser tests, or installs Playwright's (`python -m devserver.browser`)."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
PLAYWRIGHT_CACHES = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")


def find_browser() -> str | None:
    """Return the program to start: CHROMIUM if set, the system's browser, else Playwright's; None without any."""
    if os.environ.get("CHROMIUM"):
        return os.environ["CHROMIUM"]
    on_path = (shutil.which(name) for name in NAMES)
    installed = next((path for path in (*on_path, *MAC_APPLICATIONS) if path and os.access(path, os.X_OK)), None)
    return installed or _brought_by_playwright()


def _brought_by_playwright() -> str | None:
    """Return the newest browser in Playwright's own folder, None without one."""
    for cache in PLAYWRIGHT_CACHES:
        folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or cache).expanduser()
        found = [*folder.glob("chromium-*/chrome-*/chrome"), *folder.glob("chromium-*/chrome-*/*.app/Contents/MacOS/*")]
        if found:
            return str(max(found))
    return None


def main() -> int:
    """Install a browser if there is none; a failure is printed and not fatal, as browser tests are then skipped."""
    if find_browser():
        return 0
    print("No browser found; asking Playwright for one …", file=sys.stderr, flush=True)
    brought = subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False, timeout=600)
    if brought.returncode != 0:
        print("Tests in a browser are skipped: install Chromium to run them.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
