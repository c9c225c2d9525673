"""Demonstration plans: the second version of Carana's roadmap with steps in every status, Sumora's national plan in draft."""

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from assistance.consultations.models import Consultation
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.demo.letters import letter
from assistance.plans import transitions
from assistance.plans.models import ActionPlan, PlanStep
from assistance.workflow import editing
from entities.models import Instrument, Pillar, Theme

REQUIREMENT = "S/RES/2396 (2017)"
# Key, number, theme, framework, recommendation, body, supporting entities, due in days, priority, depends on the numbers,
# number of the priority of the round (0 for none), version in which it is added.
ROADMAP: tuple[tuple[Any, ...], ...] = (
    (
        "air-law", "1", "api-pnr", "legislative",
        "Amend the aviation act: five years at most, masked after six months, and a list of those who may ask.",
        "Ministry of Transport, legal department", ("unodc",), -60, "high", (), 0, 1,
    ),
    (
        "air-decree", "2", "api-pnr", "legislative", "One decree of the Prime Minister settles what two ministries claim.",
        "Office of the Prime Minister", (), -20, "medium", (), 0, 1,
    ),
    (
        "air-unit", "3", "api-pnr", "institutional",
        "Twelve analysts in three shifts, seconded for at least three years by police, customs and immigration.",
        "Passenger Information Unit, Ministry of the Interior", ("unodc", "iom"), 150, "high", ("2",), 0, 1,
    ),
    (
        "air-budget", "3.1", "api-pnr", "institutional", "A line of its own in the budget of the Ministry of the Interior.",
        "Ministry of Finance", (), -5, "medium", ("3",), 4, 1,
    ),
    (
        "air-third", "4", "border", "operational", "Extend the contract with the carrier gateway to the third airport.",
        "Civil Aviation Authority", ("icao",), 20, "medium", (), 1, 1,
    ),
    (
        "air-fourth", "5", "border", "operational", "Connect it once the third airport has sent data for three months.",
        "Civil Aviation Authority", ("icao",), 240, "low", ("4",), 1, 1,
    ),
    (
        "air-lists", "6", "border", "operational", "Use the software of the United Nations, hosted in the capital.",
        "Passenger Information Unit, Ministry of the Interior", (), 300, "high", ("3", "4"), 2, 1,
    ),
    (
        "air-night", "7", "border", "response_capacity", "Two courses a year, with the prosecutor who is on call.",
        "Border Police, training branch", ("iom",), 120, "medium", (), 0, 2,
    ),
    (
        "air-review", "8", "api-pnr", "institutional", "An outside review by two States of the region.",
        "Ministry of the Interior, inspectorate", (), 400, "low", ("6",), 3, 2,
    ),
)  # fmt: skip
# Key, number, theme, pillar (empty: that of the theme), body, due in days, priority.
NATIONAL: tuple[tuple[str, str, str, str, str, int, str], ...] = (
    ("su-1", "1.1", "pcve", "I", "Ministry of Education", 90, "medium"),
    ("su-2", "1.2", "counter-narratives", "I", "Ministry of Education", 200, "medium"),
    ("su-3", "1.3", "youth", "I", "Ministry of Youth", 260, "low"),
    ("su-4", "1.4", "pcve", "I", "Prison Service", 330, "medium"),
    ("su-5", "2.1", "cft", "II", "Central Bank, supervision", 120, "high"),
    ("su-6", "2.2", "vulnerable-targets", "II", "National Railways", 180, "high"),
    ("su-7", "2.3", "border", "II", "Coast Guard", 220, "medium"),
    ("su-8", "2.4", "salw", "II", "Ministry of the Interior", 400, "low"),
    ("su-9", "3.1", "parliaments", "III", "Prosecutor General’s Office", 150, "high"),
    ("su-10", "3.2", "strategies", "III", "Office of the President", 100, "medium"),
    ("su-11", "3.3", "fusion", "III", "National Police, cybercrime unit", 450, "medium"),
    ("su-12", "4.1", "human-rights", "IV", "Ministry of Justice", 160, "high"),
    ("su-13", "4.2", "human-rights", "IV", "Bar Association", 210, "medium"),
    ("su-14", "4.3", "human-rights", "IV", "Ombudsperson", 280, "medium"),
)
LENGTH = 90  # days from the beginning of a step to the day on which it is due
HOW = "To be agreed with the body that is responsible; the entity that helps is named once it has been asked."
COMMENT = "الخطوة 3: يرجى ذكر عدد المحللين في كل نوبة."


def load(demo: Demonstration) -> None:
    """Schedule both plans, the agreement to two versions of the first, and what is reported of its steps."""
    demo.schedule(280, _draft_roadmap)
    for days, action in (
        (278, _put),
        (270, _comment),
        (266, _put),
        (255, _agree),
        (43, _revise),
        (38, _put),
        (30, _agree),
    ):
        demo.schedule(days, action)
    demo.schedule(41, _add_steps, 2)
    for days, key, said, text in REPORTS:
        demo.schedule(days, _report, key, said, text)
    demo.schedule(24, _draft_national)


# Days ago, step, what is said (a status, or “verify”), text.
REPORTS = (
    (200, "air-law", "ongoing", "The draft is before the committee of parliament."),
    (90, "air-law", "finished", "The amendment entered into force. The gazette is attached."),
    (80, "air-law", "verify", "Read in the gazette; all three points of the recommendation are met."),
    (28, "air-decree", "finished", "The decree was signed on Monday."),
    (60, "air-unit", "ongoing", "Seven of twelve analysts are at work."),
    (27, "air-third", "delayed", "The contractor asks for a new survey of the site."),
    (26, "air-lists", "on_standby", "Waits for the staff of the unit."),
)


def _plan(demo: Demonstration) -> ActionPlan:
    return ActionPlan.objects.get(pk=demo.get(ActionPlan, "airports").pk)


def _step(demo: Demonstration, key: str) -> PlanStep:
    return PlanStep.objects.get(pk=demo.get(PlanStep, key).pk)


def _day(days: int) -> date:
    return timezone.now().date() + timedelta(days=days)


def _draft_roadmap(demo: Demonstration) -> None:
    text = texts.text("plans", "airports")
    values = {
        "kind": "roadmap", "consultation": demo.get(Consultation, "airports"), "language": "en", "title": text.title("en"),
        "starts_on": _day(0), "ends_on": demo.days.day(500),
    }  # fmt: skip
    plan = editing.create(actor=demo.people.assessor("carana"), model=ActionPlan, values=values)
    texts.translate(plan, ("title",), text)
    demo.keep("airports", plan)
    _add_steps(demo, 1)


def _add_steps(demo: Demonstration, version: int) -> None:
    plan = _plan(demo)
    priorities = {one.number: one for one in plan.round.parameters.all()} if plan.round else {}
    for key, number, theme, framework, how, body, supporters, due, urgency, waits, priority, added in ROADMAP:
        if added != version:
            continue
        text = texts.text("plans", key)
        known = priorities.get(priority)
        values = {
            "plan": plan, "number": number, "language": "en", "title": text.title("en"), "recommendation": how,
            "theme": Theme.objects.get(pk=theme), "framework": framework, "responsible_body": body,
            "supporters": [demo.organisations[slug] for slug in supporters], "starts_on": demo.days.day(due - LENGTH),
            "due": demo.days.day(due), "priority": urgency,
            "depends_on": list(plan.steps.filter(number__in=waits)), "help_types": ["training"] if supporters else [],
            "obligations": [{"instrument": Instrument.objects.get(symbol=REQUIREMENT), "provision": "operative paragraph 12"}],
            **({"parameter": known.pk} if known else {}),
        }  # fmt: skip
        row = editing.create(actor=demo.people.assessor("carana"), model=PlanStep, values=values)
        texts.translate(row, ("title",), text)
        demo.keep(key, row)


def _put(demo: Demonstration) -> None:
    transitions.put(actor=demo.people.assessor("carana"), action_plan=_plan(demo).pk)


def _comment(demo: Demonstration) -> None:
    leila = demo.people.focal_point("carana")
    transitions.comment_on_step(actor=leila, plan_step=_step(demo, "air-unit").pk, text=COMMENT)
    transitions.comment(actor=leila, action_plan=_plan(demo).pk)


def _agree(demo: Demonstration) -> None:
    transitions.agree(actor=demo.people.focal_point("carana"), action_plan=_plan(demo).pk)


def _revise(demo: Demonstration) -> None:
    reason = "The second round found two further steps."
    transitions.revise(actor=demo.people.assessor("carana"), action_plan=_plan(demo).pk, reason=reason)


def _report(demo: Demonstration, key: str, said: str, text: str) -> None:
    marcus, step = demo.people.actors["carana.alternate"], _step(demo, key)
    if said == "verify":
        transitions.verify(actor=demo.people.actors["cted.second"], plan_step=step.pk, note=text)
    elif said == "finished":
        transitions.finish(actor=marcus, plan_step=step.pk, evidence=text, file=letter(f"{key}.pdf"))
    else:
        transitions.report(actor=marcus, plan_step=step.pk, said=said, text=text)


def _draft_national(demo: Demonstration) -> None:
    grace, text = demo.people.actors["unoct.coordinator"], texts.text("plans", "sumora")
    values = {
        "kind": "national_plan", "state": demo.organisations["sumora"], "language": "en", "title": text.title("en"),
        "starts_on": _day(0), "ends_on": demo.days.day(730),
    }  # fmt: skip
    plan = editing.create(actor=grace, model=ActionPlan, values=values)
    texts.translate(plan, ("title",), text)
    demo.keep("sumora", plan)
    pillars = Pillar.objects.in_bulk()
    for key, number, theme, pillar, body, due, urgency in NATIONAL:
        own = texts.text("plans", key)
        values = {
            "plan": plan, "number": number, "language": "en", "title": own.title("en"), "recommendation": HOW,
            "theme": Theme.objects.get(pk=theme), "pillar": pillars.get(pillar), "responsible_body": body,
            "due": demo.days.day(due), "priority": urgency,
        }  # fmt: skip
        row = editing.create(actor=grace, model=PlanStep, values=values)
        texts.translate(row, ("title",), own)
