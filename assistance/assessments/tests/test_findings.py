"""Findings, the needs that CTED makes of them, and evaluations that two entities record."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Delivery
from assistance.access import policy
from assistance.assessments import transitions
from assistance.assessments.lines import counted
from assistance.assessments.models import Assessment, AssessmentLine, Finding
from assistance.assessments.of_state import of_organisation
from assistance.assessments.tests import assessments as made
from assistance.needs import transitions as needs
from assistance.needs.models import Need
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import editing
from assistance.workflow.follow_choices import choose
from assistance.workflow.history import events_of
from entities.models import Theme
from web.exceptions import Conflict, Forbidden, Invalid

pytestmark = pytest.mark.django_db
DRAFTED = {"title": "Screening of staff", "assistance_type": "training", "priority": "high"}


def edit(cast: Cast, row: Assessment, who: str = "unodc", **values: Any) -> Assessment:
    return editing.edit(actor=getattr(cast, who), model=Assessment, pk=row.pk, values=values)


def sent(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return what the form of a finding sends."""
    return {"theme": "border", "framework": "legislative", "text": "No law.", "is_gap": "on", **changes}


# ── Findings ──
def test_findings_are_added_changed_and_removed_on_their_pages(cast: Cast, client: Client) -> None:
    row = made.assessment(cast)
    sign_in(client, cast, "unodc")
    assert client.post(reverse("assessment-finding", args=[row.pk]), sent(cast)).status_code == 302
    assert client.post(reverse("assessment-finding", args=[row.pk]), sent(cast, text="Second.")).status_code == 302
    first, second = Finding.objects.filter(assessment=row)
    assert (first.text, first.is_gap, second.number) == ("No law.", True, 2)
    url = reverse("finding-edit", args=[first.pk])
    assert "No law." in words(client.get(url))
    assert client.post(url, sent(cast, text="A draft law.", is_gap="")).status_code == 302
    first.refresh_from_db()
    assert (first.text, first.is_gap) == ("A draft law.", False)
    assert client.post(url, sent(cast, remove="on")).status_code == 302
    assert Finding.objects.get(assessment=row) == second
    second.refresh_from_db()
    row.refresh_from_db()
    assert (second.number, row.version) == (1, 5)


def test_what_is_missing_in_a_finding_is_said_at_its_field(cast: Cast, client: Client) -> None:
    row = made.assessment(cast)
    sign_in(client, cast, "unodc")
    answer = client.post(
        reverse("assessment-finding", args=[row.pk]), sent(cast, text=" \u200b", theme="nothing", framework="")
    )
    assert answer.status_code == 422
    assert all(errors_at(answer, name) for name in ("text", "theme", "framework"))
    answer = client.post(reverse("assessment-finding", args=[row.pk]), sent(cast, text="x" * 50_001))
    assert errors_at(answer, "text")
    shown = client.post(
        reverse("assessment-finding", args=[row.pk]), sent(cast, text="<script>1</script>"), follow=True
    )
    assert "<script>1</script>" in words(shown) and "<script>1" not in shown.content.decode()


def test_a_finding_that_is_not_seen_is_as_absent(cast: Cast, client: Client) -> None:
    row, other = made.assessment(cast), made.assessment(cast, "under_way")
    sign_in(client, cast, "iom")
    pages = [client.get(reverse("finding-edit", args=[key])) for key in (other.findings.get().pk, uuid4())]
    assert {page.status_code for page in pages} == {404}
    made.public(cast)
    shown = Finding.objects.get(assessment__is_public=True)
    assert client.get(reverse("finding-edit", args=[shown.pk])).status_code == 403
    with pytest.raises(Invalid) as refused:
        edit(cast, row, findings=[made.finding(cast, id=other.findings.get().pk)])
    assert set(refused.value.errors) == {"findings.0.id"}


def test_a_save_from_an_old_page_shows_both_texts(cast: Cast, client: Client) -> None:
    row = made.assessment(cast)
    sign_in(client, cast, "unodc")
    edit(cast, row, summary="Changed meanwhile.")
    answer = client.post(reverse("assessment-finding", args=[row.pk]), sent(cast, version="1"))
    assert answer.status_code == 409 and not row.findings.exists()


def test_the_same_findings_change_nothing(cast: Cast) -> None:
    row = made.assessment(cast, "under_way")
    given = made.finding(cast, id=row.findings.get().pk)
    assert edit(cast, row, findings=[given]).version == row.version
    assert edit(cast, row, findings=[{**given, "text": "Other."}]).version == row.version + 1


def test_an_assessment_has_at_most_a_hundred_findings(cast: Cast) -> None:
    row = made.assessment(cast)
    with pytest.raises(Invalid) as refused:
        edit(cast, row, findings=[made.finding(cast)] * 101)
    assert set(refused.value.errors) == {"findings"}


# ── Needs made of findings ──
def test_cted_makes_a_need_of_a_gap(cast: Cast, client: Client) -> None:
    row = made.released(cast, language="fr")
    finding = row.findings.get()
    sign_in(client, cast, "cted")
    url = reverse("assessment-transition", args=[row.pk, "propose-need"])
    assert "No screening of staff." in words(client.get(url))
    assert client.post(url, {**DRAFTED, "finding": str(finding.pk)}).status_code == 302
    need = Need.objects.get()
    assert (need.source, need.status, need.state, need.theme, need.language) == (
        "desk_survey", "draft", row.state, cast.theme, "fr",
    )  # fmt: skip
    assert need.description_fr == "No screening of staff." and need.pillar == cast.pillar
    assert need.title_fr in words(client.get(reverse("assessment", args=[row.pk])))
    for name in ("unodc", "carana", "iom"):
        sign_in(client, cast, name)
        assert need.reference not in words(client.get(reverse("assessment", args=[row.pk]))), "a draft is CTED's"


def test_the_state_is_told_and_cted_asked_until_the_need_is_sent(cast: Cast) -> None:
    cast.users["second"] = type(cast.users["cted"]).objects.create(email="second@example.org", name="second")
    from_cast = cast.users["cted"].appointments.get()
    type(from_cast).objects.create(
        user=cast.users["second"], organisation=from_cast.organisation, role=from_cast.role, since=from_cast.since,
        approved_at=from_cast.approved_at,
    )  # fmt: skip
    row = made.released(cast)
    transitions.propose_need(actor=cast.cted, assessment=row.pk, finding=row.findings.get(), **DRAFTED)
    told = Delivery.objects.filter(message="assessment_need_proposed", channel="portal")
    assert {(one.recipient.name, one.needs_action) for one in told} == {("second", True), ("carana", False)}
    needs.put_to_state(actor=cast.cted, need=Need.objects.get().pk)
    assert not told.filter(needs_action=True, done_at=None).exists()


@pytest.mark.parametrize("make", [made.released, made.public])
def test_other_readers_are_not_told_that_a_need_was_drafted(cast: Cast, make: Any) -> None:
    row = make(cast)
    for name in ("iom", "unodc", "unoct"):
        choose(getattr(cast, name), {f"assessment:{row.pk}": "followed", f"state:{row.state_id}": "followed"})
    transitions.propose_need(actor=cast.cted, assessment=row.pk, finding=row.findings.get(), **DRAFTED)
    told = Delivery.objects.filter(message="assessment_need_proposed")
    assert {one.recipient.name for one in told} == {"carana"}
    for name in ("cted", "carana", "observer", "iom", "unodc", "unoct"):
        events = {event.name for event in events_of(getattr(cast, name), row)}
        assert "assessment_finished" in events
        assert ("assessment_need_proposed" in events) == (name in ("cted", "carana", "observer")), name
    viewed = replace(cast.carana, viewer=cast.iom)
    assert "assessment_need_proposed" not in {event.name for event in events_of(viewed, row)}


@pytest.mark.parametrize(
    ("values", "at"), [({"finding": uuid4()}, "finding"), ({"is_gap": False}, "finding"), ({"pillar": None}, "pillar")]
)
def test_a_need_is_made_of_a_gap_with_a_pillar_only(cast: Cast, values: dict[str, Any], at: str) -> None:
    cross = Theme.objects.create(code="cross", name="Across")
    found = [made.finding(cast), made.finding(cast, theme=cross, is_gap=values.get("is_gap", True), text="Across.")]
    row = made.released(cast, findings=found)
    finding = values.get("finding", row.findings.get(text="Across.").pk)
    with pytest.raises(Invalid) as refused:
        transitions.propose_need(actor=cast.cted, assessment=row.pk, finding=finding, **DRAFTED)
    assert set(refused.value.errors) == {at} and not Need.objects.exists()


def test_a_finding_makes_one_need_and_stays(cast: Cast) -> None:
    row = made.public(cast)
    finding = row.findings.get()
    transitions.propose_need(actor=cast.cted, assessment=row.pk, finding=finding, **DRAFTED)
    with pytest.raises(Conflict, match="no finding"):
        transitions.propose_need(actor=cast.cted, assessment=row.pk, finding=finding, **DRAFTED)
    with pytest.raises(Invalid) as refused:
        edit(cast, row, findings=[])
    assert set(refused.value.errors) == {"findings"}
    edit(cast, row, findings=[made.finding(cast, id=finding.pk, text="Put better.")])
    finding.refresh_from_db()
    assert finding.need and finding.text == "Put better."


def test_cted_makes_no_need_of_what_it_does_not_read(cast: Cast, client: Client) -> None:
    row = made.assessment(cast, "done")
    sign_in(client, cast, "cted")
    assert client.get(reverse("assessment-transition", args=[row.pk, "propose-need"])).status_code == 404
    released = made.released(cast)
    with pytest.raises(Forbidden):
        transitions.propose_need(actor=cast.iom, assessment=released.pk, finding=released.findings.get(), **DRAFTED)


# ── The same evaluation ──
def test_two_records_of_one_evaluation_count_once(cast: Cast) -> None:
    first = made.assessment(cast)
    second = made.assessment(cast, who="iom", same_as=made.line(first))
    lines = policy.visible(cast.unoct, AssessmentLine)
    assert lines.count() == 2 and counted(lines).get() == made.line(first)
    shown = of_organisation(cast.unoct, cast.org("carana"))
    assert shown["number"] == 1 and [one["also"] for one in shown["lines"]] == [["IOM"]]
    transitions.cancel(actor=cast.unodc, assessment=first.pk, reason="Postponed.")
    assert counted(policy.visible(cast.unoct, AssessmentLine)).get() == made.line(second)
    edit(cast, second, who="iom", summary="Still so.")
    assert made.line(second).same_as is None


def test_a_cancelled_assessment_does_not_count_for_those_who_see_its_line(cast: Cast) -> None:
    kept = made.assessment(cast)
    same = made.assessment(cast, who="iom", same_as=made.line(kept))
    cancelled = made.assessment(cast)
    for row, actor in ((cancelled, cast.unodc), (same, cast.iom)):
        transitions.cancel(actor=actor, assessment=row.pk, reason="Postponed.")
    for actor, page in ((cast.carana, "carana"), (cast.unodc, "unodc")):
        assert policy.visible(actor, AssessmentLine).filter(pk=made.line(cancelled).pk).exists()
        shown = of_organisation(actor, cast.org(page))
        assert (shown["number"], [(one["line"], one["also"]) for one in shown["lines"]]) == (1, [(made.line(kept), [])])
    assert of_organisation(cast.iom, cast.org("iom")) == {}
    assert counted(policy.visible(cast.carana, AssessmentLine)).get() == made.line(kept)


def test_what_cannot_be_the_same_is_refused(cast: Cast) -> None:
    first = made.assessment(cast)
    same = made.assessment(cast, who="iom", same_as=made.line(first))
    own, elsewhere = made.assessment(cast), made.assessment(cast, who="iom", state=cast.org("sumora"))
    for row, who, line in (
        (first, "unodc", made.line(own)),
        (first, "unodc", made.line(elsewhere)),
        (own, "unodc", made.line(same)),
        (first, "unodc", made.line(made.assessment(cast, who="iom"))),
    ):
        with pytest.raises(Invalid) as refused:
            edit(cast, row, who=who, same_as=line)
        assert set(refused.value.errors) == {"same_as"}


def test_the_form_offers_lines_of_others_only(cast: Cast, client: Client) -> None:
    first = made.assessment(cast)
    sign_in(client, cast, "iom")
    page = client.get(reverse("assessment-add"))
    assert str(made.line(first).pk) in page.content.decode() and "Security of airports" not in page.content.decode()
    sign_in(client, cast, "unodc")
    assert str(made.line(first).pk) not in client.get(reverse("assessment-add")).content.decode()
