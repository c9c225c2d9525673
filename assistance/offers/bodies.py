"""Request bodies of the transitions of offers."""

from assistance.offers.models import Offer
from assistance.rest.bodies import NoteWriteSerializer
from assistance.rest.fields import RowField, VersionedWriteSerializer


class MergeWriteSerializer(VersionedWriteSerializer):
    """The offer that stays."""

    into = RowField(Offer, required=False, help_text="By default the offer that UNOCT has proposed.")


class ProposeMergeWriteSerializer(NoteWriteSerializer):
    """The offer that would stay, and a note for the provider."""

    into = RowField(Offer)
