"""Serves files: the caller has checked the right; each download is logged and sent as an attachment."""

import logging

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from audit import log
from files.models import Scan, StoredFile

logger = logging.getLogger(__name__)


class Withheld(Exception):
    """The reader has a right to this file, but it cannot be served now; the message says why (409)."""


WHY = {
    Scan.INFECTED: _("The scan found harmful content in this file. The file is stored but cannot be opened."),
    Scan.FAILED: _("The file has not been scanned yet: the scanner could not be reached. Try again later."),
}
WAITING = _("The file is still being scanned. Try again in 1 minute.")
MISSING = _("The file is missing from storage. Contact the administrators of the portal.")


def response(stored: StoredFile) -> HttpResponseBase:
    """Return the response with the file. Raises Withheld when it is unscanned, harmful, or missing.

    With FILES_ACCEL_PREFIX the front web server sends the content (docs/files.md), else this process does.
    """
    if not stored.may_leave:
        raise Withheld(WHY.get(Scan(stored.scan), WAITING))
    if not default_storage.exists(stored.path):
        logger.error("The content of file %s is missing.", stored.pk)
        raise Withheld(MISSING)
    log.read([stored])
    answer: HttpResponseBase
    if settings.FILES_ACCEL_PREFIX:
        answer = HttpResponse(headers={"X-Accel-Redirect": settings.FILES_ACCEL_PREFIX + stored.path})
    else:
        answer = FileResponse(default_storage.open(stored.path))
        answer["Content-Length"] = str(stored.size)
    answer["Content-Type"] = stored.media_type
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=stored.name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer
