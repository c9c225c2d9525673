"""Setting suggestions aside: for one's own organization only, with a reason, and to be undone.

Other organizations notice nothing. CTED and UNOCT read for which reasons, by theme, never for which need.
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.access import policy, row_security
from assistance.needs.match_projects import check_project
from assistance.needs.models import Dismissal, Match, Need
from assistance.needs.rules import providers_of
from assistance.needs.states import OF_PORTAL, OPEN_TO_OFFERS, AnswerReason
from assistance.needs.suggestions import Candidate
from assistance.offers.models import Offer
from assistance.offers.states import OfferStatus
from assistance.projects.models import Project
from assistance.workflow.engine import require_text
from entities.actors import CTED, UNOCT, Actor
from entities.models import Appointment, Theme
from web.exceptions import Conflict, Forbidden, Invalid

REASONS = tuple(reason for reason in AnswerReason if reason not in OF_PORTAL)
FEWEST = 3  # needs that are counted; of fewer only that there are some is said


def may_dismiss(actor: Actor, need: Need) -> bool:
    """Return whether this actor sets suggestions for this need aside: whoever can propose for it does."""
    return policy.may_create(actor, Match) and (actor.is_cted or bool(providers_of(actor, need)))


def dismiss(
    *,
    actor: Actor,
    need: object,
    reason_code: str,
    text: str,
    offer: object | None = None,
    project: object | None = None,
) -> Dismissal:
    """Set one offer or one project aside for a need, for the actor's organization. Returns the dismissal.

    Raises NotVisible (need, offer, project), Forbidden, Conflict (the need takes no offers; set aside before), Invalid.
    """
    require_text(text=text)
    if reason_code not in REASONS:
        raise Invalid({"reason_code": [_("Select one of the reasons given.")]})
    with transaction.atomic():
        row = policy.get(actor, Need, need)
        candidate = get_candidate(actor, offer, project)
        post = acting_on(actor, row, candidate)
        _check(row, candidate)
        found = Dismissal(
            need=row, by_org=post.organisation, by=actor.user, reason_code=reason_code, text=text,
            **{candidate.record_name(): candidate},
        )  # fmt: skip
        try:
            with transaction.atomic():
                found.save(force_insert=True)
        except IntegrityError as error:
            if "dismissal_once_per" not in str(error):
                raise
            raise Conflict(_("Your organization has already set this suggestion aside.")) from None
    return found


def undo(*, actor: Actor, need: object, offer: object | None = None, project: object | None = None) -> Dismissal:
    """Let a suggestion be shown again that the actor's organization has set aside. Returns the dismissal.

    Raises NotVisible (need, offer, project), Forbidden, Conflict where it is not set aside.
    """
    with transaction.atomic():
        row = policy.get(actor, Need, need)
        candidate = get_candidate(actor, offer, project)
        acting_on(actor, row, candidate)
        rows = dismissed_by(actor, row).filter(**{candidate.record_name(): candidate})
        found = rows.filter(by_org__in=list(actor.acting_for)).select_for_update(of=("self",)).first()
        if found is None:
            raise Conflict(_("Your organization has not set this suggestion aside."))
        found.undone_at, found.undone_by = timezone.now(), actor.user
        found.save(update_fields=["undone_at", "undone_by"])
    return found


def get_candidate(actor: Actor, offer: object | None, project: object | None) -> Candidate:
    """Return the one offer or project that is meant. Raises NotVisible, Invalid where none or both are named."""
    if (offer is None) == (project is None):
        raise Invalid({"offer": [_("Specify either an offer or a project.")]})
    return policy.get(actor, Offer, offer) if offer is not None else policy.get(actor, Project, project)


def acting_on(actor: Actor, need: Need, candidate: Candidate) -> Appointment:
    """Return the appointment by which the actor sets a candidate aside. Raises Forbidden.

    That of its own provider, if they act for it, else that of CTED, else that of another provider they act for.
    """
    if not may_dismiss(actor, need):
        raise Forbidden
    owner = candidate.provider_id if isinstance(candidate, Offer) else candidate.lead_id
    own = [one.pk for one in providers_of(actor, need)]
    cted = [one.pk for one in actor.organisations if one.slug == CTED]
    found = actor.appointment_for([*(pk for pk in own if pk == owner), *cted, *own])
    if found is None:
        raise Forbidden
    return found


def _check(need: Need, candidate: Candidate) -> None:
    if need.status not in OPEN_TO_OFFERS:
        raise Conflict(
            _("The need does not accept offers. Current status: “%(state)s”.") % {"state": need.get_status_display()}
        )
    if isinstance(candidate, Project):
        check_project(candidate)
    elif candidate.status != OfferStatus.PUBLISHED:
        raise Conflict(_("The offer is not published, or its availability has ended."))


def dismissed_by(actor: Actor, need: Need) -> QuerySet[Dismissal]:
    """Return what the actor's organizations have set aside for a need, oldest first, as far as they see it themselves."""
    own = [one.pk for one in actor.organisations]
    rows = Dismissal.objects.filter(need=need.pk, by_org__in=own, undone_at=None)
    if actor.viewer is not None:
        rows = rows.filter(by_org__in=[one.pk for one in actor.viewer.organisations])
    return rows.order_by("at", "pk")


def shown_dismissals(actor: Actor, need: Need) -> list[tuple[Dismissal, Candidate]]:
    """Return the same, each with its offer or project where the actor still sees it. Three statements."""
    rows = list(dismissed_by(actor, need))
    offers = (
        policy.visible(actor, Offer).select_related("provider").in_bulk([row.offer_id for row in rows if row.offer_id])
    )
    leads = policy.visible(actor, Project).select_related("lead")
    projects = leads.in_bulk([row.project_id for row in rows if row.project_id])
    known: dict[object, Candidate] = {**offers, **projects}
    keyed = [(row, known.get(row.offer_id or row.project_id)) for row in rows]
    return [(row, candidate) for row, candidate in keyed if candidate is not None]


# ── Reasons by theme ─────────────────────────────────────────────────────────
@dataclass(frozen=True)
class ReasonCount:
    """For how many needs of a theme suggestions were set aside for one reason; None: for fewer than `FEWEST`."""

    theme: Theme
    reason: AnswerReason
    needs: int | None


def reads_reasons(actor: Actor) -> bool:
    """Return whether this actor reads for which reasons suggestions are set aside: CTED and UNOCT do.

    Somebody who views as another needs this right themselves too.
    """
    told = any(one.slug in (CTED, UNOCT) for one in actor.organisations)
    return told and (actor.viewer is None or reads_reasons(actor.viewer))


def reasons_by_theme(actor: Actor) -> list[ReasonCount]:
    """Return the reasons, by the name of the theme and in the order of the list of reasons, over the needs they see.

    Raises Forbidden. Nothing else of a dismissal leaves this function: neither the need, nor who, nor the words.
    """
    if not reads_reasons(actor):
        raise Forbidden
    with row_security.bypass():
        rows = Dismissal.objects.filter(undone_at=None, need__in=policy.visible(actor, Need).values("pk"))
        counted = rows.order_by().values_list("need__theme", "reason_code").annotate(needs=Count("need", distinct=True))
        found = {(theme, reason): needs for theme, reason, needs in counted}
    themes = Theme.objects.filter(pk__in={theme for theme, _reason in found}).by_pillar()
    return [
        ReasonCount(theme, reason, number if number >= FEWEST else None)
        for theme in themes
        for reason in REASONS
        if (number := found.get((theme.pk, reason)))
    ]
