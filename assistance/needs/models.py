"""Needs, their matches with providers, and verifications."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.models import Restricted, Versioned
from assistance.considerations import WithConsiderations
from assistance.needs.states import (
    CONFIRMED_MATCH,
    OPEN_MATCH,
    AnswerReason,
    CloseReason,
    MatchOutcome,
    MatchStatus,
    NeedSource,
    NeedStatus,
    Outcome,
    Priority,
    Sustained,
)
from assistance.offers.models import COUNT, Offer
from assistance.offers.states import AssistanceType
from assistance.search import PENDING, SearchedTexts, plain_indexes
from assistance.visits.models import Section, Visit
from assistance.workflow.references import match_reference, need_reference
from entities.models import Instrument, Organisation, Pillar, Theme
from web.sorting import SortKey, by_day, by_rank, day, rank


class Need(Restricted, Versioned, WithConsiderations):
    """What a State lacks to meet a requirement. Its status is computed from facts (states.need_status)."""

    translated = ("title", "description")
    released_by_state = True
    takes_documents = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=need_reference, editable=False
    )
    state = models.ForeignKey(
        Organisation, models.PROTECT, related_name="needs", verbose_name=pgettext_lazy("country", "State")
    )
    source = models.CharField(
        pgettext_lazy("field", "source"), max_length=20, choices=NeedSource, default=NeedSource.VISIT
    )
    visit = models.ForeignKey(
        Visit, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=pgettext_lazy("model", "visit")
    )
    section = models.ForeignKey(
        Section, models.PROTECT, null=True, blank=True, related_name="needs", verbose_name=_("report section")
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(pgettext_lazy("field", "title"), max_length=300)
    description = models.TextField(_("description of the need"))
    pillar = models.ForeignKey(
        Pillar, models.PROTECT, related_name="needs", verbose_name=pgettext_lazy("model", "pillar")
    )
    theme = models.ForeignKey(Theme, models.PROTECT, related_name="needs", verbose_name=pgettext_lazy("model", "theme"))
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=pgettext_lazy("model", "instrument"),
    )
    provision = models.CharField(
        pgettext_lazy("field", "provision"),
        max_length=120,
        blank=True,
        help_text=_("For example: operative paragraph 2 (e)."),
    )
    beneficiary = models.CharField(_("beneficiary institution"), max_length=300, blank=True)
    assistance_type = models.CharField(_("type of assistance"), max_length=20, choices=AssistanceType)
    priority = models.CharField(pgettext_lazy("field", "priority"), max_length=10, choices=Priority)
    priority_reason = models.TextField(_("reason for the priority"), blank=True)
    baseline = models.TextField(pgettext_lazy("field", "baseline"), blank=True)
    target = models.TextField(pgettext_lazy("field", "target"), blank=True)
    deadline = models.DateField(_("required by"), null=True, blank=True)

    put_to_state_at = models.DateTimeField(null=True, blank=True, editable=False)
    agreed_on = models.DateField(null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    close_reason = models.CharField(max_length=20, choices=CloseReason, blank=True, editable=False)
    # Matches, verifications and the report after a year are those of one cycle; reopening the need begins the next.
    cycle = models.PositiveSmallIntegerField(default=1, editable=False)
    met_at = models.DateTimeField(null=True, blank=True, editable=False)
    year_answer = models.CharField(
        _("report after a year"), max_length=20, choices=Sustained, blank=True, editable=False
    )
    year_answered_at = models.DateTimeField(null=True, blank=True, editable=False)
    year_noted_at = models.DateTimeField(null=True, blank=True, editable=False)
    status = models.CharField(
        pgettext_lazy("field", "status"), max_length=20, choices=NeedStatus, default=NeedStatus.DRAFT, editable=False
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    texts = (
        "title",
        "description",
        "provision",
        "priority_reason",
        "beneficiary",
        "baseline",
        "target",
        "human_rights_note",
        "gender_note",
    )

    # Keys by which the list is sorted; each has an index.
    sort_keys: ClassVar[dict[str, SortKey]] = {
        "priority_key": by_rank("priority", Priority),
        "status_key": by_rank("status", NeedStatus),
        "deadline_key": by_day("deadline"),
    }

    class Meta:
        verbose_name = pgettext_lazy("model", "need")
        verbose_name_plural = pgettext_lazy("model", "needs")
        ordering = ["-modified_at", "-id"]
        indexes = [
            models.Index("modified_at", "id", name="need_by_modified"),
            models.Index(rank("priority", Priority), "id", name="need_by_priority"),
            models.Index(rank("status", NeedStatus), "id", name="need_by_status"),
            models.Index(day("deadline", descending=False), "id", name="need_by_deadline"),
            models.Index(day("deadline", descending=True), "id", name="need_by_deadline_down"),
            models.Index(fields=["deadline"], name="need_due"),
            # Counts are made from the index alone: what says who sees a row stands in it.
            models.Index(
                fields=["state", "status", "pillar"],
                include=["reader_groups", "owner_groups", "ends_at"],
                name="need_counts",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_overdue(self) -> bool:
        """Whether the day by which it is needed has passed, and it is neither met nor closed."""
        done = self.status in (NeedStatus.MET, NeedStatus.CLOSED)
        return self.deadline is not None and self.deadline < timezone.now().date() and not done


class NeedTexts(SearchedTexts):
    """The texts of a need in which searches look, with the words of each language."""

    row = models.OneToOneField(Need, models.CASCADE, primary_key=True, related_name="texts_searched")
    search = SearchVectorField()

    class Meta:
        indexes = [
            GinIndex(fields=["search"], name="need_search", gin_pending_list_limit=PENDING),
            *plain_indexes("need"),
        ]


class Cycle(models.Model):
    """A cycle of a need that has ended, and why the need was reopened. Append-only.

    The cycle that runs has no row: its number is `Need.cycle`. `visit` is the one that found the need again; without one
    a rating from the desk did.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(Need, models.PROTECT, related_name="cycles")
    number = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=20, choices=NeedStatus)
    year_answer = models.CharField(max_length=20, choices=Sustained, blank=True)
    visit = models.ForeignKey(
        Visit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=pgettext_lazy("model", "visit")
    )
    reason = models.TextField(_("reason for reopening"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["need", "number"], name="cycle_once_per_need")]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.number}"


class Verification(models.Model):
    """The result found by CTED or the State after delivery. Append-only. `share` is in per cent of the need."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(Need, models.PROTECT, related_name="verifications")
    cycle = models.PositiveSmallIntegerField(default=1)
    outcome = models.CharField(pgettext_lazy("field", "outcome"), max_length=20, choices=Outcome)
    share = models.PositiveSmallIntegerField(_("share met, in per cent"))
    note = models.TextField(_("explanation of the outcome"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.outcome}"


# The capacities of an offer → the columns of a match that say how much of each it reserves.
RESERVED = {"places": "reserved_places", "expert_days": "reserved_expert_days", "amount": "reserved_amount"}


class Match(Restricted, Versioned):
    """One provider's part in one need. `share` is in per cent of the need; only readers of the need see it."""

    takes_documents = True
    takes_clocks = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=match_reference, editable=False
    )
    need = models.ForeignKey(Need, models.PROTECT, related_name="matches", verbose_name=pgettext_lazy("model", "need"))
    provider = models.ForeignKey(
        Organisation, models.PROTECT, related_name="matches", verbose_name=pgettext_lazy("field", "provider")
    )
    offer = models.ForeignKey(
        Offer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="matches",
        verbose_name=pgettext_lazy("model", "offer"),
    )
    project = models.ForeignKey(
        "assistance.Project",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="matches",
        verbose_name=pgettext_lazy("model", "project"),
        help_text=_("The project by which the assistance is given. Its lead is the provider."),
    )
    share = models.PositiveSmallIntegerField(
        _("share of the need, in per cent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    reserved_places = models.PositiveIntegerField(_("places reserved"), null=True, blank=True, validators=COUNT)
    reserved_expert_days = models.PositiveIntegerField(
        _("expert days reserved"), null=True, blank=True, validators=COUNT
    )
    reserved_amount = models.DecimalField(
        _("amount reserved"),
        max_digits=14,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
        help_text=_("In the currency of the offer."),
    )
    message = models.TextField(pgettext_lazy("field", "message"), blank=True)
    status = models.CharField(pgettext_lazy("field", "status"), max_length=20, choices=MatchStatus, editable=False)
    cycle = models.PositiveSmallIntegerField(default=1, editable=False, help_text="The cycle of the need it covers.")
    suggested_by_cted = models.BooleanField(default=False, editable=False)
    waiting_since = models.DateTimeField(editable=False, help_text="When the side whose answer is awaited was asked.")
    answer_reason_code = models.CharField(
        _("type of reason"), max_length=20, choices=AnswerReason, blank=True, editable=False
    )
    answer_reason = models.TextField(pgettext_lazy("field", "reason"), blank=True, editable=False)
    delivered_note = models.TextField(_("assistance delivered"), blank=True, editable=False)
    verified_share = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    ended_outcome = models.CharField(max_length=20, choices=MatchOutcome, blank=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False, help_text="When its provider ended it.")
    end_settled_at = models.DateTimeField(
        null=True, editable=False, help_text="When the State confirmed the end, or could no longer dispute it."
    )
    project_ended_at = models.DateTimeField(
        null=True, editable=False, help_text="When its project ended, as long as nobody has said how it goes on."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "match")
        verbose_name_plural = pgettext_lazy("model", "matches")
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
        indexes = [
            models.Index(fields=["-modified_at", "-id"], name="match_list"),
            models.Index(fields=["waiting_since"], name="match_waiting", condition=models.Q(status__in=OPEN_MATCH)),
            models.Index(fields=["provider"], name="match_verified", condition=models.Q(verified_share__gt=0)),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def outcome(self) -> str:
        """What came of it: helped, once delivered and unless verified as not met; or how it ended; empty before."""
        helped = self.status == MatchStatus.DELIVERED and self.verified_share != 0
        return MatchOutcome.HELPED.value if helped else self.ended_outcome

    @property
    def state_id(self) -> uuid.UUID:
        return self.need.state_id


class Dismissal(models.Model):
    """A suggestion that an organization has set aside for one need: an offer or a project, and why.

    Only that organization sees it. Undone it stays stored, and counts no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    need = models.ForeignKey(Need, models.PROTECT, related_name="dismissals")
    offer = models.ForeignKey(Offer, models.PROTECT, null=True, related_name="dismissals")
    project = models.ForeignKey("assistance.Project", models.PROTECT, null=True, related_name="dismissals")
    by_org = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason_code = models.CharField(_("type of reason"), max_length=20, choices=AnswerReason)
    text = models.TextField(pgettext_lazy("field", "reason"))
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(offer__isnull=False, project__isnull=True)
                | models.Q(offer__isnull=True, project__isnull=False),
                name="dismissal_of_one_candidate",
            ),
            models.UniqueConstraint(
                fields=["need", "offer", "by_org"],
                condition=models.Q(undone_at__isnull=True),
                name="dismissal_once_per_offer",
            ),
            models.UniqueConstraint(
                fields=["need", "project", "by_org"],
                condition=models.Q(undone_at__isnull=True),
                name="dismissal_once_per_project",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.need_id}: {self.reason_code}"
