"""The cases of needs and matches."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

import time_machine
from django.utils import timezone

from assistance.consents import transitions as consents
from assistance.delivery import exchange
from assistance.delivery import transitions as delivery
from assistance.needs import cycles, dismissals
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.projects.models import Project
from assistance.tests.cases import CONSIDERED, Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, OWNERS, PROVIDERS, Cast
from assistance.tests.world import World
from assistance.workflow import editing

PARTIES = OWNERS | {"unodc", "unoct"}


# ── Needs ──
def _need(cast: Cast, stage: str, **values: Any) -> Need:
    """Return a need found at a visit, with a section of its report and a deadline."""
    visit = cast.visit()
    section = cast.section(visit)
    return cast.need(stage, visit=visit, section=section, source="visit", deadline="2099-01-01", **values)


def _released(cast: Cast) -> Need:
    need = _need(cast, "shared")
    consents.release(actor=cast.carana, rows=[need.section], audience=["unodc", "compact"])
    need.refresh_from_db()
    return need


def _ended(cast: Cast) -> Need:
    with time_machine.travel(timezone.now() - timedelta(days=9), tick=False):
        return cast.need("shared", until=timezone.now().date() + timedelta(days=2))


def _withdrawn(cast: Cast) -> Need:
    need = cast.need("shared")
    consents.withdraw(actor=cast.carana, rows=[need])
    need.refresh_from_db()
    return need


def _closed(cast: Cast) -> Need:
    return needs.close(actor=cast.cted, need=_released(cast).pk, reason="no_longer_needed")


def _settled(cast: Cast, outcome: str = "met") -> Need:
    need = _released(cast)
    cast.match("delivered", need=need)
    return needs.verify(actor=cast.cted, need=need.pk, outcome=outcome, note="Seen.")


def _reopened(cast: Cast) -> Need:
    """Return a need in its second cycle, found again by a visit that ends today."""
    need, today = _settled(cast), timezone.now().date()
    visit = cast.visit(kind="follow_up", starts_on=today, ends_on=today)
    return cycles.reopen(actor=cast.cted, need=need.pk, visit=visit, reason="Found again.")


# ── Matches ──
def _match(cast: Cast, stage: str = "proposed") -> Match:
    return cast.match(stage, need=_released(cast))


def _suggested(cast: Cast) -> Match:
    return matches.propose(actor=cast.cted, need=cast.need("shared").pk, provider=cast.org("unodc"), share=40)


def _declined(cast: Cast) -> Match:
    return matches.decline(actor=cast.carana, match=_match(cast).pk, reason="Not now.")


def _retracted(cast: Cast) -> Match:
    return matches.retract(actor=cast.unodc, match=_match(cast).pk, reason="No funds.")


def _without_its_project(cast: Cast) -> Match:
    """Return an accepted match whose project, which only its lead sees, has been cancelled."""
    project = cast.project(is_restricted=True)
    match = matches.propose(actor=cast.unodc, need=_released(cast).pk, project=project.pk, share=40)
    matches.accept(actor=cast.carana, match=match.pk)
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"status": "cancelled"})
    match.refresh_from_db()
    return match


def _on_a_withdrawn_need(cast: Cast) -> Match:
    match = cast.match("accepted")
    consents.withdraw(actor=cast.carana, rows=[match.need])
    match.refresh_from_db()
    return match


def _ended_without_delivery(cast: Cast) -> Match:
    return delivery.could_not_help(actor=cast.unodc, match=_match(cast, "in_delivery").pk, reason="No staff.")


def _contacted_in_vain(cast: Cast) -> Match:
    match, today = _match(cast, "accepted"), timezone.now().date()
    for days in (12, 1):
        on = today - timedelta(days=days)
        exchange.log_contact(actor=cast.unodc, match=match.pk, on=on, how="call", purpose="Dates", result="No answer.")
    return match


def _with_feedback(cast: Cast) -> Match:
    match = _match(cast, "accepted")
    _go_through(cast, match, {})
    match.refresh_from_db()
    return match


def _go_through(cast: Cast, match: Match, texts: Mapping[str, str]) -> None:
    """Let everything happen to an accepted match that its parties alone read, with these texts."""
    said = defaultdict(lambda: "Said.", texts)
    exchange.write(actor=cast.carana, match=match.pk, text=said["message"])
    exchange.log_contact(
        actor=cast.unodc, match=match.pk, on=timezone.now().date(), how="mail", purpose=said["purpose"],
        result=said["result"], next_step=said["next_step"],
    )  # fmt: skip
    delivery.report(
        actor=cast.unodc,
        match=match.pk,
        what=said["what"],
        trained_women=18,
        trained_men=22,
        documents=said["documents"],
    )
    delivery.could_not_help(actor=cast.unodc, match=match.pk, reason=said["end"])
    delivery.dispute(actor=cast.carana, match=match.pk, reason=said["dispute"])
    delivery.deliver(actor=cast.unodc, match=match.pk, note=said["note"], expert_days=12)
    delivery.feedback(
        actor=cast.carana, match=match.pk, useful=4, on_time=True, would_ask_again=False, words=said["words"]
    )


OF_PARTIES = ("message", "purpose", "result", "next_step", "what", "documents", "end", "dispute", "words")


# ── Rows with tokens ──
def _need_leaks(world: World) -> None:
    """Add needs in each state, of a visit and of none, with documents."""
    visit, hidden = world.row("visit", 0), world.row("section", 0)
    of_visit = {"visit": visit, "section": hidden, "source": "visit"}
    for stage, readers, extra in (
        ("draft", frozenset({"cted"}), {}),
        ("put", OWNERS, of_visit),
        ("agreed", OWNERS, {}),
        ("shared", OWNERS | COMPACT, of_visit),
        ("shared", OWNERS | {"unodc"}, {"audience": ["unodc"]}),
    ):
        names = ("beneficiary", "priority_reason", "baseline", "target", "provision")
        need = world.keep("need", world.cast.need(stage, **extra, **world.texts(readers, *names)), readers)
        world.in_all_languages(need, readers, "title", "description")
    world.attach("cted", world.row("need", 0), frozenset({"cted"}))
    world.attach("carana", world.row("need", 3), OWNERS | COMPACT)
    world.attach("carana", world.row("need", 4), OWNERS | {"unodc"})


def _match_leaks(world: World) -> None:
    """Add two matches of rivals, a declined one, and one on a need whose release is withdrawn, with documents."""
    cast, shared = world.cast, world.row("need", 3)
    for who, readers in (("unodc", PARTIES), ("iom", OWNERS | {"iom", "unoct"})):
        message = world.token(readers)
        row = matches.propose(actor=getattr(cast, who), need=shared.pk, share=20, message=message)
        world.keep("match", row, readers)
    world.attach("unodc", world.row("match", 0), PARTIES)
    row = matches.propose(actor=cast.unodc, need=world.ids["need"][4], share=20, message="")
    world.keep("match", row, OWNERS | {"unodc"})
    matches.decline(actor=cast.carana, match=row.pk, reason=world.token(OWNERS | {"unodc"}))
    gone = world.keep("need", cast.need("shared"), OWNERS)
    world.in_all_languages(gone, OWNERS, "title", "description")
    row = matches.propose(actor=cast.unodc, need=gone.pk, share=10, message=world.token(OWNERS))
    world.keep("match", row, OWNERS)
    consents.withdraw(actor=cast.carana, rows=[gone], reason=world.token(OWNERS))
    world.attach("carana", row, OWNERS)
    _delivery_leaks(world)


def _delivery_leaks(world: World) -> None:
    """Add a delivered match that all of the Compact sees, with what its parties, CTED and UNOCT alone read."""
    cast, readers = world.cast, OWNERS | COMPACT
    need = world.keep("need", cast.need("shared"), readers)
    match = world.keep("match", cast.match("accepted", need=need), readers)
    said = {name: world.token(PARTIES) for name in OF_PARTIES}
    _go_through(cast, match, {**said, "note": world.token(readers)})
    _cycle_leaks(world)


def _cycle_leaks(world: World) -> None:
    """Add a need in its second cycle, which all of the Compact sees, and a suggestion that one entity has set aside."""
    cast, readers = world.cast, OWNERS | COMPACT
    need = world.keep("need", cast.need("shared"), readers)
    world.keep("match", cast.match("delivered", need=need), readers)
    needs.verify(actor=cast.cted, need=need.pk, outcome="met", note=world.token(readers))
    visit = cast.visit(kind="follow_up", starts_on=timezone.now().date(), ends_on=timezone.now().date())
    world.keep("visit", visit, readers)
    cycles.reopen(actor=cast.cted, need=need.pk, visit=visit, reason=world.token(readers))
    dismissals.dismiss(
        actor=cast.unodc, need=need.pk, offer=world.ids["offer"][2], reason_code="no_money",
        text=world.token(frozenset({"unodc"})),
    )  # fmt: skip


def _exchange(world: World) -> Iterator[Made]:
    """What the parties of a match that all of the Compact sees say to each other, log and say of it afterwards."""
    cast = world.cast
    match = Match.objects.filter(pk__in=world.ids["match"], status="delivered").earliest("created_at")
    exchange.write(actor=cast.unodc, match=match.pk, text="Hidden canary")
    exchange.log_contact(
        actor=cast.carana, match=match.pk, on=timezone.now().date(), how="visit", purpose="Hidden canary", result="Met."
    )
    delivery.feedback(actor=cast.carana, match=match.pk, useful=1, on_time=False, would_ask_again=False, words="Canary")
    yield from ()


# ── Rows nobody else may notice ──
def _put_and_agreed(world: World) -> Iterator[Made]:
    cast, visit = world.cast, world.row("visit", 0)
    yield "need", cast.need("put", visit=visit, source="visit", title="Hidden canary, put")
    yield "need", cast.need("agreed", beneficiary="Hidden canary")


def _drafts(world: World) -> Iterator[Made]:
    visit = world.row("visit", 0)
    for _ in range(3):
        yield "need", world.cast.need("draft", visit=visit, source="visit", title="Hidden canary at the border")


def _released_by_name(to: str) -> Callable[[World], Iterator[Made]]:
    def make(world: World) -> Iterator[Made]:
        cast = world.cast
        need = cast.need("shared", audience=[to], title="Hidden canary, released by name")
        yield "need", need
        yield "match", matches.propose(actor=getattr(cast, to), need=need.pk, share=30, message="Hidden canary")
        taken = matches.propose(
            actor=cast.cted, need=cast.need("shared", audience=[to]).pk, provider=cast.org(to), share=40
        )
        matches.accept(actor=getattr(cast, to), match=taken.pk)
        matches.accept(actor=cast.carana, match=taken.pk)
        yield "match", taken

    return make


def _on_a_shared_need(world: World) -> Iterator[Made]:
    """A match that is visible to its parties only, on a need that all of the Compact sees."""
    need = world.row("need", 3)
    match = matches.propose(actor=world.cast.unoct, need=need.pk, share=5, message="Hidden canary on a shared need")
    yield "match", match


# ── Bodies for the API ──
def _need_body(cast: Cast) -> dict[str, Any]:
    return {
        "state": "XCA", "title": "Screening at borders", "description": "No advance passenger information is received.",
        "theme": "border", "pillar": "II", "assistance_type": "training", "priority": "high",
        "priority_reason": "Named by the Committee.", "visit": str(cast.visit().pk),
    }  # fmt: skip


def _match_body(cast: Cast) -> dict[str, Any]:
    return {"need": str(cast.need("shared").pk), "share": 10}


CASES = (
    Cases(
        model=Need,
        statements=4,
        rows=(
            Row("draft", frozenset({"cted"}), lambda cast: _need(cast, "draft")),
            Row("put to the State", OWNERS, lambda cast: _need(cast, "put")),
            Row("agreed", OWNERS, lambda cast: _need(cast, "agreed")),
            Row("released to the Compact", OWNERS | COMPACT, _released),
            Row("released to one entity", OWNERS | {"unodc"}, lambda cast: cast.need("shared", audience=["unodc"])),
            Row(
                "released to one partner", OWNERS | {"partner"}, lambda cast: cast.need("shared", audience=["searcct"])
            ),
            Row("released to donors", OWNERS | {"donor"}, lambda cast: cast.need("shared", audience="donors")),
            Row(
                "released to all States",
                OWNERS | {"sumora", "donor"},
                lambda cast: cast.need("shared", audience="states"),
            ),
            Row("release ended", OWNERS, _ended),
            Row("withdrawn", OWNERS, _withdrawn),
            Row("closed", OWNERS | COMPACT, _closed),
            Row("met", OWNERS | COMPACT, _settled),
            Row("reopened", OWNERS | COMPACT, _reopened),
        ),
        recorders=("cted",),
        editors=("cted",),
        attachers=("cted", "carana"),
        leaks=_need_leaks,
        hidden=(
            Addition(frozenset({"cted"}), _drafts),
            Addition(OWNERS, _put_and_agreed),
            Addition(OWNERS | {"iom"}, _released_by_name("iom")),
            Addition(OWNERS | {"unodc"}, _released_by_name("unodc")),
        ),
        runs={
            "put-to-state": ("cted", "draft"),
            "agree": ("carana", "put to the State"),
            "share": ("carana", "agreed"),
            "withdraw": ("carana", "released to the Compact"),
            "verify": ("cted", "released to the Compact"),
            "close": ("cted", "put to the State"),
            "report-after-year": ("carana", "met"),
            "take-note": ("cted", "met"),
            "reopen": ("cted", "met"),
        },
        proved=("share", "withdraw"),
        body=_need_body,
        refused=(
            ({"theme": "zzz", "pillar": "V"}, {"theme", "pillar"}),
            ({"instrument": "S/RES/0"}, {"instrument"}),
            ({"title": "x" * 301}, {"title"}),
            ({"deadline": "soon"}, {"deadline"}),
            ({"titel": "typo", "status": "met"}, {"titel", "status"}),
        ),
        related={
            "visit": {"section", "state"},
            "section": {"visit"},
            "state": {"visit"},
            "pillar": {"theme"},
            **CONSIDERED,
        },
    ),
    Cases(
        model=Match,
        statements=5,  # the consents over the needs of matches that wait for an answer
        rows=(
            Row("suggested", PARTIES, _suggested),
            Row("proposed", PARTIES, _match),
            Row("accepted", OWNERS | COMPACT, lambda cast: _match(cast, "accepted")),
            Row("in delivery", OWNERS | COMPACT, lambda cast: _match(cast, "in_delivery")),
            Row("delivered", OWNERS | COMPACT, lambda cast: _match(cast, "delivered")),
            Row("declined", PARTIES, _declined),
            Row("retracted", PARTIES, _retracted),
            Row("ended", PARTIES, _ended_without_delivery),
            Row("contacted in vain", OWNERS | COMPACT, _contacted_in_vain),
            Row("reported, disputed and with feedback", OWNERS | COMPACT, _with_feedback),
            Row("its project has ended", OWNERS | COMPACT, _without_its_project),
            Row("release of the need withdrawn", OWNERS, _on_a_withdrawn_need),
        ),
        recorders=(*PROVIDERS, "cted"),
        attachers=("unodc", "carana"),
        leaks=_match_leaks,
        hidden=(Addition(OWNERS | {"unoct"}, _on_a_shared_need), Addition(PARTIES, _exchange)),
        runs={
            "accept": ("carana", "proposed"),
            "decline": ("unodc", "suggested"),
            "start": ("unodc", "accepted"),
            "deliver": ("unodc", "in delivery"),
            "retract": ("unodc", "proposed"),
            "report": ("unodc", "in delivery"),
            "could-not-help": ("unodc", "accepted"),
            "not-reachable": ("unodc", "contacted in vain"),
            "confirm-end": ("carana", "ended"),
            "dispute": ("carana", "ended"),
            "feedback": ("carana", "delivered"),
            "carry-on": ("unodc", "its project has ended"),
        },
        body=_match_body,
        refused=(({"share": 101}, {"share"}), ({"share": 0}, {"share"}), ({"share": "٢٠٠"}, {"share"})),
    ),
)
