"""What is kept of the work, one file for each aggregate."""

from assistance.models.audience import Audience, AudienceGrant, Restricted, Versioned
from assistance.models.consent import Consent
from assistance.models.document import Document, DocumentVersion
from assistance.models.event import Event
from assistance.models.match import Match
from assistance.models.need import Need, Verification
from assistance.models.offer import Offer
from assistance.models.project import Party, Project
from assistance.models.release import Release, ReleaseLine, TwoPersonRule
from assistance.models.visit import Section, Visit

__all__ = [
    "Audience",
    "AudienceGrant",
    "Consent",
    "Document",
    "DocumentVersion",
    "Event",
    "Match",
    "Need",
    "Offer",
    "Party",
    "Project",
    "Release",
    "ReleaseLine",
    "Restricted",
    "Section",
    "TwoPersonRule",
    "Verification",
    "Versioned",
    "Visit",
]
