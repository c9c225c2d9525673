"""An upload while other files are being cleaned: page and API say to send it again, and the page keeps the text."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.urls import reverse

from assistance.documents.models import Document
from assistance.tests.cast import Cast
from files import turns
from files.models import StoredFile
from files.tests import samples
from portal.tests.api import ApiClients


def test_an_upload_while_others_are_cleaned_is_asked_for_again(
    cast: Cast, api_clients: ApiClients, sign_in: Any, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "WAIT", 0.1)
    settings.FILE_CLEANINGS = 1
    need = cast.need("put")
    client, address = sign_in("cted"), reverse("document-add", args=["need", need.pk])
    with turns.turn():
        page = client.post(address, {"title": "A long title of mine", "file": samples.note()})
        body = {"need": str(need.pk), "file": samples.note()}
        answer = api_clients.cted.post("documents/", body, format="multipart")
    assert page.status_code == 503 and page["Retry-After"] == "60"
    assert "A long title of mine" in page.content.decode() and "again in 1 minute" in page.content.decode()
    assert answer.status_code == 503 and answer["Retry-After"] == "60"
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [("file", "busy")]
    assert not Document.objects.exists() and not StoredFile.objects.exists()
    assert client.post(address, {"title": "A long title of mine", "file": samples.note()}).status_code == 302
