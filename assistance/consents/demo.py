"""Demonstration consents: what the States are asked for, release, withdraw and decline."""

from dataclasses import dataclass

from assistance.consents import transitions as consents
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.demo.letters import letter
from assistance.needs.models import Need
from assistance.visits.models import Section, Visit


@dataclass(frozen=True)
class NeedRelease:
    """A release of a need, perhaps withdrawn later, so many days ago; `until` is in days from today."""

    need: str
    released: int
    to: tuple[str, ...] = ("compact",)
    until: int | None = None
    withdrawn: int | None = None


@dataclass(frozen=True)
class SectionRelease:
    """A release of sections of a visit's report, by number, so many days ago; `until` is in days from today."""

    visit: str
    numbers: tuple[int, ...]
    released: int
    to: tuple[str, ...] = ("compact",)
    until: int | None = None


@dataclass(frozen=True)
class SectionWithdrawal:
    """A withdrawal of sections of a visit's report, by number, so many days ago."""

    visit: str
    numbers: tuple[int, ...]
    withdrawn: int


# Visits whose State was asked for its consent, or declined it, with how many days ago.
ASKED = {"carana-1": 215, "sumora-1": 155, "katasi-2": 100, "sumora-2": 47, "carana-2": 13}
DECLINED = {"sumora-2": 33}
SECTION_RELEASES = (
    SectionRelease("katasi-1", (1, 2, 3, 4), released=276),
    SectionRelease("carana-1", (1, 3, 4), released=200),
    SectionRelease("sumora-1", (1, 2, 3, 4, 5, 6), released=140),
    SectionRelease("katasi-2", (1, 4, 5), released=85, until=90),
    SectionRelease("katasi-2", (2,), released=70, to=("unodc",), until=90),
)  # fmt: skip
SECTION_WITHDRAWALS = (SectionWithdrawal("katasi-1", (2, 3), withdrawn=116),)
NEED_RELEASES = (
    # Carana
    NeedRelease("carana/api-pnr", released=201),
    NeedRelease("carana/border", released=200),
    NeedRelease("carana/biometrics", released=199),
    NeedRelease("carana/cft", released=198),
    NeedRelease("carana/legislation", released=197),
    NeedRelease("carana/criminal-justice", released=196, to=("unodc", "ohchr"), until=90),
    NeedRelease("carana/vulnerable-targets", released=195),
    NeedRelease("carana/small-arms", released=194),
    NeedRelease("carana/human-rights", released=193, until=-15),
    NeedRelease("carana/prisons", released=192, withdrawn=57),
    NeedRelease("carana/fusion", released=190, to=("demo-borders",), until=120),
    NeedRelease("carana/judicial-cooperation", released=176),
    NeedRelease("carana/strategy", released=106),
    NeedRelease("carana/counter-narratives", released=86),
    NeedRelease("carana/reintegration", released=46),
    NeedRelease("carana/aviation", released=26, to=("compact", "donors")),
    # Sumora
    NeedRelease("sumora/digital-evidence", released=403),
    NeedRelease("sumora/api-pnr", released=146),
    NeedRelease("sumora/border", released=145),
    NeedRelease("sumora/cft", released=144),
    NeedRelease("sumora/non-profit", released=143, to=("compact", "states")),
    NeedRelease("sumora/legislation", released=142, to=("unodc",)),
    NeedRelease("sumora/law-enforcement", released=141),
    NeedRelease("sumora/cbrn", released=140, to=("compact", "demo-institute")),
    NeedRelease("sumora/foreign-fighters", released=139),
    NeedRelease("sumora/prisons", released=138),
    NeedRelease("sumora/victims", released=137),
    NeedRelease("sumora/vulnerable-targets", released=136),
    NeedRelease("sumora/strategy", released=76, until=45),
    NeedRelease("sumora/prevention-plan", released=81),
    NeedRelease("sumora/human-rights", released=56, to=("ohchr", "undp"), until=30),
    NeedRelease("sumora/fusion", released=136, until=-40),
    NeedRelease("sumora/drones", released=28),
    # Katasi
    NeedRelease("katasi/border", released=276),
    NeedRelease("katasi/legislation", released=275),
    NeedRelease("katasi/non-profit", released=274),
    NeedRelease("katasi/api-pnr", released=91),
    NeedRelease("katasi/biometrics", released=90),
    NeedRelease("katasi/cft", released=89),
    NeedRelease("katasi/criminal-justice", released=88),
    NeedRelease("katasi/digital-evidence", released=87, until=30),
    NeedRelease("katasi/law-enforcement", released=86, to=("interpol",), until=60),
    NeedRelease("katasi/aviation", released=85),
    NeedRelease("katasi/reintegration", released=84),
    NeedRelease("katasi/prisons", released=83),
    NeedRelease("katasi/human-rights", released=81, to=("ohchr",)),
    NeedRelease("katasi/prevention-plan", released=79, to=("compact", "donors")),
    NeedRelease("katasi/foreign-fighters", released=56),
    NeedRelease("katasi/strategy", released=51, to=("demo-borders",)),
    NeedRelease("katasi/cbrn", released=26),
)  # fmt: skip


def load(demo: Demonstration) -> None:
    """Schedule the requests to States and their decisions, on reports and on needs."""
    for visit, days_ago in ASKED.items():
        demo.schedule(days_ago, _ask, visit)
    for sections in SECTION_RELEASES:
        demo.schedule(sections.released, _release_sections, sections)
    for withdrawal in SECTION_WITHDRAWALS:
        demo.schedule(withdrawal.withdrawn, _withdraw_sections, withdrawal)
    for visit, days_ago in DECLINED.items():
        demo.schedule(days_ago, _decline, visit)
    for need in NEED_RELEASES:
        demo.schedule(need.released, _release_need, need)
        demo.schedule(need.withdrawn, _withdraw_need, need)


def _ask(demo: Demonstration, visit: str) -> None:
    row = demo.get(Visit, visit)
    consents.ask(actor=demo.people.assessor(row.state.slug), visit=row.pk)


def _decline(demo: Demonstration, visit: str) -> None:
    row = demo.get(Visit, visit)
    actor = demo.people.focal_point(row.state.slug)
    consents.decline(actor=actor, visit=row.pk, reason=texts.said(actor, "refuse-consent"))


def _release_sections(demo: Demonstration, data: SectionRelease) -> None:
    visit = demo.get(Visit, data.visit)
    consents.release(
        actor=demo.people.focal_point(visit.state.slug),
        rows=_sections(visit, data.numbers),
        audience=data.to,
        until=demo.days.optional_day(data.until),
        note_verbale=letter(),
    )


def _withdraw_sections(demo: Demonstration, data: SectionWithdrawal) -> None:
    visit = demo.get(Visit, data.visit)
    actor = demo.people.focal_point(visit.state.slug)
    consents.withdraw(actor=actor, rows=_sections(visit, data.numbers), reason=texts.said(actor, "withdraw"))


def _sections(visit: Visit, numbers: tuple[int, ...]) -> list[Section]:
    return list(Section.objects.filter(visit=visit, number__in=numbers))


def _release_need(demo: Demonstration, data: NeedRelease) -> None:
    """Release a need; a release with an end date has a note verbale."""
    need = demo.get(Need, data.need)
    consents.release(
        actor=demo.people.focal_point(need.state.slug),
        rows=[need],
        audience=data.to,
        until=demo.days.optional_day(data.until),
        note_verbale=None if data.until is None else letter(),
    )


def _withdraw_need(demo: Demonstration, data: NeedRelease) -> None:
    need = demo.get(Need, data.need)
    actor = demo.people.focal_point(need.state.slug)
    consents.withdraw(actor=actor, rows=[need], reason=texts.said(actor, "withdraw"))
