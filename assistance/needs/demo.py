"""Demonstration needs: recorded, put to the State and agreed, and the closing of some."""

from dataclasses import dataclass
from typing import Any

from assistance.considerations import Consideration
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.needs import cycles
from assistance.needs import transitions as needs
from assistance.needs.models import Need
from assistance.needs.states import NeedSource, NeedStatus
from assistance.visits.demo import REPORT, section_key
from assistance.visits.models import Section, Visit
from assistance.workflow import editing
from entities.models import Instrument, Pillar, Theme

# Days after a need was recorded.
PUT_TO_STATE_AFTER, AGREED_AFTER = 3, 10
# Themes that address violent extremism, and how far needs of a theme consider human rights and gender.
PVE = ("pcve", "counter-narratives", "youth")
CONSIDERED = {
    "human_rights": {
        "human-rights": Consideration.MAIN_AIM, "criminal-justice": Consideration.CONSIDERED,
        "prisons": Consideration.CONSIDERED, "prr": Consideration.CONSIDERED,
    },
    "gender": {"gender": Consideration.MAIN_AIM, "victims": Consideration.CONSIDERED},
}  # fmt: skip


@dataclass(frozen=True)
class NeedData:
    """A need, recorded and closed the given number of days ago; `deadline` is in days from today.

    It was found at a visit, named by its key, or has another source. `reached` is the stage reached with its State;
    `reopened` says how many days ago, and after which visit.
    """

    state: str
    text: str
    language: str
    priority: str
    recorded: int
    visit: str = ""
    source: str = NeedSource.VISIT
    deadline: int | None = None
    reached: NeedStatus = NeedStatus.AGREED
    closed: int | None = None
    close_reason: str = ""
    reopened: tuple[int, str] | None = None
    translated: bool = True

    @property
    def key(self) -> str:
        return f"{self.state}/{self.text}"


NEEDS = (
    # Carana
    NeedData("carana", "api-pnr", "en", "high", recorded=215, visit="carana-1"),
    NeedData("carana", "border", "en", "high", recorded=214, visit="carana-1"),
    NeedData("carana", "biometrics", "fr", "medium", recorded=213, visit="carana-1", reopened=(21, "carana-2")),
    NeedData("carana", "cft", "en", "high", recorded=212, visit="carana-1"),
    NeedData("carana", "legislation", "en", "high", recorded=211, visit="carana-1"),
    NeedData("carana", "criminal-justice", "en", "medium", recorded=210, visit="carana-1", deadline=200),
    NeedData("carana", "vulnerable-targets", "en", "medium", recorded=209, visit="carana-1", deadline=150),
    NeedData("carana", "small-arms", "fr", "low", recorded=208, visit="carana-1", deadline=300),
    NeedData("carana", "human-rights", "en", "medium", recorded=207, visit="carana-1"),
    NeedData("carana", "prisons", "fr", "high", recorded=206, visit="carana-1"),
    NeedData("carana", "victims", "en", "low", recorded=205, visit="carana-1", closed=185, close_reason="superseded"),
    NeedData("carana", "fusion", "en", "medium", recorded=204, visit="carana-1", deadline=250),
    NeedData("carana", "judicial-cooperation", "en", "low", recorded=190, visit="carana-1"),
    NeedData("carana", "cyber", "en", "high", recorded=25, visit="carana-2", deadline=180),
    NeedData(
        "carana", "digital-evidence", "fr", "high", recorded=25, visit="carana-2", deadline=240,
        reached=NeedStatus.PUT_TO_STATE,
    ),
    NeedData("carana", "maritime", "en", "medium", recorded=24, visit="carana-2", reached=NeedStatus.PUT_TO_STATE),
    NeedData("carana", "prevention-plan", "en", "high", recorded=23, visit="carana-2", reached=NeedStatus.DRAFT),
    NeedData(
        "carana", "gender", "ar", "medium", recorded=22, visit="carana-2", reached=NeedStatus.DRAFT, translated=False,
    ),
    NeedData("carana", "strategy", "en", "high", recorded=120, source="desk_survey", deadline=120),
    NeedData("carana", "counter-narratives", "en", "medium", recorded=100, source="desk_survey"),
    NeedData("carana", "reintegration", "ar", "high", recorded=60, source="request", deadline=90, translated=False),
    NeedData("carana", "aviation", "en", "medium", recorded=40, source="desk_survey", deadline=200),
    # Sumora
    NeedData("sumora", "digital-evidence", "en", "medium", recorded=415, source="desk_survey"),
    NeedData("sumora", "api-pnr", "en", "high", recorded=160, visit="sumora-1", deadline=160),
    NeedData("sumora", "border", "ru", "high", recorded=159, visit="sumora-1"),
    NeedData("sumora", "cft", "ru", "medium", recorded=158, visit="sumora-1", deadline=140),
    NeedData("sumora", "non-profit", "en", "low", recorded=157, visit="sumora-1"),
    NeedData("sumora", "legislation", "en", "high", recorded=156, visit="sumora-1"),
    NeedData("sumora", "law-enforcement", "en", "medium", recorded=155, visit="sumora-1"),
    NeedData("sumora", "cbrn", "en", "medium", recorded=154, visit="sumora-1", deadline=210),
    NeedData("sumora", "foreign-fighters", "zh-hans", "high", recorded=153, visit="sumora-1", deadline=60),
    NeedData("sumora", "prisons", "en", "high", recorded=152, visit="sumora-1"),
    NeedData(
        "sumora", "victims", "zh-hans", "low", recorded=151, visit="sumora-1", closed=127,
        close_reason="no_longer_needed",
    ),
    NeedData("sumora", "vulnerable-targets", "en", "medium", recorded=150, visit="sumora-1", deadline=170),
    NeedData("sumora", "aviation", "en", "high", recorded=52, visit="sumora-2", deadline=220),
    NeedData("sumora", "maritime", "ru", "medium", recorded=51, visit="sumora-2"),
    NeedData("sumora", "cyber", "en", "high", recorded=50, visit="sumora-2", reached=NeedStatus.PUT_TO_STATE),
    NeedData(
        "sumora", "small-arms", "ru", "low", recorded=30, source="desk_survey", reached=NeedStatus.PUT_TO_STATE,
        translated=False,
    ),
    NeedData(
        "sumora", "judicial-cooperation", "zh-hans", "medium", recorded=20, source="desk_survey",
        reached=NeedStatus.DRAFT, translated=False,
    ),
    NeedData("sumora", "gender", "en", "medium", recorded=10, source="desk_survey", reached=NeedStatus.DRAFT),
    NeedData("sumora", "strategy", "en", "high", recorded=90, source="consultation", deadline=130),
    NeedData("sumora", "prevention-plan", "en", "high", recorded=95, source="consultation"),
    NeedData("sumora", "human-rights", "en", "high", recorded=70, source="request", deadline=100),
    NeedData("sumora", "fusion", "ru", "medium", recorded=150, source="desk_survey"),
    # No offer and no project fits it.
    NeedData("sumora", "drones", "en", "medium", recorded=41, source="desk_survey", deadline=240),
    # Katasi
    NeedData("katasi", "border", "fr", "high", recorded=290, visit="katasi-1"),
    NeedData("katasi", "legislation", "fr", "high", recorded=289, visit="katasi-1"),
    NeedData("katasi", "non-profit", "fr", "medium", recorded=288, visit="katasi-1"),
    NeedData("katasi", "api-pnr", "fr", "high", recorded=105, visit="katasi-2", deadline=110),
    NeedData("katasi", "biometrics", "fr", "medium", recorded=104, visit="katasi-2", deadline=180),
    NeedData("katasi", "cft", "es", "high", recorded=103, visit="katasi-2", deadline=90),
    NeedData("katasi", "criminal-justice", "fr", "high", recorded=102, visit="katasi-2", deadline=140),
    NeedData("katasi", "digital-evidence", "fr", "medium", recorded=101, visit="katasi-2", deadline=75),
    NeedData("katasi", "law-enforcement", "fr", "medium", recorded=100, visit="katasi-2", deadline=190),
    NeedData("katasi", "aviation", "fr", "high", recorded=99, visit="katasi-2", deadline=80),
    NeedData("katasi", "reintegration", "es", "medium", recorded=98, visit="katasi-2"),
    NeedData("katasi", "prisons", "fr", "medium", recorded=97, visit="katasi-2"),
    NeedData(
        "katasi", "counter-narratives", "en", "low", recorded=96, visit="katasi-2", closed=76,
        close_reason="withdrawn_by_state",
    ),
    NeedData("katasi", "human-rights", "fr", "high", recorded=95, visit="katasi-2", deadline=150),
    NeedData("katasi", "gender", "fr", "low", recorded=94, visit="katasi-2"),
    NeedData("katasi", "prevention-plan", "fr", "high", recorded=93, visit="katasi-2", deadline=120),
    NeedData("katasi", "foreign-fighters", "en", "high", recorded=70, source="consultation", deadline=100),
    NeedData("katasi", "strategy", "fr", "medium", recorded=65, source="desk_survey"),
    NeedData(
        "katasi", "maritime", "es", "medium", recorded=45, source="desk_survey", reached=NeedStatus.PUT_TO_STATE,
        translated=False,
    ),
    NeedData("katasi", "cbrn", "fr", "medium", recorded=40, source="desk_survey", deadline=260),
    NeedData("katasi", "cyber", "fr", "high", recorded=15, source="desk_survey", reached=NeedStatus.DRAFT),
    NeedData(
        "katasi", "victims", "es", "medium", recorded=12, source="request", reached=NeedStatus.DRAFT, translated=False,
    ),
)  # fmt: skip


def load(demo: Demonstration) -> None:
    """Schedule every need, and the transitions CTED and its State run before it is released or when it is closed."""
    for data in NEEDS:
        demo.schedule(data.recorded, _record, data)
        if data.reached != NeedStatus.DRAFT:
            demo.schedule(data.recorded - PUT_TO_STATE_AFTER, _put_to_state, data)
        if data.reached == NeedStatus.AGREED:
            demo.schedule(data.recorded - AGREED_AFTER, _agree, data)
        demo.schedule(data.closed, _close, data)
        if data.reopened:
            demo.schedule(data.reopened[0], _reopen, data, data.reopened[1])


def _record(demo: Demonstration, data: NeedData) -> None:
    values = _values(demo, data)
    need = editing.create(actor=demo.people.assessor(data.state), model=Need, values=values)
    if data.translated:
        texts.translate(need, ("title", "description"), texts.text("needs", data.text))
    demo.keep(data.key, need)


def _values(demo: Demonstration, data: NeedData) -> dict[str, Any]:
    text, language = texts.text("needs", data.text), data.language
    theme = Theme.objects.get(pk=text.facts["theme"])
    training = "training" if text.facts["type"] == "training" else "other"
    return {
        "state": demo.organisations[data.state],
        "source": data.source,
        "visit": demo.get(Visit, data.visit) if data.visit else None,
        # None without a visit, or where its report has no such section
        "section": demo.find(Section, section_key(data.visit, REPORT[text.facts["section"] - 1])),
        "language": language,
        "title": text.title(language),
        "description": text.body(language),
        "pillar": theme.pillar or Pillar.objects.get(pk=text.facts["pillar"]),
        "theme": theme,
        "instrument": Instrument.objects.get(symbol=text.facts["instrument"]),
        "provision": text.facts["provision"],
        "beneficiary": texts.remark("institutions", text.facts["institution"], language),
        "assistance_type": text.facts["type"],
        "priority": data.priority,
        "priority_reason": texts.remark("priorities", data.priority, language),
        "baseline": texts.remark("baselines", training, language),
        "target": texts.remark("targets", training, language),
        "deadline": demo.days.optional_day(data.deadline),
        "addresses_pve": theme.pk in PVE,
        **{f"{name}_note": texts.remark("considerations", name, language) for name in _considered(theme)},
        **_considered(theme),
    }


def _considered(theme: Theme) -> dict[str, str]:
    """Return what a need of this theme considers: human rights, gender, and how far."""
    return {name: level for name, levels in CONSIDERED.items() if (level := levels.get(theme.pk))}


def _put_to_state(demo: Demonstration, data: NeedData) -> None:
    needs.put_to_state(actor=demo.people.assessor(data.state), need=demo.get(Need, data.key).pk)


def _agree(demo: Demonstration, data: NeedData) -> None:
    needs.agree(actor=demo.people.focal_point(data.state), need=demo.get(Need, data.key).pk)


def _close(demo: Demonstration, data: NeedData) -> None:
    actor, need = demo.people.focal_point(data.state), demo.get(Need, data.key)
    needs.close(actor=actor, need=need.pk, reason=data.close_reason, note=texts.said(actor, "close"))


def _reopen(demo: Demonstration, data: NeedData, visit: str) -> None:
    actor, need = demo.people.assessor(data.state), demo.get(Need, data.key)
    cycles.reopen(actor=actor, need=need.pk, visit=demo.get(Visit, visit), reason=texts.said(actor, "reopen"))
