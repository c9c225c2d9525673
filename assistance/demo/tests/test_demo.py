"""The demonstration: every status of every aggregate, created by the real transitions, with people of every role."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Count, F
from django.utils import timezone
from django.utils.translation import override
from pytest_django import DjangoDbBlocker

from accounts.mail import outbox
from accounts.models import Channel, Delivery, User
from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.consents.models import Consent
from assistance.consents.states import Decision
from assistance.considerations import Consideration
from assistance.demo import texts
from assistance.demo.clock import at
from assistance.demo.people import PEOPLE, password_of
from assistance.needs import demo as needs
from assistance.needs import match_demo
from assistance.needs.models import Match, Need
from assistance.needs.states import CloseReason, MatchStatus, NeedStatus
from assistance.needs.status import refresh_need
from assistance.offers import demo as offers
from assistance.offers.models import Offer
from assistance.offers.states import AssistanceType, OfferStatus
from assistance.projects import demo as projects
from assistance.projects.models import Project
from assistance.projects.states import ProjectStatus
from assistance.projects.tests.test_iati import activity, file
from assistance.visits import demo as visits
from assistance.visits.models import Section, Visit
from assistance.visits.states import VisitStage
from assistance.workflow.models import Due, Event
from entities.actors import actor_of
from entities.models import Appointment, Organisation, Role
from web.languages import to_wire
from web.translated_text import CODES

pytestmark = [pytest.mark.xdist_group("demo"), pytest.mark.turns(days=2)]


def said(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """Load the demonstration once for this file and yield the output; every test rolls back its own changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_reference", stdout=StringIO())
        output = said("load_demo")
        connection.check_constraints()  # once, and not at the end of each test again
        yield output
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: str, db: None) -> str:
    return loaded


def sees(email: str, model: type[Restricted]) -> int:
    return policy.visible(actor_of(User.objects.get(email=f"{email}@demo.example")), model).count()


# ── What is created ──────────────────────────────────────────────────────────
def test_it_says_what_it_loaded(demo: str) -> None:
    parts = demo.removeprefix("Loaded ").removesuffix(".\n").split(", ")
    assert set(parts) >= {
        f"{len(PEOPLE)} people", "18 offers", "8 visits", "30 report sections", f"{len(needs.NEEDS)} needs", "15 projects",
        f"{len(match_demo.MATCHES)} matches",
    }  # fmt: skip
    kinds = {str(model._meta.verbose_name_plural) for model in registry.models()}
    assert {part.split(" ", 1)[1] for part in parts} <= {*kinds, "people"}


def test_there_are_needs_in_every_state(demo: str) -> None:
    counts = Counter(Need.objects.values_list("status", flat=True))
    assert set(counts) == set(NeedStatus.values) and counts.total() >= 60, counts
    assert Need.objects.values("state").distinct().count() == 3
    reasons = set(Need.objects.exclude(close_reason="").values_list("close_reason", flat=True))
    assert reasons == set(CloseReason.values)
    assert set(Need.objects.values_list("assistance_type", flat=True)) == set(AssistanceType.values)
    assert set(Need.objects.values_list("pillar", flat=True)) == {"I", "II", "III", "IV"}
    for name in ("human_rights", "gender"):
        assert set(Need.objects.values_list(name, flat=True)) == set(Consideration.values)
    assert Need.objects.filter(addresses_pve=True).exists()


def test_there_are_matches_offers_and_projects_in_every_state(demo: str) -> None:
    assert set(Match.objects.values_list("status", flat=True)) == set(MatchStatus.values)
    assert set(Offer.objects.values_list("status", flat=True)) == set(OfferStatus.values)
    assert set(Project.objects.values_list("status", flat=True)) == set(ProjectStatus.values)
    assert Offer.objects.filter(pause_reason="unconfirmed").count() == 1
    asked = Offer.objects.filter(status="published", events__name="offer_confirm_asked")
    assert [offer.provider.slug for offer in asked] == ["unoct"]
    assert any(offer.is_expired for offer in Offer.objects.filter(status="published"))
    assert any(project.dates_disagree for project in Project.objects.all())
    assert Project.objects.filter(is_restricted=True).exists()


def test_releases_went_to_every_kind_of_audience_and_some_have_ended(demo: str) -> None:
    assert set(Consent.objects.values_list("decision", flat=True)) == set(Decision.values)
    assert Need.objects.filter(released_until__lt=timezone.now().date()).count() == 2
    assert Need.objects.filter(released_until__gte=timezone.now().date()).count() >= 5
    assert Consent.objects.exclude(note_verbale=None).exists()
    assert Event.objects.filter(name="consent_expired").count() == 2


def test_visits_stand_at_every_stage_with_reports_of_four_to_six_sections(demo: str) -> None:
    assert {visit.stage for visit in Visit.objects.all()} == {
        VisitStage.HOST_CONSENT, VisitStage.UNDER_WAY, VisitStage.CONDUCTED, VisitStage.DRAFT_WITH_STATE,
        VisitStage.OBSERVATIONS_IN, VisitStage.REPLY_DUE, VisitStage.FOLLOWED_UP,
    }  # fmt: skip
    reports = Visit.objects.annotate(n=Count("sections")).filter(n__gt=0)
    assert reports.count() == 6 and {visit.n for visit in reports} == {4, 6}
    assert Visit.objects.exclude(consent_asked_at=None).count() == 1


def test_nothing_is_said_of_a_real_state(demo: str) -> None:
    real = Organisation.objects.states().filter(is_demo=False)
    for model in registry.models():
        for field in model._meta.get_fields():
            if field.concrete and field.related_model is Organisation and field.name in ("state", "states"):
                assert not model._default_manager.filter(**{f"{field.name}__in": real}).exists(), model
    invented = Organisation.objects.states().filter(is_demo=True)
    assert {state.iso3 for state in invented} == {"XCA", "XSU", "XKT"}
    for state in invented:
        assert state.latitude is not None and state.longitude is not None and state.region is not None
        for code in CODES:
            with override(code):
                assert state.name
        assert state.name_ar != state.name_en != state.name_zh_hans


def test_most_texts_are_in_six_languages_and_a_few_in_one(demo: str) -> None:
    titles = [f"title_{code.replace('-', '_')}" for code in CODES]
    written = Counter(sum(bool(getattr(need, title)) for title in titles) for need in Need.objects.all())
    assert set(written) == {1, 6} and 3 <= written[1] <= 8
    assert set(Need.objects.values_list("language", flat=True)) == set(CODES)
    assert len(set(Offer.objects.values_list("language", flat=True))) >= 5
    assert not Section.objects.filter(title_ar=None).exists()


# ── How it is created ────────────────────────────────────────────────────────
def test_each_need_stands_where_its_facts_say(demo: str) -> None:
    for need in Need.objects.all():
        stored = need.status
        refresh_need(need)
        assert need.status == stored, need


def test_history_is_spread_over_the_past_and_names_who_did_what(demo: str) -> None:
    now = timezone.now()
    assert not Event.objects.filter(at__gt=now).exists()
    assert Event.objects.filter(at__lt=now - timedelta(days=200)).exists()
    assert Event.objects.filter(at__gt=now - timedelta(days=7)).exists()
    by_time = {"match_reminder", "match_last_call", "match_lapsed", "consent_expired", "offer_confirm_asked"}
    by_time |= {"offer_unconfirmed", "offer_expiring", "offer_expiring_soon", "offer_expired"}
    by_time |= {"due_reminder", "request_offers_received", "project_confirm_asked", "match_project_ended"}
    by_time |= {"request_closed", "request_lapsed", "assessment_finish_asked", "no_observations", "reply_overdue"}
    assert set(Event.objects.filter(actor=None).values_list("name", flat=True)) == by_time
    assert not Need.objects.exclude(events__name="need_recorded").exists()
    assert not Need.objects.filter(created_at__gt=F("modified_at")).exists()


def test_every_kind_of_deadline_runs_and_each_way_to_end_is_shown(demo: str) -> None:
    ended = Due.objects.exclude(done_how="").values_list("done_how", flat=True)
    assert set(ended) == {"event", "waived", "lapsed"}
    still = Due.objects.filter(done_at=None)
    clocks = {clock.kind for own in registry.aggregates() for clock in own.clocks}
    # The note verbale came in time.
    assert set(Due.objects.values_list("kind", flat=True)) == clocks - {"request_note"}
    assert still.filter(due_at=None).exists() and still.filter(due_at__lt=timezone.now(), kind="verify").exists()
    assert (
        still.filter(nudged_at__isnull=False).exists()
        and still.filter(snoozes__until__gt=timezone.now().date()).exists()
    )
    assert [one.unconfirmed_since is not None for one in Project.objects.filter(status="suspended")] == [True]


def test_no_mail_goes_out_for_the_past_but_the_bell_rings(demo: str) -> None:
    assert outbox.oldest_waiting() == 0
    assert not Delivery.objects.waiting().filter(channel=Channel.MAIL).exists()
    bell = Delivery.objects.filter(channel=Channel.PORTAL)
    assert bell.filter(needs_action=True, done_at=None).exists()
    assert bell.filter(read_at=None).exists() and bell.exclude(read_at=None).exists()


def test_grants_do_not_drift_after_the_demonstration_and_an_import(demo: str, tmp_path: Path) -> None:
    call_command("import_iati", str(file(tmp_path, activity())), stdout=StringIO())
    assert said("rebuild_grants", "--check").rstrip().endswith("drift 0")


def test_the_clock_tells_the_right_time_again(demo: str) -> None:
    before = timezone.now()
    with at(before - timedelta(days=9)):
        assert timezone.now() == before - timedelta(days=9)
    assert timezone.now() >= before


# ── Who takes part ───────────────────────────────────────────────────────────
def test_each_person_signs_in_with_the_password_told(demo: str) -> None:
    people = json.loads(said("demo_people", "--json"))
    assert len(people) == len(PEOPLE)
    for person in people:
        user = authenticate(None, email=person["email"], password=person["password"])
        assert user is not None and user.language == person["language"], person
        validate_password(person["password"], user)
    assert {person["language"] for person in people} == set(CODES)


def test_there_are_two_people_of_each_role(demo: str) -> None:
    running = Counter(Appointment.objects.current().values_list("role", flat=True))
    assert set(running) == set(Role.values) and min(running.values()) >= 2, running
    for slug in ("carana", "sumora", "katasi", "cted", "unoct", "unodc", "iom"):
        assert Appointment.objects.current().filter(organisation__slug=slug).values("user").count() >= 2
    assert not Appointment.objects.filter(user__is_superuser=True).exists()


def test_whoever_is_named_first_or_last_for_an_organisation_acts_for_it(demo: str) -> None:
    """A script that picks one person per organisation gets one who may act, whether it takes the first or the last."""
    people = [person for person in json.loads(said("demo_people", "--json")) if person["organisation"]]
    for one in ({p["organisation"]: p for p in people}, {p["organisation"]: p for p in reversed(people)}):
        assert "observer" not in {person["role"] for person in one.values()}
        acting = [p for p in one.values() if p["role"] != "donor_contact"]  # they read and pledge
        assert all(actor_of(User.objects.get(email=p["email"])).acting_for for p in acting)


@pytest.mark.turns(3)
@pytest.mark.parametrize(
    ("more", "fewer", "model"),
    [
        ("cted.assessor", "unodc.focal", Need),
        ("unodc.focal", "undp.focal", Need),
        ("undp.focal", "sumora.focal", Need),
        ("sumora.focal", "fund.donor", Need),
        ("fund.donor", "institute.partner", Need),
        ("institute.partner", "admin", Need),
        ("cted.assessor", "carana.focal", Section),
        ("carana.focal", "fund.donor", Section),
        ("unodc.focal", "katasi.focal", Match),
        ("sumora.focal", "katasi.focal", Offer),
        ("institute.partner", "fund.donor", Offer),
    ],
)
def test_each_role_sees_its_own_part(demo: str, more: str, fewer: str, model: type[Restricted]) -> None:
    assert sees(more, model) > sees(fewer, model)


def test_those_without_a_running_appointment_see_nothing(demo: str) -> None:
    for email in ("admin", "unodc.former"):
        assert {sees(email, model) for model in registry.models()} == {0}


def test_the_table_of_people_is_for_reading(demo: str) -> None:
    lines = said("demo_people").splitlines()
    assert lines[0].split() == ["organisation", "role", "name", "language", "email", "password"]
    assert len(lines) == len(PEOPLE) + 1 and any("carana.focal@demo.example" in line for line in lines)


# ── When it does not load ────────────────────────────────────────────────────
def test_a_second_load_says_that_there_are_data(demo: str) -> None:
    before = Event.objects.count()
    assert said("load_demo").startswith("The database already contains data")
    assert Event.objects.count() == before


def test_passwords_are_not_told_in_production(demo: str, settings: Any) -> None:
    settings.PRODUCTION = True
    assert json.loads(said("demo_people", "--json")) == []
    assert "no demonstration people" in said("demo_people")


# ── The data themselves ──────────────────────────────────────────────────────────
def test_every_text_is_in_six_languages_and_used() -> None:
    used = {
        "needs": {data.text for data in needs.NEEDS},
        "offers": {data.text for data in offers.OFFERS},
        "projects": {data.text for data in projects.PROJECTS},
        "sections": set(visits.REPORT),
    }
    for kind, keys in used.items():
        for key in keys:
            for code in CODES:
                assert texts.text(kind, key).title(code) and texts.text(kind, key).body(code)
    files = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in texts.FOLDER.glob("*.json")}
    assert {*files["needs"], *files["needs_more"]} == used["needs"] and set(files["offers"]) == used["offers"]
    wire = {to_wire(code) for code in CODES}
    for group in files["remarks"].values():
        assert all(set(languages) == wire for languages in group.values())


@pytest.mark.parametrize("rows", [needs.NEEDS, match_demo.MATCHES, offers.OFFERS, visits.VISITS])
def test_each_row_has_a_key_of_its_own(rows: Sequence[Any]) -> None:
    keys = [data.key for data in rows]
    assert len(keys) == len(set(keys))


def test_passwords_differ() -> None:
    assert len({password_of(person) for person in PEOPLE}) == len(PEOPLE)
