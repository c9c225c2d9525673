"""Helpers that make plans and steps for tests, each by the functions that people would call."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.consultations.models import Consultation
from assistance.consultations.tests import rounds
from assistance.plans import transitions
from assistance.plans.models import ActionPlan, PlanStep
from assistance.tests.cast import Cast
from assistance.workflow import editing
from files.tests.samples import pdf

AMOUNT = Decimal("120.00")  # of a cost


def _days(days: int) -> Any:
    return timezone.now().date() + timedelta(days=days)


def free_provision() -> str:
    """Return a provision of which there is no roadmap yet: each has one."""
    return f"para. {Consultation.objects.count() + 12}"


def roadmap(cast: Cast, consultation: Any = None, **changes: Any) -> ActionPlan:
    """Return a roadmap in draft, on a consultation with one closed round."""
    of = consultation or rounds.consultation(cast, provision=free_provision())
    if not of.rounds.exists():
        rounds.closed(cast, rounds.opened(cast, of))
    values = {
        "kind": "roadmap", "consultation": of, "language": "en", "title": "Roadmap on passenger information",
        "starts_on": _days(-30), "ends_on": _days(700), **changes,
    }  # fmt: skip
    row: ActionPlan = editing.create(actor=cast.cted, model=ActionPlan, values=values)
    return row


def national(cast: Cast, **changes: Any) -> ActionPlan:
    """Return a national action plan of carana in draft."""
    values = {
        "kind": "national_plan", "state": cast.org("carana"), "language": "en", "title": "National action plan",
        "starts_on": _days(-30), "ends_on": _days(700), **changes,
    }  # fmt: skip
    row: ActionPlan = editing.create(actor=cast.unoct, model=ActionPlan, values=values)
    return row


def step(cast: Cast, plan: ActionPlan | None = None, **changes: Any) -> PlanStep:
    """Return a step of a plan in draft."""
    plan = plan or roadmap(cast)
    values = {
        "plan": plan, "number": "1", "language": "en", "title": "Connect the third airport",
        "recommendation": "Extend the contract with the carrier gateway to the third airport.", "theme": cast.theme,
        "framework": "operational", "responsible_body": "Civil Aviation Authority", "due": _days(200), "priority": "medium",
        **changes,
    }  # fmt: skip
    actor = cast.cted if plan.is_roadmap else cast.unoct
    row: PlanStep = editing.create(actor=actor, model=PlanStep, values=values)
    return row


def put(cast: Cast, plan: ActionPlan | None = None) -> ActionPlan:
    """Return a plan with a step that was submitted to its State."""
    plan = plan or roadmap(cast)
    if not plan.steps.exists():
        step(cast, plan)
    return transitions.put(actor=cast.cted if plan.is_roadmap else cast.unoct, action_plan=plan.pk)


def agreed(cast: Cast, plan: ActionPlan | None = None) -> ActionPlan:
    """Return a plan with a step to which the State has agreed."""
    return transitions.agree(actor=cast.carana, action_plan=put(cast, plan).pk)


def released(cast: Cast, audience: Any = "compact") -> ActionPlan:
    """Return an agreed plan that its State has released."""
    plan = agreed(cast)
    consents.release(actor=cast.carana, rows=[plan], audience=audience)
    plan.refresh_from_db()
    return plan


def in_draft(cast: Cast, **changes: Any) -> PlanStep:
    """Return a step of a plan in draft."""
    return step(cast, **changes)


def with_state(cast: Cast) -> PlanStep:
    """Return a step of a plan that was submitted to the State."""
    return put(cast).steps.get()


def going_on(cast: Cast, supporter: str = "", **changes: Any) -> PlanStep:
    """Return a step to which the State has agreed, supported by an entity."""
    plan = roadmap(cast)
    step(cast, plan, supporters=[cast.org(supporter)] if supporter else [], **changes)
    return agreed(cast, plan).steps.get()


def of_national_plan(cast: Cast) -> PlanStep:
    """Return an agreed step of a national plan that iom supports."""
    plan = national(cast)
    step(cast, plan, supporters=[cast.org("iom")])
    return agreed(cast, plan).steps.get()


def finished(cast: Cast, row: PlanStep | None = None, **changes: Any) -> PlanStep:
    """Return a step that its State has reported as finished."""
    row = row or going_on(cast, **changes)
    return transitions.finish(actor=cast.carana, plan_step=row.pk, evidence="The airport sends data since May.")


def verified(cast: Cast, row: PlanStep | None = None) -> PlanStep:
    """Return a step that CTED has verified."""
    return transitions.verify(actor=cast.cted, plan_step=finished(cast, row).pk)


def dropped(cast: Cast) -> PlanStep:
    """Return a step that is no longer planned."""
    return transitions.drop(actor=cast.cted, plan_step=step(cast).pk, reason="Done otherwise.")


def leaving(cast: Cast) -> PlanStep:
    """Return an agreed step that is removed with the next version."""
    row = going_on(cast)
    transitions.revise(actor=cast.cted, action_plan=row.plan_id, reason="It is done otherwise.")
    return transitions.drop(actor=cast.cted, plan_step=row.pk, reason="Done otherwise.")


def file(name: str = "evidence.pdf") -> SimpleUploadedFile:
    """Return a file that is attached as evidence."""
    return SimpleUploadedFile(name, pdf(), content_type="application/pdf")


# ── Bodies and forms ─────────────────────────────────────────────────────────
def body(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return the body that drafts a roadmap in the API."""
    of = rounds.consultation(cast, provision=free_provision())
    rounds.closed(cast, rounds.opened(cast, of))
    return {
        "kind": "roadmap", "consultation": str(of.pk), "title": "Roadmap on passenger information", "starts_on": "2026-01-01",
        "ends_on": "2028-01-01", **changes,
    }  # fmt: skip


def form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return what the form of a plan sends: each time about the same consultation, of which there is one roadmap."""
    title = "Data for the form of a roadmap"
    of = Consultation.objects.filter(title_en=title).first()
    if of is None:
        of = rounds.consultation(cast, title=title, provision=free_provision())
        rounds.closed(cast, rounds.opened(cast, of))
    return {
        "kind": "roadmap", "consultation": str(of.pk), "title": "Roadmap on passenger information", "starts_on": "2026-01-01",
        "ends_on": "2028-01-01", "language": "en", **changes,
    }  # fmt: skip


def step_body(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return the body that adds a step in the API."""
    return {
        "plan": str(roadmap(cast).pk), "number": "1.1", "title": "Connect the third airport",
        "recommendation": "Extend the contract.", "theme": cast.theme.pk, "framework": "operational", "due": "2028-01-01",
        "priority": "medium", "obligations": [{"instrument": rounds.instrument().symbol, "provision": "para. 12"}],
        "costs": [{"what": "Gateway", "amount": "1200.00", "currency": "EUR"}], **changes,
    }  # fmt: skip


def step_path(cast: Cast) -> str:
    """Return the address of the form that adds a step to a plan in draft."""
    row = ActionPlan.objects.filter(status="draft", kind="roadmap").order_by("pk").first() or roadmap(cast)
    return reverse("plan-step-add", args=[row.pk])


def step_form(cast: Cast, **changes: Any) -> dict[str, Any]:
    """Return what that form sends."""
    return {
        "number": "9.9", "language": "en", "title": "Connect the fourth airport", "recommendation": "Extend the contract.",
        "theme": cast.theme.pk, "framework": "operational", "due": "2028-01-01",
        "human_rights": "not_considered", "gender": "not_considered", "priority": "medium", **changes,
    }  # fmt: skip
