"""Demonstration matches, and the verification of their needs."""

from dataclasses import dataclass

from assistance.delivery import transitions as delivery
from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.needs import dismissals
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.offers.models import Offer
from assistance.projects.models import Project
from entities.actors import Actor


@dataclass(frozen=True)
class MatchData:
    """A provider's part in a need, in per cent; each transition has run the given number of days ago.

    A provider proposes itself, or CTED suggests it and it confirms or refuses; then the State accepts or declines.
    `outcome` and `share_met` are the result of the verification of the need; `places` and `expert_days` are reserved in
    the offer; `women`, `men` and `days` are the figures of the final report; `project` carries the match.
    """

    need: str
    provider: str
    share: int
    offer: str = ""
    proposed: int | None = None
    suggested: int | None = None
    confirmed: int | None = None
    refused: int | None = None
    accepted: int | None = None
    declined: int | None = None
    retracted: int | None = None
    started: int | None = None
    delivered: int | None = None
    verified: int | None = None
    outcome: str = ""
    share_met: int | None = None
    places: int | None = None
    expert_days: int | None = None
    women: int = 12
    men: int = 15
    days: int = 10
    project: str = ""

    @property
    def key(self) -> str:
        return f"{self.need}/{self.provider}/{self.proposed or self.suggested}"


MATCHES = (
    # Carana
    MatchData(
        "carana/api-pnr", "unodc", share=100, offer="travel", proposed=195, accepted=189, started=177, delivered=112,
        verified=103, outcome="met", places=25, expert_days=60,
    ),
    MatchData(
        "carana/border", "iom", share=60, proposed=114, accepted=108, started=96, delivered=41, verified=32,
        outcome="partly_met", share_met=40,
    ),
    MatchData("carana/border", "interpol", share=30, proposed=6),
    MatchData(
        "carana/biometrics", "interpol", share=100, offer="databases", proposed=163, accepted=157, started=145,
        delivered=100, verified=91, outcome="partly_met", share_met=50,
    ),
    MatchData("carana/biometrics", "iom", share=60, proposed=11),  # in the second cycle
    MatchData("carana/cft", "unodc", share=100, offer="finance", proposed=82, accepted=76, started=64, delivered=19),
    MatchData(
        "carana/legislation", "unodc", share=100, offer="legislation", proposed=131, accepted=125, started=113,
        delivered=88, verified=79, outcome="met",
    ),
    MatchData("carana/criminal-justice", "unodc", share=50, offer="prosecutors", proposed=70, accepted=64, started=52),
    MatchData("carana/vulnerable-targets", "interpol", share=50, proposed=39, accepted=33),
    MatchData(  # nobody has verified it in time
        "carana/small-arms", "interpol", share=100, offer="databases", proposed=58, accepted=52, started=48, delivered=38
    ),
    MatchData("carana/judicial-cooperation", "unodc", share=100, proposed=100, retracted=92),
    MatchData("carana/judicial-cooperation", "unodc", share=100, suggested=8),
    MatchData("carana/strategy", "undp", share=100, offer="centres", proposed=25),
    MatchData("carana/counter-narratives", "undp", share=100, suggested=22),
    MatchData("carana/reintegration", "iom", share=100, project="return", proposed=20, accepted=14),
    # Sumora
    MatchData(  # the State is asked now whether it still works
        "sumora/digital-evidence", "unodc", share=100, proposed=400, accepted=396, started=392, delivered=366,
        verified=358, outcome="met",
    ),
    MatchData(
        "sumora/api-pnr", "unodc", share=70, offer="travel", project="travel", proposed=80, accepted=74, places=20,
        expert_days=30,
    ),
    MatchData("sumora/api-pnr", "iom", share=30, proposed=68, accepted=62),
    MatchData(
        "sumora/border", "iom", share=100, proposed=99, accepted=93, started=81, delivered=46, verified=37,
        outcome="met",
    ),
    MatchData("sumora/cft", "unodc", share=100, offer="finance", proposed=38, accepted=32, started=20),
    MatchData("sumora/legislation", "unodc", share=100, offer="legislation", proposed=36, declined=30),
    MatchData(
        "sumora/law-enforcement", "interpol", share=100, proposed=85, accepted=79, started=67, delivered=42,
        verified=33, outcome="partly_met", share_met=70,
    ),
    MatchData("sumora/cbrn", "demo-institute", share=40, offer="ports", proposed=14, accepted=8),
    MatchData("sumora/foreign-fighters", "interpol", share=100, proposed=5),
    MatchData("sumora/prisons", "unodc", share=100, offer="prisons", proposed=52, accepted=46, started=34, delivered=4),
    MatchData("sumora/strategy", "undp", share=60, proposed=30, accepted=24),
    MatchData(
        "sumora/prevention-plan", "undp", share=100, offer="communities", proposed=55, accepted=49, started=37,
        delivered=2,
    ),
    MatchData("sumora/human-rights", "ohchr", share=100, offer="rights", suggested=32, confirmed=28),
    # Katasi
    MatchData(
        "katasi/border", "iom", share=100, proposed=170, accepted=164, started=152, delivered=87, verified=78,
        outcome="met",
    ),
    MatchData(
        "katasi/legislation", "unodc", share=80, offer="legislation", proposed=119, accepted=113, started=101,
        delivered=76, verified=67, outcome="not_met",
    ),
    MatchData(
        "katasi/non-profit", "unodc", share=100, offer="finance", proposed=208, accepted=202, started=190,
        delivered=105, verified=96, outcome="not_met",
    ),
    MatchData("katasi/api-pnr", "unodc", share=50, offer="travel", proposed=15, places=10),
    MatchData("katasi/api-pnr", "interpol", share=50, proposed=9),
    MatchData("katasi/biometrics", "interpol", share=60, offer="databases", proposed=24, accepted=18),
    MatchData("katasi/biometrics", "iom", share=40, proposed=12, accepted=6),
    MatchData("katasi/cft", "unodc", share=100, offer="finance-2", proposed=33, accepted=27, started=15),
    MatchData("katasi/criminal-justice", "unodc", share=100, offer="prosecutors", proposed=22, accepted=16),
    MatchData("katasi/aviation", "icao", share=100, offer="airports", proposed=39, accepted=33, started=21),
    MatchData("katasi/reintegration", "iom", share=100, proposed=58),
    MatchData("katasi/prisons", "unodc", share=100, offer="prisons", suggested=24, refused=20),
    MatchData("katasi/human-rights", "ohchr", share=100, offer="rights", proposed=25, accepted=19),
    MatchData("katasi/prevention-plan", "undp", share=40, offer="communities", proposed=13),
    MatchData("katasi/foreign-fighters", "interpol", share=100, proposed=10),
)  # fmt: skip


def load(demo: Demonstration) -> None:
    """Schedule every match, the transitions each side runs, and a suggestion that is set aside."""
    demo.schedule(9, _set_aside)
    for data in MATCHES:
        demo.schedule(data.proposed, _propose, data)
        demo.schedule(data.suggested, _suggest, data)
        demo.schedule(data.confirmed, _confirm, data)
        demo.schedule(data.refused, _refuse, data)
        demo.schedule(data.accepted, _accept, data)
        demo.schedule(data.declined, _decline, data)
        demo.schedule(data.retracted, _retract, data)
        demo.schedule(data.started, _start, data)
        demo.schedule(data.delivered, _deliver, data)
        demo.schedule(data.verified, _verify, data)


def _set_aside(demo: Demonstration) -> None:
    need, offer = demo.get(Need, "carana/aviation"), demo.get(Offer, "airports")
    dismissals.dismiss(
        actor=demo.people.assessor("carana"),
        need=need.pk,
        offer=offer.pk,
        reason_code="timing",
        text="The airport is rebuilt until next spring. Courses before then would be held at the wrong equipment.",
    )


def _propose(demo: Demonstration, data: MatchData) -> None:
    actor = demo.people.member_of(data.provider)
    _create(demo, data, actor, texts.said(actor, "propose"))


def _suggest(demo: Demonstration, data: MatchData) -> None:
    actor = demo.people.assessor(demo.get(Need, data.need).state.slug)
    _create(demo, data, actor, texts.said(actor, "suggest"))


def _create(demo: Demonstration, data: MatchData, actor: Actor, message: str) -> None:
    match = matches.propose(
        actor=actor,
        need=demo.get(Need, data.need).pk,
        provider=demo.organisations[data.provider],
        share=data.share,
        offer=demo.get(Offer, data.offer).pk if data.offer else None,
        project=demo.get(Project, data.project).pk if data.project else None,
        message=message,
        reserved_places=data.places,
        reserved_expert_days=data.expert_days,
    )
    demo.keep(data.key, match)


def _confirm(demo: Demonstration, data: MatchData) -> None:
    matches.accept(actor=demo.people.member_of(data.provider), match=demo.get(Match, data.key).pk)


def _refuse(demo: Demonstration, data: MatchData) -> None:
    actor = demo.people.member_of(data.provider)
    match = demo.get(Match, data.key)
    matches.decline(actor=actor, match=match.pk, reason=texts.said(actor, "refuse"), reason_code="no_capacity")


def _accept(demo: Demonstration, data: MatchData) -> None:
    match = demo.get(Match, data.key)
    actor = demo.people.focal_point(match.need.state.slug)
    matches.accept(actor=actor, match=match.pk, message=texts.said(actor, "accept"))


def _decline(demo: Demonstration, data: MatchData) -> None:
    match = demo.get(Match, data.key)
    actor = demo.people.focal_point(match.need.state.slug)
    matches.decline(actor=actor, match=match.pk, reason=texts.said(actor, "decline"), reason_code="another_chosen")


def _retract(demo: Demonstration, data: MatchData) -> None:
    actor = demo.people.member_of(data.provider)
    match = demo.get(Match, data.key)
    matches.retract(actor=actor, match=match.pk, reason=texts.said(actor, "retract"), reason_code="no_money")


def _start(demo: Demonstration, data: MatchData) -> None:
    actor = demo.people.member_of(data.provider)
    matches.start(actor=actor, match=demo.get(Match, data.key).pk, note=texts.said(actor, "start"))


def _deliver(demo: Demonstration, data: MatchData) -> None:
    actor = demo.people.member_of(data.provider)
    matched = demo.get(Match, data.key)
    delivery.deliver(
        actor=actor, match=matched.pk, note=texts.said(actor, "deliver"), documents=texts.said(actor, "documents"),
        trained_women=data.women, trained_men=data.men, expert_days=data.days,
    )  # fmt: skip


def _verify(demo: Demonstration, data: MatchData) -> None:
    need = demo.get(Need, data.need)
    actor = demo.people.assessor(need.state.slug)
    note = texts.said(actor, data.outcome)
    needs.verify(actor=actor, need=need.pk, outcome=data.outcome, share=data.share_met, note=note)
