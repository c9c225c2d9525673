"""Demonstration offers."""

from dataclasses import dataclass

from assistance.demo import texts
from assistance.demo.demonstration import Demonstration
from assistance.needs import merging, offer_withdrawal
from assistance.offers import corrections
from assistance.offers import transitions as offers
from assistance.offers.models import Offer
from assistance.workflow import editing
from entities.models import Region, Theme


@dataclass(frozen=True)
class OfferData:
    """An offer and what was done with it so many days ago; `opens` and `closes` are in days from today."""

    key: str
    text: str
    provider: str
    language: str
    recorded: int
    published: int | None = None
    confirmed: int | None = None
    paused: int | None = None
    withdrawn: int | None = None
    places: int | None = None
    expert_days: int | None = None
    amount: int | None = None
    regions: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    named_only: bool = False
    opens: int | None = None
    closes: int | None = None
    languages: tuple[str, ...] = ("en", "fr")
    translated: bool = True
    eligibility: tuple[str, ...] = ()
    cost: str = ""
    cost_note: str = ""
    merged: int | None = None
    into: str = ""
    conditions: str = ""
    lead_time: int | None = None


OFFERS = (
    OfferData(
        "travel", "travel", "unodc", "en", recorded=330, published=328, confirmed=151, places=60, expert_days=120,
        languages=("en", "fr", "es", "ar"), cost="none", lead_time=90,
        conditions="A national coordinator is named before the first mission.",
    ),
    OfferData(
        "finance", "finance", "unodc", "en", recorded=328, published=326, confirmed=149, places=80,
        languages=("en", "fr", "ru", "es"), cost="travel", lead_time=45,
        cost_note="Flights of participants; meals and accommodation are paid.",
    ),
    OfferData(
        "legislation", "legislation", "unodc", "en", recorded=327, published=325, confirmed=147, expert_days=60,
        languages=("en", "fr", "ar"),
    ),
    OfferData(
        "databases", "databases", "interpol", "en", recorded=325, published=323, confirmed=145, places=40,
        languages=("en", "fr", "es", "ar"),
    ),
    OfferData(
        "prosecutors", "prosecutors", "unodc", "fr", recorded=320, published=318, confirmed=140, expert_days=90, regions=("002",),
    ),
    OfferData(
        "communities", "communities", "undp", "en", recorded=310, published=308, confirmed=131, amount=400000,
        languages=("en", "fr", "es", "ru"), eligibility=("ldc", "most_affected"), cost="shared",
    ),
    OfferData(
        "prisons", "prisons", "unodc", "es", recorded=300, published=298, confirmed=122, places=30, closes=240,
        languages=("en", "es", "ru"),
    ),
    OfferData(
        "rights", "rights", "ohchr", "ar", recorded=290, published=288, confirmed=118, places=50,
        languages=("ar", "en", "fr"),
    ),
    OfferData(
        "centres", "centres", "undp", "en", recorded=280, published=278, confirmed=96, expert_days=40, opens=-200,
        closes=300,
    ),
    OfferData(
        "airports", "airports", "icao", "en", recorded=270, published=268, confirmed=88, places=24, closes=330,
        languages=("en", "fr", "es", "ru", "zh-hans"), eligibility=("lldc", "sids"), cost="none", lead_time=60,
    ),
    # Asked to be confirmed
    OfferData("places", "places", "unoct", "es", recorded=200, published=198, expert_days=45, languages=("en", "es")),
    OfferData(
        "ports", "ports", "demo-institute", "en", recorded=150, published=148, states=("sumora", "carana"),
        named_only=True,
    ),
    OfferData(
        "databases-2", "databases", "iom", "zh-hans", recorded=6, places=20, languages=("en", "zh-hans"),
        translated=False,
    ),
    OfferData(
        "finance-2", "finance", "unodc", "en", recorded=170, published=168, places=20, merged=12, into="finance",
    ),
    OfferData("rights-2", "rights", "ohchr", "fr", recorded=232, published=230, places=25),  # paused: not confirmed
    OfferData("places-2", "places", "interpol", "fr", recorded=120, published=118, paused=57, expert_days=20),
    OfferData(
        "airports-2", "airports", "icao", "fr", recorded=260, published=258, confirmed=99, places=12, opens=-250,
        closes=-20,
    ),
    OfferData(
        "communities-2", "communities", "undp", "ru", recorded=180, published=178, withdrawn=87, translated=False,
    ),
)  # fmt: skip


def load(demo: Demonstration) -> None:
    """Schedule every offer, the transitions its provider runs, and a correction that waits for an answer."""
    demo.schedule(3, _correct)
    for data in OFFERS:
        demo.schedule(data.recorded, _record, data)
        demo.schedule(data.published, _publish, data)
        demo.schedule(data.confirmed, _confirm, data)
        demo.schedule(data.merged, _merge, data)
        demo.schedule(data.paused, _pause, data)
        demo.schedule(data.withdrawn, _withdraw, data)


def _record(demo: Demonstration, data: OfferData) -> None:
    text, actor = texts.text("offers", data.text), demo.people.member_of(data.provider)
    values = {
        "provider": demo.organisations[data.provider],
        "language": data.language,
        "title": text.title(data.language),
        "description": text.body(data.language),
        "themes": list(Theme.objects.filter(pk__in=text.facts["themes"])),
        "assistance_types": text.facts["types"],
        "visible_to_named_only": data.named_only,
        "for_states": [demo.organisations[slug] for slug in data.states],
        "for_regions": list(Region.objects.filter(pk__in=data.regions)),
        "places": data.places,
        "expert_days": data.expert_days,
        "amount": data.amount,
        "currency": "USD" if data.amount else "",
        "working_languages": list(data.languages),
        "opens_on": demo.days.optional_day(data.opens),
        "closes_on": demo.days.optional_day(data.closes),
        "eligibility": list(data.eligibility),
        "cost_to_state": data.cost,
        "cost_note": data.cost_note,
        "conditions": data.conditions,
        "lead_time_days": data.lead_time,
        "contact_appointment": actor.appointment_for([demo.organisations[data.provider].pk]),
    }
    offer = editing.create(actor=actor, model=Offer, values=values)
    if data.translated:
        texts.translate(offer, ("title", "description"), text)
    demo.keep(data.key, offer)


def _correct(demo: Demonstration) -> None:
    offer = demo.get(Offer, "airports")
    why = "Our authority was told on the telephone that preparation takes longer for landlocked States."
    values = {"field": "lead_time_days", "proposed": "75", "why": why}
    row = corrections.propose(actor=demo.people.focal_point("sumora"), offer=offer.pk, **values)
    demo.keep("airports", row)


def _publish(demo: Demonstration, data: OfferData) -> None:
    offers.publish(actor=demo.people.member_of(data.provider), offer=demo.get(Offer, data.key).pk)


def _confirm(demo: Demonstration, data: OfferData) -> None:
    offers.confirm(actor=demo.people.member_of(data.provider), offer=demo.get(Offer, data.key).pk)


def _merge(demo: Demonstration, data: OfferData) -> None:
    rows = demo.get(Offer, data.key), demo.get(Offer, data.into)
    merging.merge(actor=demo.people.member_of(data.provider), offer=rows[0].pk, into=rows[1])


def _pause(demo: Demonstration, data: OfferData) -> None:
    offers.pause(actor=demo.people.member_of(data.provider), offer=demo.get(Offer, data.key).pk)


def _withdraw(demo: Demonstration, data: OfferData) -> None:
    actor = demo.people.member_of(data.provider)
    offer_withdrawal.withdraw(actor=actor, offer=demo.get(Offer, data.key).pk, reason=texts.said(actor, "retract"))
