"""Loads the demonstration: makes every row by the transition a person would use, at its day, in one transaction."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts import inbox, outbox
from accounts.doorbell import muted
from accounts.models import User
from assistance.demo import plan, texts
from assistance.demo.clock import at
from assistance.demo.days import Days
from assistance.demo.paths import NEED_STEPS, OFFER_STEPS, VISIT_STEPS
from assistance.demo.people import Cast
from assistance.demo.walk import Walk, take
from assistance.models import Need, Offer, Project, Section, Visit
from assistance.notifications import SOURCE
from assistance.transitions import clocks, records
from entities.appointments.notices import SOURCE as DESIGNATIONS
from entities.models import Appointment, Instrument, Organisation, Region, Theme

RECORDED_BEFORE = 20  # days before a visit on which it is entered
REPORT_AFTER = 5  # days after a visit on which its report is entered
TIME_RAN = (60, 35, 24, 14, 8, 4, 1, 0.01)  # days ago on which reminders and ends were looked for
READ_AFTER = timedelta(days=21)


class NotHere(Exception):
    """Why demonstration data cannot be loaded, as a sentence."""


def check_possible() -> None:
    """Raise NotHere in production, beside data of people, or without reference data."""
    if settings.PRODUCTION or not settings.DEMO_ALLOWED:
        raise NotHere(_("Demonstration data are never loaded where DEMO_ALLOWED is off, as in production."))
    if any(model._default_manager.exists() for model in (Visit, Need, Offer, Appointment)):
        raise NotHere(_("There are data already; demonstration data go only into a database without any."))
    if User.objects.filter(email__endswith="@demo.example").exists():
        raise NotHere(_("Some demonstration people exist already; begin with an empty database."))
    if not Organisation.objects.filter(slug="cted").exists():
        raise NotHere(_("The reference data are missing: run ./manage.py load_reference first."))


def load() -> dict[str, int]:
    """Load everything and return how many rows of each kind there are. Raises NotHere; then nothing is kept."""
    check_possible()
    with muted(), override("en"), transaction.atomic():
        days = Days(timezone.now())
        cast = Cast(days)
        visits = {one.key: visit(one, cast, days) for one in plan.VISITS}
        offers = {one.key: offer(one, cast, days) for one in plan.OFFERS}
        needs = {f"{one.state}/{one.text}": need(one, cast, days, visits, offers) for one in plan.NEEDS}
        _let_time_run(days)
        projects = [project(one, cast, days, needs) for one in plan.PROJECTS]
        _settle_in(cast, days)
    return {
        "people": len(cast.users), "visits": len(visits), "sections": Section.objects.count(), "needs": len(needs),
        "offers": len(offers), "projects": len(projects),
    }  # fmt: skip


def visit(one: plan.VisitPlan, cast: Cast, days: Days) -> Visit:
    """Return a visit with its report, after the steps of its plan."""
    with at(days.ago(max(one.age, 0) + RECORDED_BEFORE)):
        made: Visit = records.create(
            actor=cast.assessor(one.state),
            model=Visit,
            values={
                "state": cast.organisations[one.state], "kind": one.kind, "mode": one.mode,
                "starts_on": days.day(-one.age), "ends_on": days.day(one.length - one.age),
                "delegation": [cast.organisations[slug] for slug in ("cted", *one.delegation.split())],
            },
        )  # fmt: skip
    reported = days.ago(one.age - one.length - REPORT_AFTER)
    for number, key in enumerate(one.sections.split(), start=1):
        with at(reported):
            _section(made, number, key, cast)
    take(Walk(cast, days, made, reported), one.steps, VISIT_STEPS)
    return made


def _section(made: Visit, number: int, key: str, cast: Cast) -> None:
    text, language = texts.text("sections", key), "fr" if made.state.slug == "katasi" else "en"
    section = records.create(
        actor=cast.assessor(made.state.slug),
        model=Section,
        values={
            "visit": made, "number": number, "language": language, "title": text.title(language),
            "text": text.body(language),
        },
    )  # fmt: skip
    texts.translate(section, ("title", "text"), text)


def need(one: plan.NeedPlan, cast: Cast, days: Days, visits: dict[str, Visit], offers: dict[str, Offer]) -> Need:
    """Return a need, after the steps of its plan."""
    text, moment = texts.text("needs", one.text), days.ago(one.age)
    with at(moment):
        made: Need = records.create(
            actor=cast.assessor(one.state), model=Need, values=_need_values(one, cast, days, visits)
        )
    if not one.alone:
        texts.translate(made, ("title", "description"), text)
    take(Walk(cast, days, made, moment, {"offers": offers}), one.steps, NEED_STEPS)
    return made


def _need_values(one: plan.NeedPlan, cast: Cast, days: Days, visits: dict[str, Visit]) -> dict[str, Any]:
    text, language, found_at = texts.text("needs", one.text), one.language, visits.get(one.source)
    facts = text.facts
    theme = Theme.objects.get(pk=facts["theme"])
    kind = "training" if facts["type"] == "training" else "other"
    return {
        "state": cast.organisations[one.state],
        "source": "visit" if found_at else one.source,
        "visit": found_at,
        "section": _section_about(found_at, facts["section"], one),
        "language": language,
        "title": text.title(language),
        "description": text.body(language),
        "pillar": theme.pillar or cast.pillars[facts["pillar"]],
        "theme": theme,
        "instrument": Instrument.objects.get(symbol=facts["instrument"]),
        "provision": facts["provision"],
        "beneficiary": texts.remark("institutions", facts["institution"], language),
        "assistance_type": facts["type"],
        "priority": one.priority,
        "priority_reason": texts.remark("priorities", one.priority, language),
        "baseline": texts.remark("baselines", kind, language),
        "target": texts.remark("targets", kind, language),
        "deadline": days.day(one.deadline) if one.deadline else None,
    }


def _section_about(found_at: Visit | None, number: int, one: plan.NeedPlan) -> Section | None:
    """Return the section of the visit's report in which the need was found, where the report has one on it."""
    if found_at is None:
        return None
    keys = next(visit.sections for visit in plan.VISITS if visit.key == one.source).split()
    key = texts.SECTIONS[number - 1]
    return found_at.sections.get(number=keys.index(key) + 1) if key in keys else None


def offer(one: plan.OfferPlan, cast: Cast, days: Days) -> Offer:
    """Return an offer, after the steps of its plan."""
    text, moment = texts.text("offers", one.text), days.ago(one.age)
    with at(moment):
        made: Offer = records.create(
            actor=cast.of(one.provider),
            model=Offer,
            values={
                "provider": cast.organisations[one.provider], "language": one.language,
                "title": text.title(one.language), "description": text.body(one.language),
                "themes": list(Theme.objects.filter(pk__in=text.facts["themes"])),
                "assistance_types": text.facts["types"], "visible_to_named_only": one.named_only,
                "for_states": [cast.organisations[slug] for slug in one.states.split()],
                "for_regions": list(Region.objects.filter(pk__in=one.regions.split())),
                "places": one.places, "expert_days": one.expert_days, "amount": one.amount,
                "currency": "USD" if one.amount else "", "working_languages": one.languages.split(),
                "opens_on": _day(days, one.opens), "closes_on": _day(days, one.closes),
            },
        )  # fmt: skip
    if not one.alone:
        texts.translate(made, ("title", "description"), text)
    take(Walk(cast, days, made, moment), one.steps, OFFER_STEPS)
    return made


def project(one: plan.ProjectPlan, cast: Cast, days: Days, needs: dict[str, Need]) -> Project:
    """Return a project kept here."""
    text, pairs = texts.text("projects", one.text), [pair.split(":") for pair in one.partners.split()]
    names = ("planned_start", "planned_end", "actual_start", "actual_end")
    begun = [-day for day in one.dates if day is not None and day < 0]
    with at(days.ago(one.age or max(begun, default=12) * 0.5)):
        made: Project = records.create(
            actor=cast.of(one.lead),
            model=Project,
            values={
                "lead": cast.organisations[one.lead], "language": one.language, "title": text.title(one.language),
                "description": text.body(one.language), "status": one.status, "budget": one.budget,
                "currency": "USD" if one.budget else "", "results": one.results, "is_restricted": one.restricted,
                "states": [cast.organisations[slug] for slug in one.states.split()],
                "themes": list(Theme.objects.filter(pk__in=text.facts["themes"])),
                "needs": [needs[key] for key in one.serves.split()],
                "partners": [(cast.organisations[slug], role) for slug, role in pairs],
                **{name: _day(days, offset) for name, offset in zip(names, one.dates, strict=True)},
            },
        )  # fmt: skip
    texts.translate(made, ("title", "description"), text)
    return made


def _day(days: Days, offset: int | None) -> Any:
    return None if offset is None else days.day(offset)


def _let_time_run(days: Days) -> None:
    """Remind, lapse and expire what was due, on the days on which it was."""
    for ago in TIME_RAN:
        with at(days.ago(ago)):
            clocks.run()


def _settle_in(cast: Cast, days: Days) -> None:
    """No mail goes out for the past; under the bell only the last three weeks are new."""
    for source in (SOURCE, DESIGNATIONS):
        outbox.withhold(source=source)
    for user in cast.users.values():
        inbox.notifications(user).filter(created_at__lt=days.now - READ_AFTER).update(read_at=days.now - READ_AFTER)
    people = User.objects.filter(pk__in=[user.pk for user in cast.users.values()])
    people.update(last_visit_at=days.ago(5), details_confirmed_at=days.ago(40))
    people.filter(email="undp.focal@demo.example").update(details_confirmed_at=days.ago(200), phone="+1 212 555 0100")
