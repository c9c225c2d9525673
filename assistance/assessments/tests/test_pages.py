"""Pages of assessments: recording, the steps, what is refused and in which words, lists, and Arabic."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assistance.assessments import comments, transitions
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.tests import assessments as made
from assistance.consents import transitions as consents
from assistance.tests.cast import MEMBERS, Cast
from assistance.tests.pages import errors_at, sign_in, statements, words
from assistance.workflow import editing
from web.exceptions import Conflict, Invalid

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


# ── Recording ──
@pytest.mark.parametrize("name", MEMBERS)
def test_entities_of_the_compact_record_assessments(cast: Cast, client: Client, name: str) -> None:
    sign_in(client, cast, name)
    may = name in ("unodc", "iom", "unoct")
    page = client.get(reverse("assessments"))
    assert (reverse("assessment-add") in page.content.decode()) == may
    answer = client.post(reverse("assessment-add"), made.filled(cast, name if may else "unodc"))
    assert answer.status_code == (302 if may else 403)
    assert Assessment.objects.exists() == may == AssessmentLine.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2026-03-01"}, "ends_on"),
        ({"is_public": "on"}, "public_link"),
        ({"public_link": "javascript:alert(1)"}, "public_link"),
        ({"public_link": "ftp://reports.example.org"}, "public_link"),
        ({"title": "x" * 301}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"themes": []}, "themes"),
        ({"kind": "surprise"}, "kind"),
        ({"same_as": "00000000-0000-4000-8000-000000000000"}, "same_as"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(cast: Cast, client: Client, changes: dict[str, Any], field: str) -> None:
    sign_in(client, cast, "unodc")
    answer = client.post(reverse("assessment-add"), made.filled(cast, **changes))
    assert errors_at(answer, field) and not Assessment.objects.exists()


def test_no_other_entity_is_named(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "unodc")
    assert errors_at(client.post(reverse("assessment-add"), made.filled(cast, "iom")), "entity")
    with pytest.raises(Invalid) as refused:
        editing.create(
            actor=cast.unoct,
            model=Assessment,
            values=made.values_of(cast, entity=cast.org("unoct"), state=cast.org("iom")),
        )
    assert set(refused.value.errors) == {"state"}


def test_state_and_entity_stay_once_others_know_of_it(cast: Cast) -> None:
    row = made.assessment(cast)
    sumora = {"state": cast.org("sumora")}
    row = editing.edit(actor=cast.unodc, model=Assessment, pk=row.pk, values=sumora)
    assert made.line(row).state == cast.org("sumora")
    comments.add(actor=cast.sumora, assessment=row.pk, text="Welcome.")
    with pytest.raises(Invalid) as refused:
        editing.edit(actor=cast.unodc, model=Assessment, pk=row.pk, values={"state": cast.org("carana")})
    assert set(refused.value.errors) == {"state"}


def test_a_released_text_stays_until_the_release_is_withdrawn(cast: Cast, client: Client) -> None:
    row = made.released(cast)
    sign_in(client, cast, "unodc")
    for url in (reverse("assessment-edit", args=[row.pk]), reverse("assessment-finding", args=[row.pk])):
        answer = client.get(url)
        assert answer.status_code == 409 and "after a withdrawal" in words(answer)
    consents.withdraw(actor=cast.carana, rows=[row])
    assert client.get(reverse("assessment-edit", args=[row.pk])).status_code == 200


# ── Steps ──
def test_the_entity_starts_and_finishes_and_the_state_reads_along(cast: Cast, client: Client) -> None:
    row = made.assessment(cast)
    sign_in(client, cast, "unodc")
    for step in ("start", "finish"):
        url = reverse("assessment-transition", args=[row.pk, step])
        assert "Security of airports" in words(client.get(url))
        assert client.post(url, {}).status_code == 302
    row.refresh_from_db()
    assert row.status == "done"
    sign_in(client, cast, "observer")
    text = words(client.get(reverse("assessment", args=[row.pk])))
    assert "Assessment finished" in text and "Two airports were audited." in text


def test_steps_before_their_day_are_refused(cast: Cast) -> None:
    today = timezone.now().date()
    row = made.assessment(cast, starts_on=today + 5 * DAY, ends_on=today + 9 * DAY)
    with pytest.raises(Conflict, match="first day is in the future"):
        transitions.start(actor=cast.unodc, assessment=row.pk)
    row = made.assessment(cast, ends_on=today + 9 * DAY)
    transitions.start(actor=cast.unodc, assessment=row.pk)
    with pytest.raises(Conflict, match="last day is in the future"):
        transitions.finish(actor=cast.unodc, assessment=row.pk)


def test_a_cancelled_assessment_is_closed(cast: Cast, client: Client) -> None:
    row = made.assessment(cast)
    with pytest.raises(Invalid):
        transitions.cancel(actor=cast.unodc, assessment=row.pk, reason=" ")
    transitions.cancel(actor=cast.unodc, assessment=row.pk, reason="Postponed.")
    sign_in(client, cast, "unodc")
    assert client.get(reverse("assessment-edit", args=[row.pk])).status_code == 409
    answer = client.post(reverse("assessment-transition", args=[row.pk, "finish"]), {})
    assert answer.status_code == 409 and "Cancelled" in words(answer)


def test_the_state_comments_on_its_page(cast: Cast, client: Client) -> None:
    row = made.assessment(cast)
    sign_in(client, cast, "carana")
    url = reverse("assessment-comment", args=[row.pk])
    assert errors_at(client.post(url, {"text": " "}), "text")
    assert errors_at(client.post(url, {"text": "x" * 5_001}), "text")
    answer = client.post(url, {"text": "نعترض على العنوان."}, follow=True)
    assert "نعترض على العنوان." in words(answer)
    sign_in(client, cast, "observer")
    assert client.get(url).status_code == 403


def test_the_state_releases_and_previews(cast: Cast, client: Client) -> None:
    row = made.assessment(cast, "done")
    sign_in(client, cast, "carana")
    assert client.get(reverse("assessment-as", args=[row.pk])).status_code == 200
    page = client.get(reverse("assessment-as", args=[row.pk]), {"reader": "compact", "suppose": "on"})
    assert "Two airports were audited." in words(page) and "Comments" not in words(page)


# ── Lists ──
def test_the_list_takes_the_same_number_of_statements(cast: Cast, client: Client) -> None:
    sign_in(client, cast, "unodc")
    numbers = []
    for _times in range(2):
        first = made.assessment(cast)
        made.assessment(cast, who="iom", same_as=made.line(first))
        made.public(cast, who="iom")
        numbers.append([statements(client, reverse(name, args=args)) for name, args in PAGES])
    assert numbers[0] == numbers[1]


PAGES: tuple[tuple[str, list[Any]], ...] = (("assessments", []), ("state", ["carana"]), ("organisation", ["iom"]))


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("state=XCA", 2), ("state=XSU", 0), ("entity=iom", 1), ("kind=audit", 2), ("kind=other", 0), ("theme=border", 2),
        ("counted=once", 1), ("year=1999", 0), ("sort=-state", 2), ("sort=entity", 2), ("sort=kind", 2),
    ],
)  # fmt: skip
def test_the_list_is_filtered_and_sorted(cast: Cast, client: Client, query: str, number: int) -> None:
    first = made.assessment(cast)
    made.assessment(cast, who="iom", same_as=made.line(first))
    sign_in(client, cast, "unoct")
    page = client.get(f"{reverse('assessments')}?{query}")
    assert page.status_code == 200 and len(page.context["object_list"]) == number


def test_the_pages_speak_arabic(cast: Cast, client: Client) -> None:
    row = made.released(cast)
    sign_in(client, cast, "carana", language="ar")
    for url in (
        reverse("assessments"),
        row.get_absolute_url(),
        made.line(row).get_absolute_url(),
        reverse("state", args=["carana"]),
        reverse("assessment-comment", args=[row.pk]),
    ):
        page = client.get(url)
        assert page.status_code == 200 and 'dir="rtl"' in page.content.decode()
        assert "Audit" not in words(page) and "Finding" not in words(page), url
