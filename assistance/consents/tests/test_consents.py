"""Consents and their notes verbales: readable by the State and CTED only, through every interface."""

import re
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assistance.access import audience_names
from assistance.access.audience_words import audience_groups
from assistance.consents import transitions as consents
from assistance.consents.models import Consent
from assistance.needs import transitions as needs
from assistance.tests.cast import Cast
from assistance.tests.reports import PDF, choice, release, reported_visit, second, soon
from assistance.visits.models import Visit
from entities.groups import COMPACT, DONORS


@pytest.fixture
def visit(cast: Cast) -> Visit:
    return reported_visit(cast)


# ── The note verbale ─────────────────────────────────────────────────────────
def test_a_file_far_too_large_is_refused_at_its_field_and_the_rest_is_kept(
    cast: Cast, sign_in: Any, visit: Visit, settings: LazySettings
) -> None:
    settings.FILE_MAX_BYTES = 200_000
    note = SimpleUploadedFile("note.pdf", PDF + b"x" * 5_000_000)
    address = reverse("visit-share", args=[visit.pk])
    answer = release(sign_in("carana"), address, second(visit), remark="Kept remark.", note_verbale=note)
    body = answer.content.decode()
    assert answer.status_code == 422 and not Consent.objects.exists()
    assert "The limit is" in answer.context["form"].errors["note_verbale"][0]
    assert "Kept remark." in body and "will be able to read section 2" in body, "the confirm page itself comes back"


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "empty"), (b"<html>", "Attach a PDF"), (b"MZ\x90", "Attach a PDF")]
)
def test_a_file_of_another_kind_is_refused(cast: Cast, sign_in: Any, visit: Visit, content: bytes, words: str) -> None:
    note = SimpleUploadedFile("note.pdf", content)
    answer = release(sign_in("carana"), reverse("visit-share", args=[visit.pk]), second(visit), note_verbale=note)
    assert answer.status_code == 422 and words in answer.context["form"].errors["note_verbale"][0]


def test_the_note_leaves_as_an_attachment_that_is_what_it_is(cast: Cast, sign_in: Any, visit: Visit) -> None:
    note = SimpleUploadedFile("../\u202enote.hta", PDF)
    consent = consents.release(actor=cast.carana, rows=[second(visit)], note_verbale=note)
    answer = sign_in("cted").get(reverse("note-verbale", args=[consent.pk]))
    assert b"(note) Tj" in b"".join(answer.streaming_content)
    assert answer["Content-Type"] == "application/pdf" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"] == 'attachment; filename="note.hta.pdf"'
    assert "no-store" in answer["Cache-Control"]


def test_hidden_and_absent_files_answer_the_same_bytes(cast: Cast, sign_in: Any, visit: Visit) -> None:
    without = consents.release(actor=cast.carana, rows=[second(visit)])
    kept = consents.release(actor=cast.carana, rows=[second(visit)], note_verbale=SimpleUploadedFile("note.pdf", PDF))
    client = sign_in("cted")

    def body(who: Client, pk: object) -> bytes:
        answer = who.get(reverse("note-verbale", args=[pk]))
        assert answer.status_code == 404
        return re.sub(rb'value="\w{64}"', b"", answer.content)  # the CSRF token differs each time

    absent = body(client, "00000000-0000-4000-8000-000000000000")
    assert body(client, without.pk) == absent
    hidden = sign_in("unodc")
    assert body(hidden, kept.pk) == body(hidden, "00000000-0000-4000-8000-000000000000")


# ── Decisions ────────────────────────────────────────────────────────────────
def test_consents_of_others_are_neither_listed_nor_counted(cast: Cast, sign_in: Any, visit: Visit) -> None:
    consent = consents.release(actor=cast.carana, rows=[second(visit)])
    for name, seen in (("carana", True), ("cted", True), ("sumora", False), ("unodc", False), ("unoct", False)):
        body = sign_in(name).get(reverse("consents")).content.decode()
        assert (consent.reference in body) is seen, name
        count = sign_in(name).get(f"{reverse('consents')}?part=count").content.decode()
        assert ("1 found" in count) is seen, name


def test_the_page_of_a_consent_says_who_when_to_whom_and_what_still_applies(
    cast: Cast, sign_in: Any, visit: Visit
) -> None:
    one, two = visit.sections.order_by("number")
    first = consents.release(actor=cast.carana, rows=[one, two], audience=["unodc", "donors"], until=soon())
    consents.withdraw(actor=cast.carana, rows=[two])
    body = sign_in("carana").get(reverse("consent", args=[first.pk])).content.decode()
    for word in (
        "Title-of-one",
        "Title-of-two",
        "Unodc",
        "Donor contacts",
        "Focal point",
        "carana",
        "Replaced by a later",
    ):
        assert word in body, word
    assert body.count("In force") == 1


def test_an_audience_is_named_in_words(cast: Cast) -> None:
    groups = audience_groups("compact")
    assert audience_names.names_of(groups) == ["UNOCT and Compact focal points"]
    assert audience_names.names_of({COMPACT, DONORS, cast.org("sumora").group_id}) == [
        "UNOCT and Compact focal points", "Donor contacts", "Sumora",
    ]  # fmt: skip
    assert audience_names.names_of([cast.org("unoct").group_id]) == ["Unoct"]
    assert audience_names.names_by_audience([None]) == {}


@pytest.mark.parametrize("name", ["cted", "carana"])
def test_the_list_costs_the_same_for_one_consent_and_for_three(
    cast: Cast, sign_in: Any, visit: Visit, name: str
) -> None:
    def cost() -> int:
        client = sign_in(name)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("consents")).status_code == 200
        return len(queries)

    rows = [*visit.sections.all(), visit.needs.get()]
    consents.release(actor=cast.carana, rows=rows)
    cost()  # reads the reference lists, which are kept
    single = cost()
    consents.release(actor=cast.carana, audience=["unodc", "sumora"], rows=rows)
    consents.withdraw(actor=cast.carana, rows=rows)
    assert cost() == single


def test_the_list_is_narrowed_by_its_address(cast: Cast, sign_in: Any, visit: Visit) -> None:
    given = consents.release(actor=cast.carana, rows=[second(visit)])
    taken = consents.withdraw(actor=cast.carana, rows=[second(visit)])
    client, address = sign_in("carana"), reverse("consents")
    assert [c.pk for c in client.get(address).context["page"]] == [taken.pk, given.pk]
    assert [c.pk for c in client.get(f"{address}?decision=granted").context["page"]] == [given.pk]
    for query, words in (
        ("state=%00", "Null characters are not allowed."),
        ("decision=%00", "Select a valid choice"),
        ("modified_since=x", "Enter a valid date/time."),
    ):
        answer = client.get(f"{address}?{query}")
        assert answer.status_code == 422 and words in answer.text, query
    for query in ("sort=%00", "cursor=%00"):
        assert client.get(f"{address}?{query}").status_code == 200, query


@pytest.mark.turns(2)
@pytest.mark.parametrize("language", ["ar", "zh-hans"])
def test_every_page_renders_in_other_languages(cast: Cast, sign_in: Any, visit: Visit, language: str) -> None:
    consent = consents.release(actor=cast.carana, rows=[second(visit)], until=soon())
    needs.close(actor=cast.cted, need=visit.needs.get().pk, reason="superseded")
    client = sign_in("carana")
    client.cookies["django_language"] = language
    for address in (
        reverse("consents"), reverse("consent", args=[consent.pk]), reverse("visit-share", args=[visit.pk]),
        reverse("section-withdraw", args=[second(visit).pk]), reverse("section-share", args=[second(visit).pk]),
    ):  # fmt: skip
        answer = client.get(address)
        assert answer.status_code == 200 and f'lang="{language}"' in answer.content.decode()
    assert client.post(reverse("visit-share", args=[visit.pk]), choice(second(visit))).status_code == 302
