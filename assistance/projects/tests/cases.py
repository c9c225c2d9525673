"""The cases of projects."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from assistance.access import policy
from assistance.access.audiences import save_with_audience
from assistance.needs import match_transitions as matches
from assistance.needs.dismissals import dismiss
from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.projects import comments, links, reporting
from assistance.projects.models import Project
from assistance.projects.tests import results as made
from assistance.tests.cases import CONSIDERED, Addition, Cases, Made, Row
from assistance.tests.cast import COMPACT, EVERYBODY, OWNERS, PROVIDERS, Cast
from assistance.tests.world import World
from assistance.workflow import editing


def _project(cast: Cast) -> Project:
    return cast.project(
        needs=[cast.need("shared")], budget="100.00", currency="EUR", planned_start="2026-01-01",
        partners=[(cast.org("iom"), "funding"), (cast.org("unodc"), "implementing")],
    )  # fmt: skip


def _restricted(cast: Cast) -> Project:
    return cast.project(is_restricted=True, partners=[(cast.org("iom"), "implementing")])


def _imported(cast: Cast) -> Project:
    project = cast.project()
    project.origin = "International Organization for Migration (IOM)"
    save_with_audience(project, ["origin"])
    return project


def _leaks(world: World) -> None:
    """Add a project for those it names, which serves a need that others see, with a document; and an open one."""
    cast, closed = world.cast, frozenset({"unodc", "iom"})
    project = cast.project(
        is_restricted=True, partners=[(cast.org("iom"), "implementing")], needs=[world.row("need", 4)],
        **world.texts(closed, "title", "description", "results"),
    )  # fmt: skip
    world.keep("project", project, closed)
    world.attach("unodc", project, closed)
    world.keep("project", cast.project(), frozenset({"carana", "observer"}) | COMPACT)
    _carrying_leaks(world, project)
    _result_leaks(world, closed)
    _comment_leaks(world)


def _result_leaks(world: World, closed: frozenset[str]) -> None:
    """Add results that only those read who are named: an indicator, and a value that was reported and sent back."""
    cast, words = world.cast, [world.token(closed) for _number in range(3)]
    row = made.planned(cast, name=words[0], is_restricted=True, **world.texts(closed, "title", "description"))
    world.keep("project", row, closed)
    period = made.only(row)
    reporting.report(actor=cast.iom, project=row.pk, period=period.pk, actual="5", comment=words[1])
    reporting.send_back(actor=cast.unodc, project=row.pk, period=period.pk, reason=words[2])
    world.keep("period", period, closed)
    world.keep("indicator", period.indicator, closed)
    session = {"held_on": date(2026, 3, 2), "place": world.token(closed)}
    editing.edit(actor=cast.unodc, model=Project, pk=row.pk, values={"sessions": [session]})
    world.keep("session", row.sessions.get(), closed)


def _carrying_leaks(world: World, project: Project) -> None:
    """Add a match that others see, carried by this project that they do not see and that then ends; and a dismissal."""
    cast = world.cast
    need = world.keep("need", cast.need("shared"), OWNERS | COMPACT)
    match = matches.propose(actor=cast.unodc, need=need.pk, project=project.pk, share=20)
    matches.accept(actor=cast.carana, match=match.pk)
    world.keep("match", match, OWNERS | COMPACT)
    editing.edit(actor=cast.unodc, model=Project, pk=project.pk, values={"status": "cancelled"})
    offer = Offer.objects.filter(status="published", visible_to_named_only=False).earliest("created_at")
    given = {"offer": offer.pk, "reason_code": "timing", "text": world.token(frozenset({"unodc"}))}
    dismiss(actor=cast.unodc, need=need.pk, **given)


def _comment_leaks(world: World) -> None:
    """Add comments of two States on one project that the Compact sees: neither State reads the other's."""
    cast, team = world.cast, frozenset({"unodc", "iom"})
    row = cast.project(states=[cast.org("carana"), cast.org("sumora")], partners=[(cast.org("iom"), "implementing")])
    world.keep("project", row, frozenset({"carana", "observer", "sumora"}) | COMPACT)
    comments.add(actor=cast.carana, project=row.pk, text=world.token(team | {"carana", "observer"}))
    comments.add(actor=cast.sumora, project=row.pk, text=world.token(team | {"sumora"}))


# ── Rows nobody else may notice ──
def _commented(world: World) -> Iterator[Made]:
    """A comment of a State on a project that all its readers see."""
    comments.add(actor=world.cast.carana, project=world.row("project", 1).pk, text="Hidden canary comment")
    yield from ()


def _restricted_of(who: str, *states: str) -> Callable[[World], Iterator[Made]]:
    """A project visible to its lead only, which serves needs others see."""

    def make(world: World) -> Iterator[Made]:
        cast, actor = world.cast, getattr(world.cast, who)
        values = {
            "needs": list(policy.visible(actor, Need).exclude(state__in=[one.pk for one in actor.states()])),
            "states": [cast.org(slug) for slug in states],
        }
        yield "project", cast.project(who=who, is_restricted=True, title="Hidden canary project", **values)

    return make


def _part_of_another(world: World) -> Iterator[Made]:
    """A part, visible to its lead only, of a project that others see; and the same activity as one."""
    values = {
        "is_restricted": True,
        "states": [],
        "title": "Hidden canary project",
        "budget": "5.00",
        "currency": "USD",
    }
    part = world.cast.project(parent=world.row("project", 1), **values)
    yield "project", part
    same = world.cast.project("iom", **values)
    yield "project", links.link(actor=world.cast.iom, project=same.pk, same=world.row("project", 1))


def _body(cast: Cast) -> dict[str, Any]:
    return {"title": "Safer borders", "status": "ongoing", "lead": "unodc"}


PARTNERS = [{"organisation": "iom", "role": "funding"}, {"organisation": "zz", "role": "x"}]


CASES = (
    Cases(
        model=Project,
        beside=frozenset({"partners", "shares", "indicators", "periods", "sessions"}),
        rows=(
            Row("open", frozenset({"carana", "observer"}) | COMPACT, _project),
            Row("restricted to those it names", frozenset({"unodc", "iom"}), _restricted),
            Row("imported", EVERYBODY, _imported),
            Row("with a period to report", frozenset({"carana", "observer"}) | COMPACT, made.planned),
            Row("with a report", frozenset({"carana", "observer"}) | COMPACT, made.reported),
        ),
        recorders=PROVIDERS,
        editors=("unodc",),
        attachers=("unodc",),
        runs={
            "confirm": ("unodc", "open"),
            "report-period": ("iom", "with a period to report"),
            "accept-period": ("unodc", "with a report"),
            "send-back-period": ("unodc", "with a report"),
            "same-as": ("unodc", "open"),
            "link-target": ("unodc", "with a report"),
        },
        leaks=_leaks,
        hidden=(
            # Its State, UNOCT and CTED read an outline of it; a project in no State has no outline.
            Addition(OWNERS | {"iom", "unoct"}, _restricted_of("iom", "carana")),
            Addition(frozenset({"iom"}), _restricted_of("iom")),
            Addition(frozenset({"sumora"}), _restricted_of("sumora")),
            Addition(frozenset({"unodc", "iom"}), _part_of_another),
            Addition(frozenset({"unodc", "iom", "carana", "observer"}), _commented),
        ),
        statements=6,  # the partners, the percentages
        body=_body,
        refused=(
            ({"partners": PARTNERS}, {"partners.1.organisation", "partners.1.role"}),
            ({"actual_start": "2026-03-02", "actual_end": "2026-03-01"}, {"actual_end"}),
            ({"budget": "12.345"}, {"budget"}),
            ({"mode": "alone"}, {"mode"}),
            ({"parent": "00000000-0000-4000-8000-000000000000"}, {"parent"}),
            (
                {"sessions": [{"held_on": "2026-03-02", "place": "", "trained_men": -1}]},
                {"sessions.0.place", "sessions.0.trained_men"},
            ),
            ({"indicators": [{"name": "", "unit": "weight"}]}, {"indicators.0.name", "indicators.0.unit"}),
            ({"indicators": [{"name": "Posts", "unit": "number", "target": "many"}]}, {"indicators.0.target"}),
            (
                {"periods": [{"indicator": "x", "organisation": "zz"}]},
                {f"periods.0.{name}" for name in ("indicator", "organisation", "starts_on", "ends_on")},
            ),
            ({"states": ["XCA"], "shares": [{"state": "XCA", "percent": "99.98"}]}, {"shares"}),
            (
                {"shares": [{"state": "XSU", "percent": "100"}, {"state": "XCA", "percent": "101"}]},
                {"shares.1.percent"},
            ),
        ),
        related={
            "budget": {"currency"},
            "planned_end": {"planned_start"},
            "planned_start": {"planned_end"},
            **CONSIDERED,
        },
    ),
)
