"""Helpers that make consultations and rounds for tests, each by the functions that people would call."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.consultations import transitions
from assistance.consultations.models import Consultation, Round
from assistance.tests.cast import Cast
from assistance.workflow import editing
from entities.models import Instrument, Programme, ProgrammePart


def programme(cast: Cast, code: str = "TRAVEL-TEST", **more: str) -> Programme:
    """Return a programme that unoct leads, of which unodc is a partner; `more` gives other organizations a role."""
    row, made = Programme.objects.get_or_create(code=code, defaults={"name": "Countering Terrorist Travel"})
    if made:
        roles = {"unoct": "lead", "unodc": "partner", **more}
        ProgrammePart.objects.bulk_create(
            ProgrammePart(programme=row, organisation=cast.org(slug), role=role) for slug, role in roles.items()
        )
    return row


def consulted(cast: Cast) -> Consultation:
    """Return a consultation of a programme on which iom is only consulted."""
    return consultation(cast, programme=programme(cast, "ADVISED-TEST", iom="in_consultation"))


def instrument(symbol: str = "S/RES/2396 (2017)") -> Instrument:
    """Return an instrument."""
    values = {"slug": "s-res-2396", "symbol": symbol, "name": "Resolution 2396", "kind": "resolution", "year": 2017}
    names = {field.name for field in Instrument._meta.concrete_fields}
    row, _made = Instrument.objects.get_or_create(
        symbol=symbol, defaults={name: value for name, value in values.items() if name in names}
    )
    return row


def consultation(cast: Cast, **changes: Any) -> Consultation:
    """Return a consultation with carana."""
    values = {
        "programme": programme(cast), "state": cast.org("carana"), "language": "en", "title": "Advance passenger information",
        "instrument": instrument(), "provision": "para. 12", **changes,
    }  # fmt: skip
    row: Consultation = editing.create(actor=cast.cted, model=Consultation, values=values)
    return row


def opened(cast: Cast, of: Consultation | None = None, **changes: Any) -> Round:
    """Return an open round of a consultation, that began last week."""
    row = of or consultation(cast)
    today = timezone.now().date()
    values = {
        "consultation": row, "language": "en", "starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=7),
        "mode": "hybrid", **changes,
    }  # fmt: skip
    made: Round = editing.create(actor=cast.cted, model=Round, values=values)
    return made


def finding(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return a finding as a value."""
    return {
        "framework": "operational", "theme": cast.theme, "instrument": instrument(), "level": "partial",
        "current_state": "Two of four airports send data.", "gap": "No unit analyses them.", **changes,
    }  # fmt: skip


def parameter(**changes: Any) -> dict[str, Any]:
    """Return a priority with baseline and target as a value."""
    return {
        "name": "Airports connected", "unit": "number", "baseline": "2", "baseline_on": timezone.now().date(),
        "target": "4", "target_by": timezone.now().date() + timedelta(days=400), "means": "Records of the system", **changes,
    }  # fmt: skip


def filled(cast: Cast, row: Round | None = None, **changes: Any) -> Round:
    """Return an open round with a finding and a priority."""
    row = row or opened(cast)
    values = {"findings": [finding(cast)], "parameters": [parameter()], **changes}
    edited: Round = editing.edit(actor=cast.cted, model=Round, pk=row.pk, values=values)
    return edited


def closed(cast: Cast, row: Round | None = None, **changes: Any) -> Round:
    """Return a round that CTED has closed."""
    return transitions.close(actor=cast.cted, round=filled(cast, row, **changes).pk)


def released(cast: Cast, audience: Any = "compact", **changes: Any) -> Round:
    """Return a closed round that its State has released."""
    row = closed(cast, **changes)
    consents.release(actor=cast.carana, rows=[row], audience=audience)
    row.refresh_from_db()
    return row


def body(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return the body that records a consultation in the API."""
    return {
        "programme": programme(cast).code, "state": "XCA", "title": "Advance passenger information",
        "instrument": instrument().symbol, **changes,
    }  # fmt: skip


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return what the form of a consultation sends."""
    return {
        "programme": programme(cast).code, "state": str(cast.org("carana").pk), "language": "en",
        "title": "Advance passenger information", "instrument": str(instrument().pk), **changes,
    }  # fmt: skip


def round_body(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return the body that opens a round in the API."""
    return {
        "consultation": str(consultation(cast).pk), "starts_on": "2026-03-02", "ends_on": "2026-03-04", "mode": "virtual",
        "participants": "Ministry of Interior",
        "findings": [{"framework": "operational", "theme": "border", "current_state": "Two of four.", "gap": "No unit."}],
        "parameters": [{"name": "Airports", "unit": "number", "baseline": "2", "target": "4", "target_by": "2028-01-01"}],
        **changes,
    }  # fmt: skip


def round_path(cast: Cast) -> str:
    """Return the address of the form that opens a round of a consultation without an open one."""
    row = Consultation.objects.exclude(rounds__status="open").order_by("pk").first() or consultation(cast)
    return reverse("round-add", args=[row.pk])


def round_form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return what that form sends."""
    return {"language": "en", "starts_on": "2026-03-02", "ends_on": "2026-03-04", "mode": "virtual", **changes}
