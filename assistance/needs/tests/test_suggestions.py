"""Suggestions: offers and projects ranked for a need, why nobody fits, what is set aside, and needs that fit an offer."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assistance.needs import dismissals
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.dismissals import dismiss, undo
from assistance.needs.fitting import needs_that_fit
from assistance.needs.models import Dismissal, Match, Need
from assistance.needs.suggestions import nobody_because, score_of, suggestions_for
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.requests.models import AssistanceRequest
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow.models import Event
from entities.models import Instrument, Theme
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible

ABSENT = "00000000-0000-4000-8000-000000000000"


def page_of(need: Need) -> str:
    return reverse("need", args=[need.pk])


def parts_of(cast: Cast, who: str, need: Need, row: Any) -> dict[str, int]:
    """Return the parts of a score with their points, as one of the cast sees them."""
    found = score_of(getattr(cast, who), need, row)
    assert found is not None
    return {part.name: part.points for part in found.parts}


def declined(cast: Cast, need: Need) -> Match:
    """Return a match of unodc that CTED suggested and unodc declined."""
    match = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("unodc"), share=50)
    return matches.decline(actor=cast.unodc, match=match.pk, reason="No.", reason_code="no_capacity")


# ── Ranking ──
def test_offers_and_projects_are_ranked_together(cast: Cast, client: Client) -> None:
    need = cast.need("shared")
    offer, project = cast.offer(title="Our courses"), cast.project(title="Safer ports", themes=[cast.theme])
    cast.project(title="Elsewhere", themes=[cast.theme], states=[cast.org("sumora")])
    answer = ApiClients(cast).cted.get(f"needs/{need.pk}/suggestions/").json()
    assert [(one["kind"], one["id"], one["points"]) for one in answer["results"]] == [
        ("offer", str(offer.pk), 65), ("project", str(project.pk), 55),
    ]  # fmt: skip
    assert answer["nobody_because"] == [
        {
            "kind": "project", "rule": "place", "count": 1,
            "text": "1 project covers the theme, but takes place in other States.",
        }
    ]  # fmt: skip
    parts = {one["code"]: (one["verdict"], one["points"]) for one in answer["results"][1]["parts"]}
    assert parts["state_named"] == ("fits", 15) and parts["language"] == ("not_stated", 0)
    sign_in(client, cast, "cted")
    text = words(client.get(page_of(need)))
    for said in (
        "Our courses", "Safer ports", "65 of 100 points", "+30 Covers the theme of the need", "Suggest this provider",
        "Not suitable", "Languages not stated", "Why others do not fit",
    ):  # fmt: skip
        assert said in text, said
    assert "Elsewhere" not in text
    sign_in(client, cast, "unodc")
    assert "Propose assistance: Our courses" in words(client.get(page_of(need)))


def test_a_restricted_project_is_a_candidate_only_for_those_who_see_it(cast: Cast) -> None:
    need = cast.need("shared")
    hidden = cast.project(themes=[cast.theme], is_restricted=True)
    for name, sees in (("unodc", True), ("cted", False), ("iom", False)):
        actor = getattr(cast, name)
        assert ([one.row for one in suggestions_for(actor, need)] == [hidden]) is sees
        assert nobody_because(actor, need) == []
        assert bool(getattr(ApiClients(cast), name).get(f"needs/{need.pk}/suggestions/").json()["results"]) is sees


def test_what_a_provider_declined_counts_only_for_those_who_see_that_match(cast: Cast, client: Client) -> None:
    need, offer = cast.need("shared"), cast.offer()
    before = parts_of(cast, "iom", need, offer)
    declined(cast, need)
    assert parts_of(cast, "iom", need, offer) == before, "another provider learns nothing"
    for name in ("cted", "unodc"):
        assert parts_of(cast, name, need, offer) == {**before, "declined": -20}
    day = timezone.now().date()
    sign_in(client, cast, "cted")
    assert f"−20 Declined this need on {day.day} {day:%B %Y}" in words(client.get(page_of(need)))
    sign_in(client, cast, "iom")
    assert "Declined this need" not in words(client.get(page_of(need)))


def test_to_withdraw_or_be_declined_by_the_state_is_not_to_decline(cast: Cast) -> None:
    need, offer = cast.need("shared"), cast.offer()
    match = matches.propose(actor=cast.unodc, need=need.pk, offer=offer.pk, share=50)
    matches.decline(actor=cast.carana, match=match.pk, reason="Not now.")
    suggested = matches.propose(actor=cast.cted, need=need.pk, provider=cast.org("unodc"), share=50)
    matches.accept(actor=cast.unodc, match=suggested.pk)
    matches.decline(actor=cast.carana, match=suggested.pk, reason="Not now.")
    assert "declined" not in parts_of(cast, "cted", need, offer)


def test_verified_delivery_in_the_state_or_its_region_counts(cast: Cast) -> None:
    need, offer = cast.need("shared"), cast.offer()
    assert "delivered_state" not in parts_of(cast, "cted", need, offer)
    match = cast.match("delivered", need=cast.need("shared"))
    assert "delivered_state" not in parts_of(cast, "cted", need, offer), "reported is not verified"
    needs.verify(actor=cast.cted, need=match.need_id, outcome="met", note="Done.")
    assert parts_of(cast, "cted", need, offer)["delivered_state"] == 5
    abroad = cast.need("draft", state=cast.org("sumora"))
    assert parts_of(cast, "cted", abroad, offer)["delivered_region"] == 5


def test_a_need_under_the_same_instrument_counts(cast: Cast) -> None:
    instrument = Instrument.objects.create(slug="2396", symbol="S/RES/2396 (2017)", kind="resolution")
    need, offer = cast.need("shared", instrument=instrument), cast.offer()
    assert parts_of(cast, "cted", need, offer)["instrument"] == 0
    match = matches.propose(actor=cast.unodc, need=need.pk, offer=offer.pk, share=10)
    assert parts_of(cast, "cted", need, offer)["instrument"] == 0, "proposed is not accepted"
    matches.accept(actor=cast.carana, match=match.pk)
    assert parts_of(cast, "cted", need, offer)["instrument"] == 10
    project = cast.project(themes=[cast.theme], needs=[need])
    assert parts_of(cast, "cted", need, project)["instrument"] == 10
    assert "instrument" not in parts_of(cast, "cted", cast.need("shared"), offer), "the need names none"


def test_free_capacity_is_told_to_the_provider_cted_and_unoct(cast: Cast) -> None:
    need, offer = cast.need("shared"), cast.offer(places=20)
    match = matches.propose(actor=cast.unodc, need=cast.need("shared").pk, offer=offer.pk, share=10, reserved_places=20)
    matches.accept(actor=cast.carana, match=match.pk)
    for name, free, points in (("cted", 0, 0), ("unodc", 0, 0), ("unoct", 0, 0), ("iom", 20, 5)):
        assert parts_of(cast, name, need, offer)["capacity"] == points, name
        [one] = getattr(ApiClients(cast), name).get(f"needs/{need.pk}/suggestions/").json()["results"]
        assert one["free"] == {"places": free, "expert_days": None, "amount": None}
        assert one["free_is_known"] is (name != "iom")


def test_what_is_asked_is_the_quantity_of_the_request(cast: Cast) -> None:
    need, offer = cast.need("shared", source="request"), cast.offer(places=20)
    made = AssistanceRequest.objects.create(
        state=need.state, title="Training", quantity=21, unit="people", created_by=cast.users["carana"],
        audience=need.audience, owners=need.owners,
    )  # fmt: skip
    made.needs.add(need)
    assert parts_of(cast, "cted", need, offer)["capacity"] == 0
    AssistanceRequest.objects.filter(pk=made.pk).update(quantity=20)
    assert parts_of(cast, "cted", need, offer)["capacity"] == 5
    AssistanceRequest.objects.filter(pk=made.pk).update(quantity=500, unit="laws")
    assert parts_of(cast, "cted", need, offer)["capacity"] == 5, "laws are no capacity of an offer"


# ── Nobody fits ──
def test_where_nobody_fits_the_page_says_why(cast: Cast, client: Client) -> None:
    other = Theme.objects.create(code="other", name="Other", pillar=cast.pillar)
    need = cast.need("shared")
    sign_in(client, cast, "cted")
    assert "You see no published offer" in words(client.get(page_of(need)))
    for _ in range(2):
        cast.offer(for_states=[cast.org("sumora")])
    cast.offer(themes=[other], assistance_types=["equipment"])
    over = cast.offer()
    Offer.objects.filter(pk=over.pk).update(closes_on=timezone.now().date() - timedelta(days=3))
    cast.offer(published=False)
    text = words(client.get(page_of(need)))
    assert "Nobody fits because" in text and "No offer and no project fits yet" in text
    assert "2 offers cover the theme or the type of assistance, but none is open to this State or its region." in text
    assert "1 offer covers neither the theme nor the type of assistance." in text
    assert "1 offer would fit, but its availability has ended." in text
    rules = [
        (one["rule"], one["count"])
        for one in ApiClients(cast).cted.get(f"needs/{need.pk}/suggestions/").json()["nobody_because"]
    ]
    assert rules == [("theme", 1), ("place", 2), ("time", 1)]


def test_offers_that_the_reader_does_not_see_are_not_counted(cast: Cast) -> None:
    need = cast.need("shared")
    cast.offer(visible_to_named_only=True, for_states=[cast.org("sumora")])
    assert [one.count for one in nobody_because(cast.cted, need)] == [1]
    assert nobody_because(cast.iom, need) == []


# ── Setting aside ──
def test_a_suggestion_is_set_aside_for_ones_own_organization_and_shown_again(cast: Cast, client: Client) -> None:
    need, offer = cast.need("shared"), cast.offer(title="Our courses")
    sign_in(client, cast, "cted")
    url = f"{reverse('need-dismiss', args=[need.pk])}?offer={offer.pk}"
    assert "Our courses" in words(client.get(url))
    for sent, field in (
        ({"reason_code": "language"}, "text"), ({"text": "In words."}, "reason_code"),
        ({"text": "In words.", "reason_code": "merged"}, "reason_code"),
    ):  # fmt: skip
        answer = client.post(url, sent)
        assert answer.status_code == 422 and errors_at(answer, field)
    sent = {"reason_code": "language", "text": "Only in Russian."}
    assert client.post(url, sent)["Location"] == page_of(need)
    assert client.post(url, sent).status_code == 409, "once"
    text = words(client.get(page_of(need)))
    assert "1 suggestion set aside by your organization" in text and "Only in Russian." in text
    assert "1 offer has been set aside by your organization." in text and "Nobody fits because" in text
    for name in ("unodc", "iom"):
        sign_in(client, cast, name)
        text = words(client.get(page_of(need)))
        assert "Our courses" in text and "Only in Russian." not in text and "set aside" not in text
    sign_in(client, cast, "cted")
    again = f"{reverse('need-undo-dismissal', args=[need.pk])}?offer={offer.pk}"
    assert client.get(again).status_code == 200 and client.post(again, {})["Location"] == page_of(need)
    text = words(client.get(page_of(need)))
    assert "Our courses" in text and "set aside by your organization" not in text
    assert client.post(again, {}).status_code == 409
    row = Dismissal.objects.get()
    assert row.undone_by == cast.users["cted"] and row.text == "Only in Russian.", "what was said stays stored"
    assert client.post(url, sent).status_code == 302, "and can be said again"


def test_over_the_api_a_provider_sets_a_project_aside(cast: Cast) -> None:
    need, project = cast.need("shared"), cast.project(themes=[cast.theme])
    iom = ApiClients(cast).iom
    body = {"project": str(project.pk), "reason_code": "already_covered", "text": "Ours is larger."}
    answer = iom.post(f"needs/{need.pk}/dismiss/", body)
    assert answer.status_code == 200 and answer.json()["results"] == []
    [one] = answer.json()["dismissed"]
    assert (one["id"], one["reason_code"], one["text"]) == (str(project.pk), "already_covered", "Ours is larger.")
    assert iom.post(f"needs/{need.pk}/dismiss/", body).status_code == 409
    assert ApiClients(cast).unodc.get(f"needs/{need.pk}/suggestions/").json()["results"]
    undone = iom.post(f"needs/{need.pk}/undo-dismissal/", {"project": str(project.pk)})
    assert undone.status_code == 200 and len(undone.json()["results"]) == 1 and undone.json()["dismissed"] == []
    assert iom.post(f"needs/{need.pk}/undo-dismissal/", {"project": str(project.pk)}).status_code == 409


def test_who_may_not_propose_sets_nothing_aside_and_hidden_rows_are_absent(cast: Cast, client: Client) -> None:
    need, offer, hidden = cast.need("shared"), cast.offer(), cast.project(who="iom", is_restricted=True)
    given = {"reason_code": "other", "text": "No."}
    for name in ("carana", "observer"):
        with pytest.raises(Forbidden):
            dismiss(actor=getattr(cast, name), need=need.pk, offer=offer.pk, **given)
        body = {"offer": str(offer.pk), **given}
        assert getattr(ApiClients(cast), name).post(f"needs/{need.pk}/dismiss/", body).status_code == 403
    with pytest.raises(NotVisible):
        dismiss(actor=cast.sumora, need=need.pk, offer=offer.pk, **given)
    with pytest.raises(NotVisible):
        dismiss(actor=cast.unodc, need=need.pk, project=hidden.pk, **given)
    for keys in ({}, {"offer": offer.pk, "project": cast.project().pk}):
        with pytest.raises(Invalid):
            dismiss(actor=cast.unodc, need=need.pk, **keys, **given)
    unodc = ApiClients(cast).unodc
    answers = [unodc.post(f"needs/{need.pk}/dismiss/", {"project": key, **given}) for key in (str(hidden.pk), ABSENT)]
    assert [one.status_code for one in answers] == [422, 422] and answers[0].json()["errors"] == answers[1].json()[
        "errors"
    ]
    sign_in(client, cast, "unodc")
    url = reverse("need-dismiss", args=[need.pk])
    for query in ("", f"?project={hidden.pk}", f"?project={ABSENT}", "?offer=x", f"?offer={offer.pk}&project={ABSENT}"):
        assert client.get(f"{url}{query}").status_code == 404, query
    needs.close(actor=cast.cted, need=need.pk, reason="no_longer_needed")
    with pytest.raises(Conflict):
        dismiss(actor=cast.cted, need=need.pk, offer=offer.pk, **given)


def test_nobody_else_reads_a_dismissal_in_the_database_and_no_history_tells_of_it(cast: Cast) -> None:
    need, offer = cast.need("shared"), cast.offer()
    version = need.version
    row = dismiss(actor=cast.unodc, need=need.pk, offer=offer.pk, reason_code="timing", text="In the autumn.")
    assert row.by_org == cast.org("unodc")
    assert not Event.objects.filter(name__contains="dismiss").exists()
    need.refresh_from_db()
    assert need.version == version
    for name, sees in (("unodc", 1), ("iom", 0), ("carana", 0), ("cted", 0), ("unoct", 0), ("sumora", 0)):
        actor = getattr(cast, name)
        assert dismissals.dismissed_by(actor, need).count() == sees, name
        with connection.cursor() as cursor:
            groups = "{" + ",".join(map(str, sorted(actor.groups))) + "}"
            cursor.execute(f"SET ROLE {settings.DATABASE_ROLE}; SET portal.groups = '{groups}'")
            try:
                cursor.execute("SELECT count(*) FROM assistance_dismissal")
                assert cursor.fetchone()[0] == sees, name
            finally:
                cursor.execute("RESET ROLE; SET portal.groups = '{0}'")


def test_the_reasons_are_counted_by_theme_and_few_needs_are_not_counted(cast: Cast, client: Client) -> None:
    offer, project = cast.offer(), cast.project(themes=[cast.theme])
    shared = [cast.need("shared", title=f"Secret need {number}") for number in range(3)]
    for need in shared:
        dismiss(actor=cast.unodc, need=need.pk, offer=offer.pk, reason_code="timing", text="Secret words.")
    for actor in (cast.cted, cast.iom):
        dismiss(actor=actor, need=shared[0].pk, project=project.pk, reason_code="language", text="Secret words.")
    gone = dismiss(actor=cast.cted, need=shared[1].pk, project=project.pk, reason_code="security", text="A mistake.")
    undo(actor=cast.cted, need=shared[1].pk, project=project.pk)
    assert gone.pk
    hidden = cast.need("shared", audience=["unodc"])
    dismiss(actor=cast.unodc, need=hidden.pk, offer=offer.pk, reason_code="no_money", text="Secret words.")
    for name, hidden_too in (("cted", True), ("unoct", False)):
        counted = {one.reason.value: one.needs for one in dismissals.reasons_by_theme(getattr(cast, name))}
        assert counted == {"timing": 3, "language": None, **({"no_money": None} if hidden_too else {})}
        sign_in(client, cast, name)
        text = words(client.get(reverse("dismissal-reasons")))
        assert "Timing does not suit" in text and "fewer than 3" in text and "Security conditions" not in text
        assert "Secret" not in text and "UNODC" not in text.replace("UNODC ·", "")
        assert "Why suggestions are set aside" in words(client.get(reverse("needs")))
    for name in ("unodc", "carana"):
        sign_in(client, cast, name)
        assert client.get(reverse("dismissal-reasons")).status_code == 403
        assert "Why suggestions are set aside" not in words(client.get(reverse("needs")))


# ── Needs that fit ──
def test_a_provider_finds_the_needs_that_fit_its_offer_and_its_project(cast: Cast, client: Client) -> None:
    offer, project = cast.offer(), cast.project(themes=[cast.theme])
    best = cast.need("shared", title="Best fit")
    less = cast.need("shared", title="Lesser fit", language="ar", assistance_type="equipment")
    other = Theme.objects.create(code="other", name="Other", pillar=cast.pillar)
    cast.need("agreed", title="Not released")
    cast.need("shared", title="For another", audience=["iom"])
    cast.match("accepted", need=cast.need("shared", title="Covered"), who="iom")
    cast.match("proposed", need=cast.need("shared", title="Proposed already"))
    fitting = needs_that_fit(cast.unodc, offer)
    assert [one.need for one in fitting] == [best, less]
    for one in fitting:
        assert one.score.parts == score_of(cast.unodc, one.need, offer).parts, "the same score in both directions"  # type: ignore[union-attr]
    type_only = score_of(cast.unodc, cast.need("shared", theme=other, title="Type only", audience=["unodc"]), offer)
    assert type_only is not None and ("theme", "misses") in {(part.name, part.verdict) for part in type_only.parts}
    assert needs_that_fit(cast.unodc, offer)[-1].score.parts == type_only.parts
    for one in needs_that_fit(cast.unodc, project):
        assert one.score.parts == score_of(cast.unodc, one.need, project).parts  # type: ignore[union-attr]
    unodc = ApiClients(cast).unodc
    for name, row in (("offers", offer), ("projects", project)):
        answer = unodc.get(f"{name}/{row.pk}/fitting-needs/").json()
        titles = [one["need"]["title"] for one in answer["results"]]
        assert sorted(titles)[:2] == ["Best fit", "Lesser fit"] and (name == "projects" or titles[0] == "Best fit")
        assert answer["results"][0]["points"] >= answer["results"][1]["points"]
    sign_in(client, cast, "unodc")
    for row in (offer, project):
        page = client.get(row.get_absolute_url())
        text = words(page)
        assert "Needs that fit" in text and "Best fit" in text and "Not released" not in text
        assert f"{reverse('match-propose', args=[best.pk])}?{row.record_name()}={row.pk}" in page.content.decode()
    dismiss(actor=cast.unodc, need=best.pk, offer=offer.pk, reason_code="other", text="No.")
    assert needs_that_fit(cast.unodc, offer)[0].need == less


@pytest.mark.turns(days=3)
def test_only_the_provider_is_shown_the_needs_that_fit(cast: Cast, client: Client) -> None:
    offer, project = cast.offer(), cast.project(themes=[cast.theme])
    cast.need("shared", title="Best fit")
    for name in ("iom", "cted", "carana"):
        sign_in(client, cast, name)
        for collection, row in (("offers", offer), ("projects", project)):
            assert "Needs that fit" not in words(client.get(row.get_absolute_url())), name
            assert getattr(ApiClients(cast), name).get(f"{collection}/{row.pk}/fitting-needs/").status_code == 403
    draft, hidden = cast.offer(published=False), cast.project(is_restricted=True)
    assert ApiClients(cast).iom.get(f"offers/{draft.pk}/fitting-needs/").status_code == 404
    assert ApiClients(cast).iom.get(f"projects/{hidden.pk}/fitting-needs/").status_code == 404
    assert ApiClients(cast).unodc.get(f"offers/{draft.pk}/fitting-needs/").json()["results"] == []
    short = cast.project(themes=[cast.theme], planned_end=timezone.now().date() + timedelta(days=89))
    assert ApiClients(cast).unodc.get(f"projects/{short.pk}/fitting-needs/").json()["results"] == []


# ── Statements ──
def counted(act: Any) -> int:
    with CaptureQueriesContext(
        connection,
    ) as context:
        act()
    return len([one for one in context.captured_queries if one["sql"].startswith("SELECT")])


@pytest.mark.turns(days=3)
def test_the_number_of_statements_does_not_depend_on_how_many_there_are(cast: Cast) -> None:
    need = policy_need(cast)
    actor = cast.cted
    few = counted(lambda: suggestions_for(actor, need)), counted(lambda: nobody_because(actor, need))
    for number in range(12):
        cast.offer(places=number + 1)
        cast.project(themes=[cast.theme])
    need = policy_need(cast, need)
    many = counted(lambda: suggestions_for(actor, need)), counted(lambda: nobody_because(actor, need))
    assert few == (4, 2), "two for what is known of the need, and one for each kind where nothing fits"
    assert many == (6, 2), "and one more for each kind that reads the best"


def policy_need(cast: Cast, need: Need | None = None) -> Need:
    """Return a need read with its State and the region around it."""
    key = (need or cast.need("shared")).pk
    return Need.objects.select_related("state__region__parent__parent").get(pk=key)


def test_a_project_without_a_lead_is_no_candidate(cast: Cast) -> None:
    need, project = cast.need("shared"), cast.project(themes=[cast.theme])
    Project.objects.filter(pk=project.pk).update(lead=None)
    assert suggestions_for(cast.cted, need) == [] and nobody_because(cast.cted, need) == []
