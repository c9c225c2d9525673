"""What a State is asked to release with a report: not what it and CTED say of it; and the letter that asks for it."""

import pytest

from assistance.consents import transitions as consents
from assistance.consents.progress import consent_states
from assistance.consents.states import ConsentState
from assistance.letters import drafting
from assistance.needs import transitions as needs
from assistance.needs.models import Need
from assistance.recommendations import procedure
from assistance.recommendations.letters import LETTERS
from assistance.recommendations.models import Observation, Rating, Response
from assistance.recommendations.tests import reports
from assistance.tests.cast import Cast
from assistance.visits.models import Visit

pytestmark = pytest.mark.django_db
CONSENT_REQUEST = next(kind for kind in LETTERS if kind.name == "consent-request")


def state_of(cast: Cast, visit: Visit) -> ConsentState:
    return consent_states(cast.carana, [Visit.objects.get(pk=visit.pk)])[visit.pk]


def test_a_report_stays_released_in_full_when_the_state_observes_replies_and_is_rated(cast: Cast) -> None:
    row = reports.recommended(cast)
    visit = row.visit
    consents.release(actor=cast.carana, rows=[row, *visit.sections.all()], audience="compact")
    assert state_of(cast, visit) == ConsentState.FULL
    procedure.send_draft(actor=cast.cted, visit=visit.pk)
    procedure.observe(actor=cast.carana, visit=visit.pk, text="Twelve posts, not ten.")
    procedure.adopt(actor=cast.cted, visit=visit.pk)
    procedure.send_final(actor=cast.cted, visit=visit.pk)
    reports.answered(cast, visit)
    assert state_of(cast, visit) == ConsentState.FULL
    procedure.reply(actor=cast.carana, visit=visit.pk)
    reports.rated(cast, row)
    assert state_of(cast, visit) == ConsentState.FULL


def test_a_release_of_what_is_not_asked_for_is_no_answer(cast: Cast) -> None:
    observation = reports.observed(cast)
    consents.release(actor=cast.carana, rows=[observation], audience="compact")
    assert state_of(cast, observation.visit) == ConsentState.NOT_ASKED


def test_the_request_for_consent_waits_for_what_is_asked_for(cast: Cast) -> None:
    observation = reports.observed(cast)
    visit = consents.ask(actor=cast.cted, visit=observation.visit_id)
    consents.release(actor=cast.carana, rows=[observation], audience="compact")
    visit.refresh_from_db()
    assert visit.consent_asked_at is not None
    consents.release(actor=cast.carana, rows=list(visit.sections.all()), audience="compact")
    visit.refresh_from_db()
    assert visit.consent_asked_at is None


def test_the_letter_lists_what_the_state_is_asked_for_and_marks_what_it_has_not_agreed(cast: Cast) -> None:
    visit = reports.replied(cast).visit
    reports.rated(cast, visit.recommendations.get())
    assert Observation.objects.exists() and Response.objects.exists() and Rating.objects.exists()
    draft, put, agreed, closed = (cast.need(stage, visit=visit) for stage in ("draft", "put", "agreed", "agreed"))
    needs.close(actor=cast.cted, need=closed.pk, reason="superseded")
    visit = consents.ask(actor=cast.cted, visit=visit.pk)
    found = drafting.draw_up(cast.cted, visit, CONSENT_REQUEST, "en").table
    assert found is not None
    lines = [str(row[0]) for row in found[1]]
    assert len(lines) == 2 + 2, "the section, the recommendation, and the needs sent to the State that are not closed"
    assert [f"({one})" in "".join(lines) for one in (draft, put, agreed, closed)] == [False, True, True, False]
    marked = [line for line in lines if "The State has not agreed to this need yet." in line]
    assert len(marked) == 1 and f"({put})" in marked[0]
    assert Need.objects.filter(pk=draft.pk, put_to_state_at=None).exists()
