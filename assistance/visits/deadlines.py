"""Deadlines of visits: the State's answer to a request for its consent."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assistance.workflow.clocks import Clock, Rung
from entities.actors import CTED

CONSENT_ANSWER = "consent_answer"

# A request that is not answered stays open: consent is never given by silence. A release answers it too
# (`consents.transitions`); whether a State was asked for its consent is known to that State and CTED alone.
VISIT_CLOCKS = (
    Clock(
        kind=CONSENT_ANSWER,
        label=_("Decision on the release of a visit report"),
        owed_by=lambda visit: visit.state_id,
        owed_to=lambda visit: CTED,
        starts=("consent_asked",),
        answered_by=("consent_declined",),
        days=60,
        rungs=(Rung(-30), Rung(-7)),
        is_private=True,
        since=lambda visit: visit.consent_asked_at,
        running=Q(consent_asked_at__isnull=False),
    ),
)
