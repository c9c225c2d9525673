"""What the pages of a match show of its delivery, and what comes next in each status."""

from datetime import date
from typing import Any

from django.db.models import DateTimeField, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assistance.access import policy
from assistance.delivery import reports, rules
from assistance.delivery.deadlines import REPORT
from assistance.delivery.models import Feedback, Report
from assistance.needs import decisions
from assistance.needs.models import Match, Need
from assistance.needs.states import OPEN_MATCH, RUNNING_MATCH, MatchStatus
from assistance.workflow.models import Due
from entities.actors import Actor
from web.dates import in_words


def about_match(actor: Actor, match: Match) -> dict[str, Any]:
    """Return what stands beside a decision over a match: the comparison while it is open, then its delivery."""
    own = {"is_open": match.status in OPEN_MATCH, **of_match(actor, match)}
    return {**decisions.about_match(actor, match), **own}


def about_need(actor: Actor, need: Need) -> dict[str, Any]:
    """Return what stands beside a decision over a need: what providers claim to have delivered, with its figures."""
    found = decisions.about_need(actor, need)
    claims = list(found["claims"])
    figures = reports.figures_of_all(claims)
    for match in claims:
        match.figures = figures[match.pk]
    return {**found, "claims": claims}


def of_match(actor: Actor, match: Match) -> dict[str, Any]:
    """Return what a page shows of the delivery: the figures to every reader, all else to the owners of the match alone."""
    figures = reports.figures_of(match)
    if not rules.is_party(actor, match):
        return {"figures": figures, "is_party": False}
    return {
        "figures": figures,
        "is_party": True,
        "next": next_step(match),
        "reports": match.reports.select_related("organisation"),
        "contacts": match.contacts.select_related("organisation", "by"),
        "thread": match.thread.select_related("organisation", "by"),
        "feedback": Feedback.objects.filter(match=match).select_related("organisation").first(),
        "may_write": policy.acting_as(actor, "in_thread", match) is not None,
        "may_log": policy.acting_as(actor, "party", match) is not None,
    }


def due_day(match: Match, kind: str) -> date | None:
    """Return the day of the open deadline of a kind about a match, or None. The reader has to be an owner of the match."""
    due = Due.objects.filter(match=match, kind=kind, done_at=None).select_related("owed_by").first()
    return due.due_on if due else None


def next_step(match: Match) -> str | Promise:
    """Return in a sentence who does what next, and by which day; empty where nothing is left to do."""
    if match.status == MatchStatus.IN_DELIVERY:
        day = due_day(match, REPORT)
        if day is not None:
            text = _("The provider reports its progress by %(date)s, and the delivery when it is complete.")
            return text % {"date": in_words(day)}
    if match.status == MatchStatus.ENDED and match.end_settled_at is None:
        day = due_day(match, rules.END)
        if day is None:
            return _("The State confirms the end or disputes it.")
        return _("The State confirms the end or disputes it by %(date)s.") % {"date": in_words(day)}
    if match.status == MatchStatus.DELIVERED and match.verified_share is not None:
        given = Feedback.objects.filter(match=match).exists()
        return "" if given else _("The State gives its feedback on the assistance.")
    return decisions.next_for_match(match)


# ── My deliveries ────────────────────────────────────────────────────────────
def running_deliveries(actor: Actor) -> QuerySet[Match]:
    """Return the running matches of those in whose name this actor provides, with their last report and the next one due."""
    mine = [one.pk for one in actor.providers()]
    due = policy.visible(actor, Due).filter(match=OuterRef("pk"), kind=REPORT, done_at=None).order_by()
    last = Report.objects.filter(match=OuterRef("pk")).order_by("-period_to")
    rows = policy.visible(actor, Match).filter(Q(provider__in=mine), status__in=RUNNING_MATCH)
    return rows.select_related("need__state", "provider").annotate(
        report_due=Subquery(due.values("due_at")[:1], output_field=DateTimeField()),
        reported_to=Subquery(last.values("period_to")[:1]),
    )


def is_overdue(match: Match) -> bool:
    """Return whether the report of a row of `running_deliveries` is overdue."""
    return match.report_due is not None and match.report_due <= timezone.now()  # type: ignore[attr-defined]
