"""Transitions of a visit: agreed, its draft observed, its report adopted and sent, and the reply of the State.

Source: guidelines of the Committee of 8 October 2018: 30 days for observations on facts, 6 months for the reply.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from django.core.files import File
from django.db import transaction as database_transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import audiences, row_security
from assistance.consents.transitions import asks_for_two
from assistance.documents.transitions import attach
from assistance.needs.models import Need
from assistance.recommendations import rules
from assistance.recommendations.letters import LABELS
from assistance.recommendations.models import Observation, Recommendation, Response
from assistance.recommendations.states import ResponseStatus
from assistance.visits.editing import keep_follow_up
from assistance.visits.models import Visit
from assistance.workflow.engine import TransitionContext, finish, record, require_text, save, save_all, transition
from assistance.workflow.models import Due
from assistance.workflow.notifications import settle
from entities.actors import Actor
from entities.local_days import today_of
from web.dates import in_words
from web.exceptions import Forbidden, Invalid
from web.periods import add_months
from web.texts import TEXT_MAX
from web.translated_text import set_localized

OBSERVATIONS_DUE, REPLY_DUE = "visit_observations", "visit_reply"
OBSERVATIONS = timedelta(days=30)
REPLY_MONTHS = 6


def record_host_consent(
    *, actor: Actor, visit: object, agreed_on: date | None = None, version: int | None = None
) -> Visit:
    """Record that the State has agreed to the visit, today or on the day given. Returns the visit.

    Raises Invalid for a day in the future.
    """
    with transition(actor, Visit, visit, "record-host-consent", version=version) as context:
        today = today_of(context.row.state)
        if agreed_on is not None and agreed_on > today:
            raise Invalid({"agreed_on": [_("The date is in the future.")]})
        context.set(host_consent_on=agreed_on or today)
    return context.row


def send_draft(*, actor: Actor, visit: object, version: int | None = None) -> Visit:
    """Ask the State for its observations on the draft report, within 30 days. Returns the visit."""
    with transition(actor, Visit, visit, "send-draft", version=version) as context:
        today = today_of(context.row.state)
        context.set(draft_sent_on=today, observations_until=today + OBSERVATIONS)
    return context.row


def observe(
    *,
    actor: Actor,
    visit: object,
    text: str = "",
    language: str = "",
    file: File | None = None,
    version: int | None = None,
) -> Visit:
    """Send observations on the draft report, for its State: a text, a file, or both. Returns the visit.

    Raises Invalid without either, or for a text that is too long; Conflict when the time for them is over.
    """
    if not text.strip() and file is None:
        raise Invalid({"text": [_("Enter your observations, or attach a file.")]})
    if len(text) > TEXT_MAX:
        raise Invalid({"text": [_("The text is too long.")]})
    with database_transaction.atomic():
        with transition(actor, Visit, visit, "observe", version=version) as context:
            # A proposed adoption is of the report as it was before them, so it is proposed anew.
            context.set(observed_on=today_of(context.row.state), adoption_proposed_by=None)
            added = _observation(actor, context.row, text, language or actor.user.language)
        if file is not None:
            attach(actor=actor, parent=added, file=file, sent_together=True)
    return context.row


def _observation(actor: Actor, visit: Visit, text: str, language: str) -> Observation:
    last = Observation.objects.filter(visit=visit).aggregate(last=Max("number"))["last"] or 0
    added = Observation(visit=visit, number=last + 1, language=language, sent_by=actor.user)
    set_localized(added, "text", text, language)
    audiences.assign_audience(added)
    added.save(force_insert=True)
    return added


def end_observations(visit: Visit) -> None:
    """Record that the time for observations ended without any. Run with the locked visit."""
    if visit.observed_on is not None or visit.observations_ended_on is not None or visit.adopted_on is not None:
        return
    visit.observations_ended_on = today_of(visit.state)
    save(visit, ["observations_ended_on"])
    record("no_observations", visit, actor=None)


def end_reply(visit: Visit) -> None:
    """Ask for no reply any more: none is overdue. One that is sent is still taken. Run with the locked visit."""
    if visit.replied_on is not None or visit.reply_by is None:
        return
    visit.reply_by = None
    save(visit, ["reply_by"])
    settle([visit], ("final_sent", "reply_overdue"))


WAIVED: Mapping[str, Callable[[Visit], None]] = {OBSERVATIONS_DUE: end_observations, REPLY_DUE: end_reply}


def follow_waivers(dues: Sequence[Due]) -> None:
    """Go on without observations, or without a reply, where CTED has waived the deadline for them."""
    for due in dues:
        follow = WAIVED.get(due.kind)
        if follow is not None and due.done_at is not None and due.visit_id:
            follow(Visit.objects.select_related("state").select_for_update(of=("self",)).get(pk=due.visit_id))


def adopt(*, actor: Actor, visit: object, adopted_on: date | None = None, version: int | None = None) -> Visit:
    """Record that the Committee has adopted the report with its recommendations. Returns the visit.

    Where CTED requires two persons the first proposes it and the second confirms, with its day. Raises Forbidden for
    whoever has proposed it, Invalid for a day in the future, before the draft was sent, or other than the proposed one.
    """
    with transition(actor, Visit, visit, "adopt", version=version) as context:
        row, today = context.row, today_of(context.row.state)
        is_for_two = asks_for_two(context.appointment.organisation_id)
        proposed = rules.proposed_day(row) if is_for_two and row.adoption_proposed_by_id else None
        day = adopted_on or proposed or today
        if not row.draft_sent_on <= day <= today:
            raise Invalid({"adopted_on": [_("Enter a day between the sending of the draft report and today.")]})
        if is_for_two:
            if row.adoption_proposed_by_id is None:
                context.set(adoption_proposed_by=actor.user)
                context.event, context.reason = "adoption_proposed", day.isoformat()
                return context.row
            if row.adoption_proposed_by_id == actor.user.pk:
                raise Forbidden(_("You proposed this. A colleague must confirm it."))
            if proposed is not None and day != proposed:
                text = _("Your colleague proposed %(day)s. Enter this day, or leave the field empty.")
                raise Invalid({"adopted_on": [text % {"day": in_words(proposed)}]})
        context.set(adopted_on=day, adoption_proposed_by=None)
        own = list(Recommendation.objects.filter(visit=row).order_by("pk").select_for_update())
        for recommendation in own:
            recommendation.adopted_on = day
        save_all(own, ["adopted_on"])
    return context.row


def send_final(*, actor: Actor, visit: object, version: int | None = None) -> Visit:
    """Ask the State to reply to the recommendations within 6 months. Returns the visit.

    Needs that the recommendations lead to and that are still drafts are put to the State.
    """
    with transition(actor, Visit, visit, "send-final", version=version) as context:
        today = today_of(context.row.state)
        context.set(final_sent_on=today, reply_by=add_months(today, REPLY_MONTHS))
        _put_needs(context)
    return context.row


def _put_needs(context: TransitionContext) -> None:
    drafts = rules.drafts_behind(context.row, Need.objects.all())
    for need in Need.objects.filter(pk__in=drafts.values("pk")).order_by("pk").select_for_update():
        own = TransitionContext(need, context.actor, context.appointment, "need_put_to_state", need.status)
        own.set(put_to_state_at=timezone.now())
        finish(own)


def reply(*, actor: Actor, visit: object, version: int | None = None) -> Visit:
    """Send what the State has entered about the recommendations, all of it together. Returns the visit.

    Raises Conflict while a recommendation has no status, or when nothing was entered since the last reply.
    """
    with transition(actor, Visit, visit, "reply", version=version) as context:
        today = today_of(context.row.state)
        drafts = list(Response.objects.filter(visit=context.row, status=ResponseStatus.DRAFT).order_by("pk"))
        for response in drafts:
            response.status, response.sent_on = ResponseStatus.SENT, today
        save_all(drafts, ["status", "sent_on"])
        context.set(replied_on=today)
    return context.row


def cancel(*, actor: Actor, visit: object, reason: str, version: int | None = None) -> Visit:
    """Cancel a visit: what is owed about it ends. Returns the visit; raises Invalid without a reason."""
    require_text(reason=reason)
    with database_transaction.atomic(), transition(actor, Visit, visit, "cancel", version=version) as context:
        context.set(cancelled_on=today_of(context.row.state), consent_asked_at=None, adoption_proposed_by=None)
        context.reason = reason
    with row_security.bypass():
        keep_follow_up(context.row, {})
    return context.row


def record_letter(
    *, actor: Actor, visit: object, letter: str, number: str, sent_on: date, version: int | None = None
) -> Visit:
    """Record that a letter was sent, with its number and day. Returns the visit.

    Raises Invalid for a letter before the step that it is about, or for a day before what it presupposes.
    """
    if letter not in LABELS:
        raise Invalid({"letter": [_("Select one of the letters given.")]})
    if sent_on > timezone.now().date():
        raise Invalid({"sent_on": [_("The date is in the future.")]})
    with transition(actor, Visit, visit, "record-letter", version=version) as context:
        rules.check_letter(context.row, letter, sent_on)
        context.reason = " · ".join(filter(None, (str(LABELS[letter]), number, in_words(sent_on))))
    return context.row
