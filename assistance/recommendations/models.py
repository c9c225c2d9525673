"""Recommendations of a visit report, the observations and replies of the State, and the ratings of CTED."""

import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.models import Restricted, Versioned
from assistance.needs.models import Need
from assistance.needs.states import Priority
from assistance.recommendations.states import Rated, ResponseStatus, Said
from assistance.search import SearchedTexts, plain_indexes
from assistance.visits.models import Section, Visit
from assistance.workflow.references import new_reference
from entities.models import Instrument, Organisation, Theme


def recommendation_reference() -> str:
    """Return a new reference of a recommendation."""
    return new_reference("F")


def observation_reference() -> str:
    """Return a new reference of observations on a draft report."""
    return new_reference("FO")


def response_reference() -> str:
    """Return a new reference of what a State says of a recommendation."""
    return new_reference("FR")


def rating_reference() -> str:
    """Return a new reference of a rating."""
    return new_reference("FG")


def _reference(default: Callable[[], str]) -> Any:
    """Return the column of the reference: its own one, because a reader of the row may not know of the visit."""
    return models.CharField(
        pgettext_lazy("field", "reference"), max_length=12, unique=True, default=default, editable=False
    )


class Recommendation(Restricted, Versioned):
    """One numbered recommendation of a visit report: seen by CTED and the State until a consent names it."""

    texts = ("title", "text", "priority_reason", "provisions")
    translated = ("title", "text")
    released_by_state = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = _reference(recommendation_reference)
    visit = models.ForeignKey(
        Visit, models.PROTECT, related_name="recommendations", verbose_name=pgettext_lazy("model", "visit")
    )
    section = models.ForeignKey(
        Section, models.PROTECT, related_name="recommendations", verbose_name=_("report section")
    )
    number = models.PositiveSmallIntegerField(
        pgettext_lazy("field", "number"), validators=[MinValueValidator(1), MaxValueValidator(999)]
    )
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")
    title = models.CharField(
        pgettext_lazy("field", "title"), max_length=300, help_text=_("A short name by which lists show it.")
    )
    text = models.TextField(_("text of the recommendation"))
    theme = models.ForeignKey(
        Theme, models.PROTECT, related_name="recommendations", verbose_name=pgettext_lazy("model", "theme")
    )
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="recommendations",
        verbose_name=pgettext_lazy("model", "instrument"),
    )
    provisions = models.CharField(
        pgettext_lazy("field", "provisions"),
        max_length=200,
        blank=True,
        help_text=_("For example: operative paragraphs 2 (e) and 2 (g)."),
    )
    priority = models.CharField(pgettext_lazy("field", "priority"), max_length=10, choices=Priority)
    priority_reason = models.TextField(_("reason for the priority"), blank=True)
    needs = models.ManyToManyField(
        Need,
        related_name="recommendations",
        blank=True,
        verbose_name=pgettext_lazy("model", "needs"),
        help_text=_("The needs of this State that the recommendation leads to."),
    )
    adopted_on = models.DateField(null=True, blank=True, editable=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "recommendation")
        verbose_name_plural = pgettext_lazy("model", "recommendations")
        ordering = ["visit", "number"]
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="recommendation_number_once")]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="recommendation_list")]

    def __str__(self) -> str:
        return self.reference

    @property
    def state_id(self) -> uuid.UUID:
        return self.visit.state_id

    @property
    def state(self) -> Organisation:
        """The State that was visited."""
        return self.visit.state


class RecommendationTexts(SearchedTexts):
    """The texts of a recommendation in which searches look."""

    row = models.OneToOneField(Recommendation, models.CASCADE, primary_key=True, related_name="texts_searched")

    class Meta:
        indexes = plain_indexes("recommendation")


class OfVisit(Restricted, Versioned):
    """Something said about a visit report: what it is about never changes once it has been sent."""

    released_by_state = True

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    language = models.CharField(_("language of the text"), max_length=10, choices=settings.LANGUAGES, default="en")

    class Meta:
        abstract = True

    visit: Any
    visit_id: uuid.UUID

    @property
    def state_id(self) -> uuid.UUID:
        found: uuid.UUID = self.visit.state_id
        return found

    @property
    def state(self) -> Organisation:
        """The State that was visited."""
        found: Organisation = self.visit.state
        return found


class Observation(OfVisit):
    """What the State observes on the facts of a draft report. Seen by CTED and the State. Append-only."""

    texts = ("text",)
    translated = ("text",)
    takes_documents = True

    reference = _reference(observation_reference)
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="observations", editable=False)
    number = models.PositiveSmallIntegerField(editable=False)
    text = models.TextField(
        pgettext_lazy("field", "observations"),
        help_text=_("What is not correct or not complete in the draft, by section."),
    )
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "observations on a draft report")
        verbose_name_plural = pgettext_lazy("model", "observations on draft reports")
        ordering = ["visit", "number"]
        constraints = [models.UniqueConstraint(fields=["visit", "number"], name="observation_number_once")]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="observation_list")]

    def __str__(self) -> str:
        return self.reference


class Response(OfVisit):
    """What the State says of one recommendation in one reply. The State alone sees it until the reply is sent."""

    texts = ("action",)
    translated = ("action",)
    takes_documents = True

    reference = _reference(response_reference)
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="responses", editable=False,
        verbose_name=pgettext_lazy("model", "recommendation"),
    )  # fmt: skip
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="responses", editable=False)
    period = models.PositiveSmallIntegerField(editable=False, help_text="The number of the reply: 1 is the first.")
    said = models.CharField(pgettext_lazy("field", "status"), max_length=20, choices=Said)
    action = models.TextField(_("action taken"), blank=True)
    on = models.DateField(_("date of the action"), null=True, blank=True)
    status = models.CharField(max_length=10, choices=ResponseStatus, default=ResponseStatus.DRAFT, editable=False)
    sent_on = models.DateField(null=True, blank=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "reply to a recommendation")
        verbose_name_plural = pgettext_lazy("model", "replies to recommendations")
        ordering = ["recommendation_id", "-period"]  # by the key: a reader may not see the recommendation
        constraints = [models.UniqueConstraint(fields=["recommendation", "period"], name="response_once_per_reply")]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="response_list")]

    def __str__(self) -> str:
        return self.reference


class Rating(OfVisit):
    """How far CTED finds a recommendation implemented, on a later visit or from the desk. Append-only."""

    texts = ("why",)
    translated = ("why",)

    reference = _reference(rating_reference)
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, related_name="ratings", editable=False,
        verbose_name=pgettext_lazy("model", "recommendation"),
    )  # fmt: skip
    visit = models.ForeignKey(Visit, models.PROTECT, related_name="ratings", editable=False)
    basis = models.ForeignKey(
        Visit, models.PROTECT, related_name="+", null=True, blank=True, editable=False,
        verbose_name=pgettext_lazy("field", "basis"),
        help_text=_("The visit on which the rating is based; empty for a review from the desk."),
    )  # fmt: skip
    number = models.PositiveSmallIntegerField(editable=False, help_text="1 is the first of its recommendation.")
    rated = models.CharField(pgettext_lazy("field", "rating"), max_length=20, choices=Rated)
    why = models.TextField(_("reason for the rating"))
    rated_on = models.DateField(editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)

    class Meta:
        verbose_name = pgettext_lazy("model", "rating of a recommendation")
        verbose_name_plural = pgettext_lazy("model", "ratings of recommendations")
        ordering = ["recommendation_id", "-number"]  # by the key: a reader may not see the recommendation
        constraints = [models.UniqueConstraint(fields=["recommendation", "number"], name="rating_number_once")]
        indexes = [models.Index(fields=["-modified_at", "-id"], name="rating_list")]

    def __str__(self) -> str:
        return self.reference


class NeedLeft(models.Model):
    """A need of which CTED did not do what a rating proposed, with the reason. Append-only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    rating = models.ForeignKey(Rating, models.PROTECT, related_name="needs_left")
    need = models.ForeignKey(Need, models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rating", "need"], name="need_left_once")]

    def __str__(self) -> str:
        return f"{self.rating_id}: {self.need_id}"
