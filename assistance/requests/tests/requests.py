"""Requests of the cast's State in every stage, each reached by the transitions that people would run."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from assistance.access import policy
from assistance.consents import two_person
from assistance.consents.models import TwoPersonRule
from assistance.delivery import transitions as delivery
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.models import Match, Need
from assistance.requests import choosing, circulation, questions, transitions
from assistance.requests.models import AssistanceRequest
from assistance.tests.cast import Cast, appoint, hashed
from assistance.workflow import editing
from entities.actors import Actor, actor_of
from entities.models import Kind, Organisation, Role

STAGES = ("draft", "submitted", "authenticated", "acknowledged", "cleared", "circulated")


def values_of(cast: Cast, **values: Any) -> dict[str, Any]:
    """Return the values of a request that can be submitted."""
    return {
        "state": cast.org("carana"), "language": "en", "title": "Passenger data at four airports",
        "description": "No advance passenger information is received at the four international airports of the State.",
        "theme": cast.theme, "assistance_types": ["training"], "beneficiary": "Passenger Information Unit",
        "deliverable": "A unit of twelve analysts who work in shifts at four airports.", "contact_name": "Amal Idris",
        "contact_phone": "+1 202 555 0100", "note_number": "NV/2026/17",
        "note_dated": timezone.now().date() - timedelta(days=3), "audience_allowed": ["compact"], **values,
    }  # fmt: skip


def make(cast: Cast, stage: str = "draft", **values: Any) -> AssistanceRequest:
    """Return a request of carana at a stage of STAGES."""
    row = editing.create(actor=cast.carana, model=AssistanceRequest, values=values_of(cast, **values))
    reached = STAGES.index(stage)
    if reached >= 1:
        transitions.submit(actor=cast.carana, assistance_request=row.pk)
    if reached >= 2:
        transitions.authenticate(actor=cast.unoct, assistance_request=row.pk, how="Confirmed with the Mission.")
    if reached >= 3:
        transitions.acknowledge(actor=cast.unoct, assistance_request=row.pk)
    if reached >= 4:
        transitions.no_objection(actor=cast.carana, assistance_request=row.pk)
    if reached >= 5:
        circulation.circulate(actor=cast.unoct, assistance_request=row.pk)
    row.refresh_from_db()
    return row


def need_of(row: AssistanceRequest) -> Need:
    """Return the only need that was made of a request."""
    return row.needs.get()


def offered(cast: Cast, row: AssistanceRequest | None = None, who: str = "unodc", share: int = 100) -> Match:
    """Return the proposal of a provider for a circulated request."""
    row = row or make(cast, "circulated")
    return matches.propose(actor=getattr(cast, who), need=need_of(row).pk, share=share)


def again(row: Any) -> Any:
    """Return the row as it is stored now."""
    return type(row).objects.get(pk=row.pk)


def with_offer(cast: Cast) -> AssistanceRequest:
    """Return a request for which an offer is in."""
    return again(_request_of(offered(cast)))


def chosen(cast: Cast) -> AssistanceRequest:
    """Return a request for which a provider is chosen."""
    match = offered(cast)
    row = _request_of(match)
    choosing.choose(actor=cast.carana, assistance_request=row.pk, matches=[match])
    return again(row)


def in_progress(cast: Cast) -> AssistanceRequest:
    """Return a request whose provider has started."""
    row = chosen(cast)
    matches.start(actor=cast.unodc, match=Match.objects.get(need__assistance_requests=row).pk)
    return again(row)


def met(cast: Cast) -> AssistanceRequest:
    """Return a request that is closed because its need is met."""
    row = in_progress(cast)
    match = Match.objects.get(need__assistance_requests=row)
    delivery.deliver(actor=cast.unodc, match=match.pk, note="Twelve analysts trained.", documents="Attendance list.")
    needs.verify(actor=cast.cted, need=match.need_id, outcome="met", note="Seen.")
    return again(row)


def withdrawn(cast: Cast) -> AssistanceRequest:
    """Return a circulated request that its State has withdrawn."""
    row = make(cast, "circulated")
    transitions.withdraw(actor=cast.carana, assistance_request=row.pk, reason="Solved by ourselves.")
    return again(row)


def returned(cast: Cast) -> AssistanceRequest:
    """Return a request that UNOCT has returned."""
    row = make(cast, "submitted")
    transitions.send_back(actor=cast.unoct, assistance_request=row.pk, parts=["title"], reason="Which airports?")
    return again(row)


def refusal(cast: Cast) -> AssistanceRequest:
    """Return a request that a coordinator has proposed to refuse."""
    row = make(cast, "submitted")
    transitions.refuse(actor=cast.unoct, assistance_request=row.pk, reason="The Mission does not know it.")
    return again(row)


def proposed(cast: Cast) -> AssistanceRequest:
    """Return a request that awaits a colleague, in a State that asks for one; from then on one person is enough."""
    row = make(cast)
    if not TwoPersonRule.objects.exists():
        two_person.switch_on(actor=cast.carana, state=row.state)
    TwoPersonRule.objects.update(is_on=True)
    transitions.submit(actor=cast.carana, assistance_request=row.pk)
    TwoPersonRule.objects.update(is_on=False)
    return again(row)


def asked(cast: Cast) -> AssistanceRequest:
    """Return a circulated request with an open question."""
    row = make(cast, "circulated")
    questions.ask(actor=cast.iom, assistance_request=row.pk, text="Which systems do you use?")
    return again(row)


def a_year_old(cast: Cast) -> AssistanceRequest:
    """Return a circulated request that was submitted more than a year ago, before the people of the cast were appointed."""
    row = make(cast, "circulated")
    AssistanceRequest.objects.filter(pk=row.pk).update(submitted_at=timezone.now() - timedelta(days=380))
    return again(row)


def _request_of(match: Match) -> AssistanceRequest:
    return AssistanceRequest.objects.get(needs=match.need_id)


def colleague_of(cast: Cast, who: str) -> Actor:
    """Return another person with the same office."""
    appointment = cast.users[who].appointments.get()
    user = User.objects.create(email=f"second.{who}@example.org", name=f"second {who}")
    appoint(user, appointment.organisation, appointment.role)
    return actor_of(user)


def add_interpol(cast: Cast) -> None:
    """Add a third provider of the Compact, and its focal point, to the cast."""
    row = Organisation.objects.establish(
        slug="interpol", kind=Kind.COMPACT_ENTITY, in_compact=True, name="Interpol", acronym="INTERPOL"
    )
    cast.users["interpol"] = User.objects.create(email="interpol@example.org", name="interpol", password=hashed())
    appoint(cast.users["interpol"], row, Role.FOCAL_POINT)


def sees(actor: Actor, row: AssistanceRequest) -> bool:
    """Return whether this actor sees a request."""
    return policy.visible(actor, AssistanceRequest).filter(pk=row.pk).exists()
