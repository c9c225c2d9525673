"""Demonstration of what follows a confirmed match: reports, messages, contacts, ends, a dispute, and feedback."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from assistance.delivery import exchange, transitions
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.needs import match_demo
from assistance.needs.models import Match


@dataclass(frozen=True)
class ReportData:
    """A report so many days ago, about the days before it."""

    match: str
    at: int
    days: int
    women: int
    men: int
    unknown: int = 0
    expert_days: int = 0


REPORTS = (
    ReportData("carana/api-pnr/unodc/195", at=150, days=25, women=6, men=9, expert_days=18),
    ReportData("carana/api-pnr/unodc/195", at=125, days=24, women=8, men=7, expert_days=14),
    ReportData("carana/border/iom/114", at=70, days=25, women=11, men=19, unknown=4, expert_days=22),
    ReportData("carana/criminal-justice/unodc/70", at=20, days=30, women=18, men=22, expert_days=16),
    ReportData("sumora/border/iom/99", at=60, days=20, women=9, men=16, expert_days=10),
    ReportData("katasi/aviation/icao/39", at=5, days=15, women=5, men=7, expert_days=8),
)
# Match → who writes in its thread, how many days ago, and what.
THREAD = (
    ("carana/criminal-justice/unodc/70", "unodc", 50, "thread_provider"),
    ("carana/criminal-justice/unodc/70", "carana", 48, "thread_state"),
    ("carana/criminal-justice/unodc/70", "unodc", 47, "thread_agreed"),
)
NOT_REACHABLE = "carana/vulnerable-targets/interpol/39"  # ended after two contacts, and disputed
COULD_NOT_HELP = "katasi/human-rights/ohchr/25"
FEEDBACK = (
    ("carana/api-pnr/unodc/195", 95, 5, True, "feedback_good"),
    ("sumora/border/iom/99", 30, 3, False, "feedback_mixed"),
)


def load(demo: Demonstration) -> None:
    """Schedule every match, and what its parties report, write and say about it."""
    match_demo.load(demo)
    for report in REPORTS:
        demo.schedule(report.at, _report, report)
    for match, who, days_ago, key in THREAD:
        demo.schedule(days_ago, _write, match, who, key)
    for days_ago in (30, 20):
        demo.schedule(days_ago, _log_contact, NOT_REACHABLE)
    demo.schedule(10, _not_reachable, NOT_REACHABLE)
    demo.schedule(6, _dispute, NOT_REACHABLE)
    demo.schedule(4, _could_not_help, COULD_NOT_HELP)
    for match, days_ago, useful, on_time, key in FEEDBACK:
        demo.schedule(days_ago, _feedback, match, useful, on_time, key)


def _report(demo: Demonstration, data: ReportData) -> None:
    match = demo.get(Match, data.match)
    actor, today = demo.people.member_of(match.provider.slug), timezone.now().date()
    transitions.report(
        actor=actor, match=match.pk, what=texts.said(actor, "report"), period_from=today - timedelta(days=data.days),
        period_to=today, trained_women=data.women, trained_men=data.men, trained_unknown=data.unknown,
        expert_days=data.expert_days, languages=[match.need.language], documents=texts.said(actor, "documents"),
    )  # fmt: skip


def _write(demo: Demonstration, key: str, who: str, said: str) -> None:
    match = demo.get(Match, key)
    is_state = who == match.need.state.slug
    actor = demo.people.focal_point(who) if is_state else demo.people.member_of(who)
    exchange.write(actor=actor, match=match.pk, text=texts.said(actor, said))


def _log_contact(demo: Demonstration, key: str) -> None:
    match = demo.get(Match, key)
    actor = demo.people.member_of(match.provider.slug)
    exchange.log_contact(
        actor=actor, match=match.pk, on=timezone.now().date(), how="mail", purpose=texts.said(actor, "contact_purpose"),
        result=texts.said(actor, "contact_result"),
    )  # fmt: skip


def _not_reachable(demo: Demonstration, key: str) -> None:
    match = demo.get(Match, key)
    actor = demo.people.member_of(match.provider.slug)
    transitions.not_reachable(actor=actor, match=match.pk, reason=texts.said(actor, "not_reachable"))


def _could_not_help(demo: Demonstration, key: str) -> None:
    match = demo.get(Match, key)
    actor = demo.people.member_of(match.provider.slug)
    reason = texts.said(actor, "refuse")
    transitions.could_not_help(actor=actor, match=match.pk, reason=reason, reason_code="no_capacity")


def _dispute(demo: Demonstration, key: str) -> None:
    match = demo.get(Match, key)
    actor = demo.people.focal_point(match.need.state.slug)
    transitions.dispute(actor=actor, match=match.pk, reason=texts.said(actor, "dispute"))


def _feedback(demo: Demonstration, key: str, useful: int, on_time: bool, said: str) -> None:
    match = demo.get(Match, key)
    actor = demo.people.focal_point(match.need.state.slug)
    transitions.feedback(
        actor=actor, match=match.pk, useful=useful, on_time=on_time, would_ask_again=True, words=texts.said(actor, said)
    )
