"""The Celery app: its settings are the CELERY_… settings, its tasks are in each app's tasks.py."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from portal import database_role

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def check_database_role(**kwargs: Any) -> None:
    """Exit when the role of the database could pass its restrictions; Celery would only log another exception."""
    if settings.PRODUCTION:
        try:
            database_role.guard()
        except ImproperlyConfigured as error:
            raise SystemExit(str(error)) from error
