"""The path of one need by its transitions; portal/tests runs the same path by pages and API."""

import pytest

from accounts.models import Delivery
from assistance.access import policy
from assistance.consents import transitions as consents
from assistance.delivery import transitions as delivery
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.coverage import coverage
from assistance.needs.models import Match, Need
from assistance.tests.cast import Cast
from assistance.visits.models import Section
from assistance.workflow.models import Event
from web.exceptions import NotVisible


def sees(cast: Cast, name: str, row: Need | Match | Section) -> bool:
    return policy.visible(getattr(cast, name), type(row)).filter(pk=row.pk).exists()


def test_a_need_travels_from_finding_to_verified_and_back_to_its_owners(cast: Cast) -> None:
    visit = cast.visit()
    first, second = cast.section(visit, 1), cast.section(visit, 2)
    need = cast.need("draft", visit=visit, section=first, source="visit")
    assert [n for n in ("cted", "carana", "unoct", "unodc") if sees(cast, n, need)] == ["cted"]

    needs.put_to_state(actor=cast.cted, need=need.pk)
    consents.ask(actor=cast.cted, visit=visit.pk)
    assert [n for n in ("cted", "carana", "unoct", "unodc") if sees(cast, n, need)] == ["cted", "carana"]
    needs.agree(actor=cast.carana, need=need.pk)
    consents.release(actor=cast.carana, rows=[need, second])
    assert sees(cast, "unodc", need) and sees(cast, "unodc", second) and not sees(cast, "unodc", first)
    assert not sees(cast, "sumora", need) and not sees(cast, "partner", need) and not sees(cast, "former", need)

    offer = cast.offer()
    match = matches.propose(actor=cast.unodc, need=need.pk, offer=offer.pk, share=60)
    need.refresh_from_db()
    assert need.status == "under_consideration"
    matches.accept(actor=cast.carana, match=match.pk)
    need.refresh_from_db()
    assert need.status == "matched_in_part"
    told = set(Delivery.objects.filter(message="match_accepted").values_list("recipient__name", "channel"))
    assert told == {(n, c) for n in ("unodc", "cted", "unoct") for c in ("portal", "mail")}

    matches.start(actor=cast.unodc, match=match.pk)
    delivery.deliver(actor=cast.unodc, match=match.pk, note="Done.", documents="Attendance list.")
    needs.verify(actor=cast.cted, need=need.pk, outcome="partly_met", share=40, note="Half of it.")
    need.refresh_from_db()
    assert need.status == "partly_met"
    assert coverage(need) == {"claimed": 40, "confirmed": 40, "verified": 40, "open": 60}

    consents.withdraw(actor=cast.carana, rows=[need])
    assert [n for n in ("cted", "carana", "unoct", "unodc") if sees(cast, n, need)] == ["cted", "carana"]
    assert not sees(cast, "unodc", match)
    with pytest.raises(NotVisible):
        matches.propose(actor=cast.unodc, need=need.pk)
    assert Event.objects.filter(need=need, name="consent_withdrawn").exists()
