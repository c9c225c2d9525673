"""The title of a browser tab names the record in words, then by its code, so that tabs and history can be told apart."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from assistance.consents import transitions as consents
from assistance.documents import transitions as documents
from assistance.tests.cast import Cast
from assistance.tests.reports import PDF

pytestmark = pytest.mark.django_db


def title(client: Client, address: str) -> str:
    body = client.get(address).content.decode()
    return body[body.index("<title>") + 7 : body.index("</title>")].removesuffix(
        " · Counter-Terrorism Assistance Portal"
    )


@pytest.mark.turns(days=3)
def test_the_tab_of_every_record_names_it_in_words_and_then_by_its_code(cast: Cast, sign_in: Any) -> None:
    visit = cast.visit()
    section, match, offer, project = cast.section(visit), cast.match(), cast.offer(), cast.project()
    need = match.need
    consent = consents.release(actor=cast.carana, rows=[section])
    document = documents.attach(
        actor=cast.carana, parent=need, title="Annex", file=SimpleUploadedFile("annex.pdf", PDF)
    )  # fmt: skip
    client = sign_in("carana")
    expected = {
        need: need.title, match: need.title, offer: offer.title, project: project.title, section: section.title,
        visit: "Visit to Carana", document: "Annex", consent: f"Release of “{section.title}” (report section)",
    }  # fmt: skip
    for row, words in expected.items():
        assert title(client, row.get_absolute_url()) == f"{words} · {row.reference}"
    code = f"{need.title} · {need.reference}"
    assert title(client, reverse("need-decide", args=[need.pk])).endswith(f": {code}")
    assert title(client, reverse("need-withdraw", args=[need.pk])) == f"Withdraw consent · {code}"
    assert title(client, reverse("need-as", args=[need.pk])) == f"Preview as another organization · {code}"
    assert title(client, reverse("document-add", args=["need", need.pk])).endswith(f" · {code}")
    assert title(sign_in("cted"), reverse("match-propose", args=[need.pk])).endswith(f" · {code}")
