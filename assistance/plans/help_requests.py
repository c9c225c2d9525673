"""A request for assistance, and an offer of experience, that are filled in from a step of a plan."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assistance import considerations
from assistance.access import policy, row_security
from assistance.offers.models import Offer
from assistance.plans.models import PlanStep
from assistance.plans.queries import earlier_assistance
from assistance.plans.states import CLAIMED, GOES_ON
from assistance.requests.models import AssistanceRequest
from assistance.workflow import editing
from entities.actors import Actor
from entities.local_days import today_of
from web.exceptions import Conflict
from web.translated_text import localized

NAME_MAX = 200


def may_ask(actor: Actor, step: PlanStep) -> bool:
    """Return whether this actor can request assistance for a step: its State, while the step goes on."""
    return (
        step.status in GOES_ON
        and policy.acting_as(actor, "state", step) is not None
        and policy.may_create(actor, AssistanceRequest)
    )


def known_of(actor: Actor, step: PlanStep) -> dict[str, Any]:
    """Return what a request can take from a step and from the round behind it, by field; nothing that is not known.

    The contact is the person who asks. A day that has passed is left out.
    """
    title, how = (localized(step, name, step.language).value for name in ("title", "recommendation"))
    earlier = earlier_assistance(actor, step)
    found = {
        "language": step.language,
        "title": title,
        "description": how,
        "theme": step.theme,
        "pillar": step.pillar,
        "assistance_types": list(step.help_types),
        "deliverable": "\n".join(filter(None, (title, step.help_area))),
        "instrument": step.instrument,
        "provision": step.provision,
        "beneficiary": step.responsible_body,
        "wanted_by": step.due if step.due >= today_of(step.state) else None,
        "baseline": _measure(step.indicator, step.baseline_in_words),
        "target": _measure(step.indicator, step.target_in_words),
        "earlier_help": earlier,
        **considerations.shown(step),
        "contact_name": actor.user.name[:NAME_MAX],
        "contact_email": actor.user.email,
    }
    return {name: value for name, value in found.items() if value}


def _measure(indicator: str, value: str) -> str:
    """Return a value with its indicator: of a request, baseline and target are texts of their own."""
    return f"{value} ({indicator})" if value and indicator else value


def link(actor: Actor, step: PlanStep, request: AssistanceRequest) -> None:
    """Keep that a request was made from a step."""
    with transaction.atomic(), row_security.bypass():
        step.requests.add(request)


def ask(*, actor: Actor, plan_step: object) -> AssistanceRequest:
    """Record a draft request that is filled in from a step, for its State. Returns the request.

    Raises NotVisible; Forbidden for who may not; Conflict for a step that is finished or no longer planned.
    """
    with transaction.atomic():
        step = policy.get(actor, PlanStep, plan_step)
        policy.require(actor, "state", step)
        if step.status not in GOES_ON:
            raise Conflict(_("Assistance is requested for steps that go on."), url=step.get_absolute_url())
        values = {**known_of(actor, step), "state": step.state}
        row: AssistanceRequest = editing.create(actor=actor, model=AssistanceRequest, values=values)
        link(actor, step, row)
    return row


def may_offer(actor: Actor, step: PlanStep) -> bool:
    """Return whether this actor can offer to show others how a step was done: its State, once it is finished."""
    return (
        step.status in CLAIMED
        and policy.acting_as(actor, "state", step) is not None
        and policy.may_create(actor, Offer)
    )


def offer_of(step: PlanStep) -> dict[str, Any]:
    """Return what an offer takes from a step, as the form of an offer is filled in."""
    return {
        "provider": step.state_id,
        "language": step.language,
        "title": localized(step, "title", step.language).value,
        "description": localized(step, "recommendation", step.language).value,
        "themes": [step.theme_id],
        "assistance_types": list(step.help_types),
    }
