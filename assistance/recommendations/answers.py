"""The draft of the State's reply: one row for each recommendation, saved one by one, sent together."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max, Prefetch, QuerySet
from django.utils.translation import gettext as _

from assistance.access import audiences, policy, row_security
from assistance.recommendations.models import Rating, Recommendation, Response
from assistance.recommendations.states import ResponseStatus, Said
from assistance.visits import rules
from assistance.visits.models import Visit
from assistance.workflow.engine import check_version
from entities.actors import Actor
from entities.local_days import today_of
from web.exceptions import Invalid
from web.texts import TEXT_MAX
from web.translated_text import set_localized

NEEDS_ACTION = (
    Said.IMPLEMENTED,
    Said.UNDER_WAY,
    Said.NOT_ACCEPTED,
)  # of these the State says what was done, or why not


def save(
    *,
    actor: Actor,
    recommendation: object,
    said: str,
    action: str = "",
    on: date | None = None,
    language: str = "",
    version: int | None = None,
) -> Response:
    """Save what the State says of one recommendation in its next reply. CTED sees it when the reply is sent.

    Returns the draft; raises NotVisible, Forbidden, Conflict before the final report was sent, StaleSave when a
    colleague has saved another text since `version` was read, Invalid.
    """
    with transaction.atomic():
        row = policy.get(actor, Recommendation, recommendation)
        visit = policy.get(actor, Visit, row.visit_id, lock=True)
        policy.require(actor, "state", visit)
        with row_security.bypass():
            rules.is_not_cancelled(visit)
            rules.final_is_sent(visit)
            check(visit, said, action, on)
            draft = Response.objects.filter(recommendation=row, status=ResponseStatus.DRAFT).first()
            if draft is not None:
                check_version(draft, version, {"said": said, "action": action, "on": on})
            return _write(actor, row, visit, draft, said=said, action=action, on=on, language=language)


def check(visit: Visit, said: str, action: str, on: date | None) -> None:
    """Raise Invalid, naming the field, for a reply without what it needs, or with a day in the future."""
    errors: dict[str, list[str]] = {}
    if said not in Said.values:
        errors["said"] = [_("Select one of the answers given.")]
    if said in NEEDS_ACTION and not action.strip():
        errors["action"] = [_("Say what was done, or why the recommendation is not accepted.")]
    if len(action) > TEXT_MAX:
        errors["action"] = [_("The text is too long.")]
    if on is not None and said == Said.IMPLEMENTED and on > today_of(visit.state):
        errors["on"] = [_("The date is in the future.")]
    if errors:
        raise Invalid(errors)


def _write(
    actor: Actor,
    row: Recommendation,
    visit: Visit,
    draft: Response | None,
    *,
    language: str,
    action: str,
    **values: Any,
) -> Response:
    is_new = draft is None
    if draft is None:
        last = Response.objects.filter(recommendation=row).aggregate(last=Max("period"))["last"] or 0
        draft = Response(recommendation=row, visit=visit, period=last + 1)
        draft.language = language or actor.user.language
    else:
        draft.version += 1
        set_localized(draft, "action", "", draft.language)
        draft.language = language or draft.language
    draft.by = actor.user
    for name, value in values.items():
        setattr(draft, name, value)
    set_localized(draft, "action", action, draft.language)
    audiences.assign_audience(draft)
    draft.save(force_insert=is_new)
    return draft


def matrix(actor: Actor, visits: Sequence[Visit]) -> QuerySet[Recommendation]:
    """Return the recommendations of these visits that this actor sees, with their replies and ratings as far as they do.

    Three statements, however many rows. The latest of each comes first, in `seen_responses` and `seen_ratings`.
    """
    responses = policy.visible(actor, Response).select_related("visit__state").order_by("-period")
    ratings = policy.visible(actor, Rating).select_related("basis").order_by("-number")
    rows = policy.visible(actor, Recommendation).filter(visit__in=visits)
    return (
        rows.select_related("visit__state", "theme", "instrument")
        .prefetch_related(
            Prefetch("responses", responses, to_attr="seen_responses"),
            Prefetch("ratings", ratings, to_attr="seen_ratings"),
        )
        .order_by("visit__starts_on", "number")
    )


def require_replier(actor: Actor, visit: Visit) -> None:
    """Raise Forbidden for whoever does not act for the State, Conflict where no reply is awaited."""
    policy.require(actor, "state", visit)
    rules.is_not_cancelled(visit)
    rules.final_is_sent(visit)
