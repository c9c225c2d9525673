"""Matches: one need and one provider, each side answering for itself."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from assistance.models.audience import Restricted, Versioned
from assistance.models.need import Need
from assistance.models.offer import Offer
from assistance.models.reference import match_reference
from assistance.states import CONFIRMED_MATCH, OPEN_MATCH, MatchStatus
from entities.models import Organisation


class Match(Restricted, Versioned):
    """One provider's part in one need. `share` is in per cent of the need; its row is seen only with the need."""

    takes_documents = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(_("reference"), max_length=12, unique=True, default=match_reference, editable=False)
    need = models.ForeignKey(Need, models.PROTECT, related_name="matches", verbose_name=_("need"))
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="matches", verbose_name=_("provider"))
    offer = models.ForeignKey(
        Offer, models.PROTECT, null=True, blank=True, related_name="matches", verbose_name=_("offer")
    )
    share = models.PositiveSmallIntegerField(
        _("share of the need, in per cent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    message = models.TextField(_("message"), blank=True)
    status = models.CharField(_("status"), max_length=20, choices=MatchStatus, editable=False)
    suggested_by_cted = models.BooleanField(default=False, editable=False)
    waiting_since = models.DateTimeField(editable=False, help_text="When the side whose answer is awaited was asked.")
    answer_reason = models.TextField(_("reason"), blank=True, editable=False)
    delivered_note = models.TextField(_("what was delivered"), blank=True, editable=False)
    verified_share = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["-modified_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(share__gte=1, share__lte=100), name="match_share_within_the_need"
            ),
            models.UniqueConstraint(
                fields=["need", "provider"],
                condition=models.Q(status__in=[*OPEN_MATCH, *CONFIRMED_MATCH], verified_share__isnull=True),
                name="match_once_per_provider_while_open",
            ),
        ]
        indexes = [models.Index(fields=["audience", "-modified_at", "-id"], name="match_list")]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_id(self) -> uuid.UUID:
        return self.need.state_id
