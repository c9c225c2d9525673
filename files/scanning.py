"""The optional virus scanner, a ClamAV daemon used through its own protocol; one layer of protection among several."""

import logging

import clamd
from celery import current_app
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from kombu.exceptions import OperationalError

from files.models import UNSCANNED, Scan, StoredFile

log = logging.getLogger(__name__)

TASK = "files.tasks.scan"
TIMEOUT = 25  # seconds for one file


def ring() -> None:
    """Notify the workers that a file waits; if this fails, the periodic task finds it."""
    try:
        current_app.send_task(TASK, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        log.warning("The broker does not answer; the scan waits (%s).", type(error).__name__)


def scanner() -> clamd.ClamdUnixSocket:
    """Return a connection to the daemon that the setting CLAMAV names: a path, or host:port."""
    host, colon, port = settings.CLAMAV.rpartition(":")
    if colon and port.isdecimal():
        return clamd.ClamdNetworkSocket(host.strip("[]"), int(port), timeout=TIMEOUT)
    return clamd.ClamdUnixSocket(settings.CLAMAV, timeout=TIMEOUT)


def scan_waiting() -> int:
    """Scan waiting files, oldest first, also those stored while there was no scanner. Returns how many were scanned.

    Two workers never scan the same file. After the first failure the rest waits for the next call, which begins with
    those never tried.
    """
    answered = 0
    while settings.CLAMAV:
        with transaction.atomic():
            waiting = StoredFile.objects.filter(scan__in=UNSCANNED).select_for_update(skip_locked=True)
            stored = waiting.order_by(F("scanned_at").asc(nulls_first=True), "uploaded_at").first()
            if stored is None:
                break
            stored.scan, stored.scanned_at = _ask(stored), timezone.now()
            stored.save(update_fields=["scan", "scanned_at"])
        if stored.scan == Scan.FAILED:
            break
        answered += 1
    return answered


def _ask(stored: StoredFile) -> Scan:
    try:
        with default_storage.open(stored.path) as content:
            verdict = scanner().instream(content)["stream"][0]
    except (clamd.ClamdError, OSError, ValueError, TypeError, KeyError) as error:
        log.error("The scanner gave no answer about file %s (%s).", stored.pk, type(error).__name__)
        return Scan.FAILED
    if verdict == "FOUND":
        log.error("The scanner found file %s harmful.", stored.pk)
        return Scan.INFECTED
    return Scan.CLEAN if verdict == "OK" else Scan.FAILED
