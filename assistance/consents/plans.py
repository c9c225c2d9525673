"""Release plans: edited line by line, published together, by two persons where the State requires it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import audiences, policy
from assistance.access.audience_words import audience_groups
from assistance.access.models import Audience, Restricted
from assistance.consents import transitions as consents
from assistance.consents.kinds import in_order_of_locks, keys_by_model, visit_id_of, visit_of
from assistance.consents.models import RELEASED, Consent, PlanLine, ReleasePlan
from assistance.consents.states import ReleasePlanStatus
from assistance.consents.transitions import Chosen, Grant, SecondNeeded
from assistance.visits.models import Visit
from assistance.workflow.engine import TransitionContext, check_version, require_text, save, transition
from entities.actors import Actor
from web.exceptions import Conflict, Forbidden, Invalid, StaleSave

# Fields reset when a proposal goes back to draft.
NOT_PROPOSED = {"status": ReleasePlanStatus.DRAFT, "proposed_at": None, "proposed_by": None, "proposed_as": None}


def plan(
    *,
    actor: Actor,
    release_plan: object = None,
    visit: object = None,
    rows: Iterable[Restricted],
    audience: str | Sequence[str] = "compact",
    until: date | None = None,
    versions: Mapping[str, int] | None = None,
) -> ReleasePlan:
    """Add rows to a plan, or to a new one when none is given; a row already in it is replaced. Returns the plan.

    Raises NotVisible, Forbidden, Conflict (a row that cannot be released yet, a plan no longer drafted), StaleSave, Invalid.
    """
    groups = audience_groups(audience)
    with transaction.atomic():
        draft = None if release_plan is None else _draft(actor, release_plan)
        chosen = consents.choose(actor, keys_by_model(rows), "share")
        consents.check_until(until, chosen.state)
        consents.check_versions(chosen.rows, versions)
        about = None if visit is None else policy.get(actor, Visit, visit)
        if draft is None:
            draft = _new(actor, chosen, about)
        elsewhere = draft.visit_id and {visit_id_of(row) for row in chosen.rows} != {draft.visit_id}
        if elsewhere or draft.state_id != chosen.state.pk:
            raise Forbidden(_("A plan covers one State and one visit only. Make a separate plan for each visit."))
        _write_lines(draft, chosen.rows, audiences.audience_of(groups), until)
        save(draft, [])
    return draft


def _write_lines(draft: ReleasePlan, rows: Sequence[Any], to: Audience, until: date | None) -> None:
    """Write a line for each row, in place of the line it has."""
    for model in keys_by_model(rows):
        name = model.record_name()
        own: list[Any] = [row for row in rows if type(row) is model]
        lines = [
            PlanLine(plan=draft, released_to=to, until=until, version_read=row.version, **{name: row}) for row in own
        ]
        PlanLine.objects.bulk_create(
            lines,
            update_conflicts=True,
            unique_fields=["plan", name],
            update_fields=["released_to", "until", "version_read"],
        )


def arrange(
    *,
    actor: Actor,
    wanted: Mapping[Any, Sequence[str]],
    offered: Iterable[Restricted],
    release_plan: object = None,
    visit: object = None,
    until: date | None = None,
    versions: Mapping[str, int] | None = None,
) -> ReleasePlan:
    """Give a plan, or a new one, these lines: row → audience; of the rows offered, those not wanted are removed.

    Returns the plan. Raises what `plan` raises, and Invalid when nothing is wanted and there is no plan.
    """
    together: dict[tuple[str, ...], list[Any]] = {}
    for row, words in wanted.items():
        together.setdefault(tuple(words), []).append(row)
    if not together and release_plan is None:
        raise Invalid({"": [_("Select at least one section or need.")]})
    with transaction.atomic():
        for words, rows in together.items():
            draft = plan(
                actor=actor, release_plan=release_plan, visit=visit,
                rows=rows, audience=words, until=until, versions=versions,
            )  # fmt: skip
            release_plan = draft.pk
        draft = _draft(actor, release_plan)
        for model, keys in keys_by_model(row for row in offered if row not in wanted).items():
            draft.lines.filter(**{f"{model.record_name()}__in": keys}).delete()
        save(draft, [])
    return draft


def take_out(*, actor: Actor, release_plan: object, line: object) -> ReleasePlan:
    """Remove a line from a plan. Returns the plan, also when the line was removed before."""
    with transaction.atomic():
        draft = _draft(actor, release_plan)
        gone, _each = draft.lines.filter(pk=str(line)).delete()
        if gone:
            save(draft, [])
    return draft


def publish(
    *,
    actor: Actor,
    release_plan: object,
    remark: str = "",
    note_verbale: UploadedFile | None = None,
    version: int | None = None,
) -> ReleasePlan:
    """Publish a plan; where the State requires two persons and the plan widens access, propose it to a colleague.

    Returns the plan; its status says which. Raises StaleSave when a text has changed since it was added to the plan.
    """
    note = consents.cleaned(note_verbale)
    with transition(actor, ReleasePlan, release_plan, "publish", version=version) as context:
        row = context.row
        kept = consents.kept(note, row.state) or row.note_verbale
        context.set(remark=remark, note_verbale=kept)
        try:
            with transaction.atomic():
                _into_force(actor, context)
        except SecondNeeded:
            now = timezone.now()
            values = {"proposed_at": now, "proposed_by": actor.user, "proposed_as": context.appointment}
            context.set(status=ReleasePlanStatus.PROPOSED, **values)
            context.event = "release_proposed"
    return context.row


def confirm(*, actor: Actor, release_plan: object, version: int | None = None) -> ReleasePlan:
    """Publish a colleague's proposal, exactly as it was proposed. Returns the plan.

    Raises Forbidden for the person who proposed it, Conflict when it is too old or no longer awaits confirmation,
    StaleSave when a text has changed since: the plan has to be returned and read again.
    """
    with transition(actor, ReleasePlan, release_plan, "confirm", version=version) as context:
        _into_force(actor, context, seconded=True)
    return context.row


def send_back(*, actor: Actor, release_plan: object, reason: str, version: int | None = None) -> ReleasePlan:
    """Return a proposal to its authors, with a reason; the person who proposed it withdraws it the same way."""
    require_text(reason=reason)
    with transition(actor, ReleasePlan, release_plan, "send-back", version=version) as context:
        context.set(**NOT_PROPOSED)
        context.reason = reason
    return context.row


def give_up(*, actor: Actor, release_plan: object, version: int | None = None) -> ReleasePlan:
    """Abandon a plan. Existing releases stay as they are."""
    with transition(actor, ReleasePlan, release_plan, "give-up", version=version) as context:
        context.set(status=ReleasePlanStatus.GIVEN_UP)
    return context.row


def submit(
    *,
    actor: Actor,
    rows: Iterable[Restricted],
    note_verbale: UploadedFile | None = None,
    reason: str = "",
    audience: str | Sequence[str] = "compact",
    until: date | None = None,
    versions: Mapping[str, int] | None = None,
) -> Consent | ReleasePlan:
    """Release rows to one audience at once; where a second person is required, propose the release to a colleague.

    Returns the consent now in force, or the plan that awaits a colleague. Raises what `consents.release` raises.
    """
    what: dict[str, Any] = {"rows": list(rows), "audience": audience, "until": until, "versions": versions}
    try:
        return consents.release(actor=actor, note_verbale=note_verbale, reason=reason, **what)
    except SecondNeeded:
        with transaction.atomic():
            draft = plan(actor=actor, **what)
            return publish(actor=actor, release_plan=draft.pk, remark=reason, note_verbale=note_verbale)


def _new(actor: Actor, chosen: Chosen, visit: Visit | None) -> ReleasePlan:
    visits = {visit_id_of(row) for row in chosen.rows}
    if visit is None and len(visits) == 1:
        visit = visit_of(chosen.rows[0])
    draft = ReleasePlan(state=chosen.state, visit=visit, created_by=actor.user)
    audiences.assign_audience(draft)
    draft.save()
    return draft


def _draft(actor: Actor, release_plan: object) -> ReleasePlan:
    """Return a plan, locked, that this actor may change. Raises NotVisible, Forbidden, Conflict."""
    row = policy.get(actor, ReleasePlan, release_plan, lock=True)
    policy.require(actor, "state", row)
    if row.status != ReleasePlanStatus.DRAFT:
        raise Conflict(
            _("The plan can no longer be changed. Current status: “%(state)s”.") % {"state": row.get_status_display()}
        )
    return row


def _into_force(actor: Actor, context: TransitionContext, *, seconded: bool = False) -> None:
    """Check every line against the version that was read, create the consents, and set the plan to published."""
    row = context.row
    lines = {line.row_id: line for line in row.lines.select_related("released_to")}
    named = ((RELEASED[line.row_name], key) for key, line in lines.items())
    chosen = consents.choose(actor, in_order_of_locks(named), "share")
    for found in chosen.rows:
        _check_read(found, lines[found.pk].version_read)
    for line in lines.values():
        consents.check_until(line.until, row.state)
    granted = [Grant(found, lines[found.pk].released_to, lines[found.pk].until) for found in chosen.rows]
    consents.give(actor, chosen, granted, reason=row.remark, note=row.note_verbale, plan=row, seconded=seconded)
    context.set(status=ReleasePlanStatus.PUBLISHED, published_at=timezone.now(), published_by=actor.user)


def _check_read(row: Any, version: int) -> None:
    try:
        check_version(row, version)
    except StaleSave:
        message = _("A text has changed since it was added to the plan. Read it again before you release it.")
        raise StaleSave({}, {}, message) from None
