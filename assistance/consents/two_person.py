"""The two-person rule for releases: switched on by one focal point of the State, switched off by two of its people."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import audiences, policy
from assistance.consents.models import TwoPersonRule
from assistance.workflow import notifications
from assistance.workflow.models import Event
from entities.actors import Actor
from entities.models import Appointment, Organisation, Role
from web.exceptions import Conflict, Forbidden, NotVisible


def rule_of(actor: Actor, state: Organisation) -> TwoPersonRule:
    """Return the rule of a State; unsaved if it was never switched on.

    Raises NotVisible for everybody but the people of that State.
    """
    if not state.is_state or state not in actor.organisations or not policy.sees_consents(actor, state.pk):
        raise NotVisible
    return policy.visible(actor, TwoPersonRule).filter(state=state).first() or TwoPersonRule(state=state)


def may_head(actor: Actor, state_id: UUID) -> bool:
    """Return whether this person is a focal point of the State: only focal points switch it on or ask for its end."""
    return any(a.role == Role.FOCAL_POINT and a.organisation_id == state_id for a in actor.appointments)


def switch_on(*, actor: Actor, state: Organisation) -> TwoPersonRule:
    """Require a second person from now on. Returns the rule; raises NotVisible, Forbidden, Conflict."""
    with _changing(actor, state, "two_person_on") as rule:
        _require_head(actor, state)
        if rule.is_on:
            raise Conflict(_("The two-person rule is already in force for your State."))
        rule.is_on = True
    return rule


def ask_off(*, actor: Actor, state: Organisation) -> TwoPersonRule:
    """Ask a colleague to switch the rule off; it stays in force until they agree. Returns the rule."""
    with _changing(actor, state, "two_person_off_asked") as rule:
        _require_head(actor, state)
        if not rule.is_on or rule.off_asked_by is not None:
            raise Conflict(_("The rule is not in force, or a colleague has already been asked."))
        rule.off_asked_by, rule.off_asked_at = actor.user, timezone.now()
    return rule


def agree_off(*, actor: Actor, state: Organisation) -> TwoPersonRule:
    """Switch the rule off, as the second person. Raises Forbidden for whoever asked, Conflict when nobody has asked."""
    with _changing(actor, state, "two_person_off") as rule:
        if rule.off_asked_by is None:
            raise Conflict(_("No request to end the rule is pending."))
        if rule.off_asked_by == actor.user:
            raise Forbidden(_("You made this request. A colleague must approve it."))
        rule.is_on = False
    return rule


def keep_on(*, actor: Actor, state: Organisation) -> TwoPersonRule:
    """Keep the rule: the request to switch it off is refused, or withdrawn by whoever made it. Returns the rule."""
    with _changing(actor, state, "two_person_kept") as rule:
        if rule.off_asked_by is None:
            raise Conflict(_("No request to end the rule is pending."))
    return rule


def _require_head(actor: Actor, state: Organisation) -> None:
    if not may_head(actor, state.pk):
        raise Forbidden(_("Only a focal point of the State can decide this."))


@contextmanager
def _changing(actor: Actor, state: Organisation, event: str) -> Iterator[TwoPersonRule]:
    """Lock the rule, let the body change it, and record who did; any other change closes an open request to end it."""
    with transaction.atomic():
        appointment = _appointment(actor, state)
        Organisation.objects.select_for_update(no_key=True).get(pk=state.pk)
        rule = TwoPersonRule.objects.filter(state=state).first() or TwoPersonRule(state=state)
        yield rule
        if event != "two_person_off_asked":
            rule.off_asked_by = rule.off_asked_at = None
        rule.changed_by, rule.changed_at = actor.user, timezone.now()
        audiences.assign_audience(rule)
        rule.save()
        recorded = Event.objects.create(
            name=event, at=rule.changed_at, actor=actor.user, acting_as=appointment, two_person_rule=rule
        )
        notifications.announce(recorded, rule)


def _appointment(actor: Actor, state: Organisation) -> Appointment:
    """Return the appointment by which this person acts for the State. Raises NotVisible, Forbidden."""
    rule_of(actor, state)
    appointment = actor.appointment_for([state.pk])
    if appointment is None:
        raise Forbidden
    return appointment
