"""Matches carried by a project: who may propose one, who learns of it, and what happens when the project ends."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Delivery
from assistance.dues.models import Due
from assistance.needs import match_transitions as matches
from assistance.needs.match_projects import carry_on
from assistance.needs.models import Match, Need
from assistance.projects.models import Project
from assistance.tests.cast import Cast
from assistance.tests.pages import errors_at, sign_in, words
from assistance.workflow import deadlines, editing
from assistance.workflow.models import DoneHow, Event
from portal.tests.api import ApiClients
from web.exceptions import Conflict, Forbidden, NotVisible

ABSENT = "00000000-0000-4000-8000-000000000000"
DAY = timedelta(days=1)


def carried(cast: Cast, stage: str = "proposed", **project: Any) -> tuple[Match, Project]:
    """Return a match of unodc by its own project, and the project."""
    given = cast.project(**project)
    match = matches.propose(actor=cast.unodc, need=cast.need("shared").pk, project=given.pk, share=60)
    if stage == "accepted":
        matches.accept(actor=cast.carana, match=match.pk)
    return Match.objects.get(pk=match.pk), given


def end(cast: Cast, project: Project, status: str = "cancelled") -> None:
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"status": status})


def told(name: str) -> set[str]:
    """Return who was told by a message of this name in the portal."""
    rows = Delivery.objects.filter(message=name, channel="portal")
    return {user.partition("@")[0] for user in rows.values_list("recipient__email", flat=True)}


# ── Proposing ──
def test_a_provider_proposes_its_project_and_both_pages_show_each_other(cast: Cast, client: Client) -> None:
    need, project = cast.need("shared"), cast.project(title="Safer ports")
    theirs, over = cast.project(who="iom", title="Of another"), cast.project(status="completed", title="Long over")
    sign_in(client, cast, "unodc")
    url = reverse("match-propose", args=[need.pk])
    page = client.get(f"{url}?project={project.pk}")
    assert "Safer ports" in words(page) and page.context["form"].initial["project"] == project.pk
    assert "Of another" not in words(page) and "Long over" not in words(page)
    for wrong in (theirs, over):
        assert errors_at(client.post(url, {"project": str(wrong.pk), "share": "50"}), "project")
    answer = client.post(url, {"project": str(project.pk), "share": "50"})
    match = Match.objects.get()
    assert answer["Location"] == reverse("match", args=[match.pk])
    assert (match.project, match.offer, match.provider.slug) == (project, None, "unodc")
    assert "Safer ports" in words(client.get(reverse("match", args=[match.pk])))
    text = words(client.get(reverse("project", args=[project.pk])))
    assert "Needs served" in text and match.reference in text


def test_cted_suggests_the_lead_of_a_project(cast: Cast, client: Client) -> None:
    need, project = cast.need("shared"), cast.project()
    sign_in(client, cast, "cted")
    assert (
        client.post(reverse("match-propose", args=[need.pk]), {"project": str(project.pk), "share": "50"}).status_code
        == 302
    )
    match = Match.objects.get()
    assert (match.status, match.project, match.provider.slug) == ("suggested", project, "unodc")


def test_over_the_api_a_project_names_the_provider_and_a_wrong_one_is_refused(cast: Cast) -> None:
    need, project, offer = cast.need("shared"), cast.project(), cast.offer()
    unodc, iom = ApiClients(cast).unodc, ApiClients(cast).iom
    body = {"need": str(need.pk), "share": 20, "project": str(project.pk)}
    assert iom.post("matches/", body).status_code == 403, "whoever does not act for the lead"
    theirs = cast.project(who="iom")
    answer = unodc.post("matches/", {**body, "project": str(theirs.pk), "offer": str(offer.pk)})
    assert answer.status_code == 422 and [one["field"] for one in answer.json()["errors"]] == ["project"]
    answer = iom.post("matches/", {**body, "project": str(theirs.pk), "provider": "unodc"})
    assert answer.status_code == 422 and [one["field"] for one in answer.json()["errors"]] == ["provider"]
    assert iom.post("matches/", {**body, "project": str(cast.project("iom", status="suspended").pk)}).status_code == 409
    made = unodc.post("matches/", {**body, "offer": str(offer.pk)})
    assert made.status_code == 201 and made.json()["project"] == str(project.pk)
    shown = unodc.get(f"projects/{project.pk}/").json()
    assert [one["id"] for one in shown["matches"]] == [made.json()["id"]]


def test_a_hidden_project_is_like_an_absent_one(cast: Cast) -> None:
    need, hidden = cast.need("shared"), cast.project(who="iom", is_restricted=True)
    unodc, carana = ApiClients(cast).unodc, ApiClients(cast).carana
    body = {"need": str(need.pk), "share": 20}
    answers = [unodc.post("matches/", {**body, "project": key}) for key in (str(hidden.pk), ABSENT)]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert answers[0].json()["errors"] == answers[1].json()["errors"]
    with pytest.raises(NotVisible):
        matches.propose(actor=cast.unodc, need=need.pk, project=hidden.pk)
    match = matches.propose(actor=cast.iom, need=need.pk, project=hidden.pk, share=20)
    assert carana.get(f"matches/{match.pk}/").json()["project"] is None
    assert ApiClients(cast).iom.get(f"matches/{match.pk}/").json()["project"] == str(hidden.pk)


def test_the_page_of_a_project_shows_only_the_matches_that_its_reader_sees(cast: Cast, client: Client) -> None:
    match, project = carried(cast)
    for name, sees in (("unodc", True), ("carana", True), ("iom", False)):
        sign_in(client, cast, name)
        text = words(client.get(reverse("project", args=[project.pk])))
        assert (match.reference in text) is sees and ("Needs served" in text) is sees, name
        shown = getattr(ApiClients(cast), name).get(f"projects/{project.pk}/").json()["matches"]
        assert bool(shown) is sees, name


@pytest.mark.turns(days=3)
def test_the_page_of_a_match_shows_no_project_that_is_hidden(cast: Cast, client: Client) -> None:
    match, project = carried(cast, "accepted", is_restricted=True, title="A secret project")
    end(cast, project)
    for name, sees in (("unodc", True), ("carana", False), ("iom", False), ("cted", False)):
        sign_in(client, cast, name)
        for url in (reverse("match", args=[match.pk]), reverse("need", args=[match.need_id])):
            text = words(client.get(url))
            assert ("A secret project" in text) is (sees and "matches" in url), (name, url)
            assert ("The project of the match has ended" in text) is sees, (name, url)
    match_page = reverse("match", args=[match.pk])
    for name, knows in (("carana", False), ("iom", False), ("cted", True), ("unodc", True)):
        sign_in(client, cast, name)
        assert ("The provider is asked within 14 days" in words(client.get(match_page))) is knows, name


# ── The project ends ──
@pytest.mark.parametrize("status", ["cancelled", "completed"])
def test_when_its_project_ends_the_provider_of_an_open_match_is_asked(cast: Cast, status: str) -> None:
    match, project = carried(cast, "accepted")
    version = Match.objects.get(pk=match.pk).version
    end(cast, project, "suspended")
    assert not Due.objects.filter(kind="match_project").exists(), "a suspended project may go on"
    end(cast, project, status)
    due = Due.objects.get(kind="match_project")
    assert (due.owed_by.slug, due.owed_to.slug) == ("unodc", "cted")
    assert due.due_at is not None and due.due_at - due.starts_at == 14 * DAY
    assert told("match_project_ended") == {"unodc"}
    match.refresh_from_db()
    assert match.version == version, "who may not know the project notices nothing"
    end(cast, project, status)
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"results": "Nothing."})
    assert Event.objects.filter(name="match_project_ended").count() == 1, "asked once"


def test_a_match_that_has_ended_is_not_asked_about(cast: Cast) -> None:
    match, project = carried(cast)
    matches.retract(actor=cast.unodc, match=match.pk, reason="No funds.")
    end(cast, project)
    assert not Due.objects.filter(kind="match_project").exists()


def test_the_provider_carries_on_without_the_project(cast: Cast, client: Client) -> None:
    match, project = carried(cast, "accepted")
    with pytest.raises(Conflict):
        carry_on(actor=cast.unodc, match=match.pk)
    end(cast, project)
    for name in ("carana", "cted"):
        with pytest.raises(Forbidden):
            carry_on(actor=getattr(cast, name), match=match.pk)
    with pytest.raises(NotVisible):
        carry_on(actor=cast.sumora, match=match.pk)
    sign_in(client, cast, "unodc")
    assert "Match whose project has ended" in words(client.get(reverse("dashboard")))
    url = reverse("match-transition", args=[match.pk, "carry-on"])
    assert (
        "asked within 14 days" not in words(client.get(url))
        and client.post(url, {"note": "Own budget."}).status_code == 302
    )
    match.refresh_from_db()
    assert (match.project, match.project_ended_at, match.status) == (None, None, "accepted")
    assert Due.objects.get(kind="match_project").done_how == DoneHow.EVENT
    text = words(client.get(reverse("match", args=[match.pk])))
    assert "Goes on without the project" in text and "Own budget." in text
    assert told("match_carried_on") == {"cted", "unoct"}
    assert client.post(url, {}).status_code == 409, "once"


def test_over_the_api_it_carries_on_or_withdraws(cast: Cast) -> None:
    for answer, body in (("carry-on", {}), ("retract", {"reason": "No project, no help."})):
        match, project = carried(cast)
        end(cast, project)
        unodc = ApiClients(cast).unodc
        assert "carry-on" in unodc.get(f"matches/{match.pk}/").json()["transitions"]
        assert unodc.post(f"matches/{match.pk}/{answer}/", body).status_code == 200
        assert not Due.objects.filter(match=match, kind="match_project", done_at=None).exists()


def test_a_project_that_goes_on_after_all_takes_the_question_back(cast: Cast) -> None:
    match, project = carried(cast)
    end(cast, project)
    end(cast, project, "ongoing")
    match.refresh_from_db()
    assert match.project_ended_at is None and match.project == project
    assert Due.objects.get(kind="match_project").done_how == DoneHow.EVENT
    end(cast, project)
    assert Due.objects.filter(kind="match_project", done_at=None).count() == 1


@pytest.mark.turns(days=3)
def test_silence_ends_nothing_and_cted_is_told(cast: Cast, client: Client) -> None:
    match, project = carried(cast, "accepted", is_restricted=True)
    end(cast, project)
    deadlines.run(timezone.now() + 8 * DAY)
    assert told("due_reminder") == {"unodc"}
    deadlines.run(timezone.now() + 15 * DAY)
    deadlines.run(timezone.now() + 16 * DAY)
    assert Due.objects.get(kind="match_project").done_how == DoneHow.LAPSED
    match.refresh_from_db()
    assert (match.status, match.project) == ("accepted", project)
    assert Event.objects.filter(name="match_project_unanswered").count() == 1
    assert told("match_project_unanswered") == {"cted"}
    for name, knows in (("cted", True), ("unodc", True), ("carana", False), ("iom", False)):
        sign_in(client, cast, name)
        for url in (reverse("match", args=[match.pk]), reverse("need", args=[match.need_id])):
            assert ("did not say how the match goes on" in words(client.get(url))) is knows, (name, url)
    assert "carry-on" in ApiClients(cast).unodc.get(f"matches/{match.pk}/").json()["transitions"], "still possible"


@pytest.mark.django_db(transaction=True)
def test_a_proposal_and_the_end_of_its_project_at_once_leave_no_deadlock(cast: Cast) -> None:
    need, project = cast.need("shared"), cast.project()
    first = matches.propose(actor=cast.iom, need=need.pk, project=cast.project(who="iom").pk, share=10)
    refused: list[Exception] = []

    def run(act: Any) -> None:
        try:
            act()
        except Conflict as error:
            refused.append(error)
        finally:
            connection.close()

    def propose() -> None:
        matches.propose(actor=cast.unodc, need=need.pk, project=project.pk, share=20)

    threads = [Thread(target=run, args=[act]) for act in (propose, lambda: end(cast, project))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    match = Match.objects.filter(need=need).exclude(pk=first.pk).first()
    if match is None:
        assert len(refused) == 1, "the project ended first"
    else:
        assert match.project_ended_at is not None, "the match was there, so its provider is asked"
    assert Need.objects.get(pk=need.pk).status == "under_consideration"
