"""Organisations, and the groups that rights are granted to."""

import uuid
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models.user import valid_time_zone
from entities.collation import LANGUAGES, haystack, in_language, sort_key
from entities.models.vocabulary import Pillar
from web.folding import Fold, looks_for


class RegionQuerySet(models.QuerySet["Region"]):
    """Queries on regions used everywhere."""

    def by_name(self) -> "RegionQuerySet":
        """Return them sorted by name in the reader's language."""
        return self.order_by(sort_key("name", get_language() or "en"), "code")


class Region(models.Model):
    """A region of the UN M49 standard; `parent` is the wider region."""

    code = models.CharField(_("M49 code"), max_length=3, primary_key=True)
    name = models.CharField(pgettext_lazy("region", "name"), max_length=120)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    provenance = models.TextField(blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("model", "region")
        verbose_name_plural = pgettext_lazy("model", "regions")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Kind(models.TextChoices):
    """The kind of an organisation; the rights of its people follow from it."""

    MEMBER_STATE = "member_state", _("Member State")
    OBSERVER_STATE = "observer_state", _("Observer State")
    COMPACT_ENTITY = "compact_entity", pgettext_lazy("organization type", "Entity of the Compact")
    SECURITY_COUNCIL_BODY = "security_council_body", _("Security Council body")
    PARTNER = "partner", pgettext_lazy("organization type", "Partner")


STATE_KINDS = (Kind.MEMBER_STATE, Kind.OBSERVER_STATE)
ACRONYMS = tuple(in_language("acronym", code) for code in LANGUAGES)
WORDS = haystack("name", extra=(*ACRONYMS, "slug", "iso3"))  # what the search of organisations looks through
GROUP_OF_ORGANISATION = "organisation: {}"
GROUP_OF_WORKING_GROUP = "working group: {}"


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    """Queries on organisations used everywhere."""

    def by_name(self, language: str | None = None) -> "OrganisationQuerySet":
        """Return them sorted by name in that language (the reader's by default), with the key as `sort_name`."""
        key = sort_key("name", language or get_language() or "en", "pinyin")
        return self.annotate(sort_name=key).order_by("sort_name", "slug")

    def named_like(self, term: str) -> "OrganisationQuerySet":
        """Return those whose name or acronym in any language, slug, code, former or usual name contains the term."""
        wanted = looks_for(term)
        now = Organisation.objects.order_by().alias(words=WORDS).filter(words__contains=wanted).values("pk")
        else_called = OtherName.objects.order_by().filter(name__folded__contains=wanted).values("organisation")
        return self.filter(pk__in=now.union(else_called))  # each by its own index, which an OR would prevent

    def states(self) -> "OrganisationQuerySet":
        """Return Member States and observer States."""
        return self.filter(kind__in=STATE_KINDS)

    def providers(self) -> "OrganisationQuerySet":
        """Return those that may offer assistance and lead projects (`may_provide`)."""
        return self.exclude(kind=Kind.SECURITY_COUNCIL_BODY)

    def compact(self) -> "OrganisationQuerySet":
        """Return the entities of the Compact."""
        return self.filter(in_compact=True)

    @transaction.atomic
    def establish(self, *, slug: str, **fields: Any) -> "Organisation":
        """Return a new organisation together with the group that rights are granted to."""
        group = Group.objects.create(name=GROUP_OF_ORGANISATION.format(slug))
        return self.create(slug=slug, group=group, **fields)


class Organisation(models.Model):
    """A State, entity, body or partner; each has its own group, whose members are determined by appointments only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.SlugField(_("short name in web addresses"), max_length=80, unique=True)
    kind = models.CharField(pgettext_lazy("field", "type"), max_length=30, choices=Kind)
    acronym = models.CharField(pgettext_lazy("field", "acronym"), max_length=60, blank=True)
    name = models.CharField(pgettext_lazy("organization", "name"), max_length=300)
    group = models.OneToOneField(Group, models.PROTECT, related_name="organisation", editable=False)
    in_compact = models.BooleanField(_("entity of the Compact"), default=False)
    is_donor = models.BooleanField(pgettext_lazy("field", "donor"), default=False)
    iso2 = models.CharField(max_length=2, blank=True)
    iso3 = models.CharField(_("ISO 3166 code"), max_length=3, blank=True)
    m49 = models.CharField(max_length=3, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True, related_name="organisations")
    latitude = models.FloatField(null=True, blank=True)
    longitude = models.FloatField(null=True, blank=True)
    website = models.URLField(pgettext_lazy("field", "website"), blank=True)
    areas = models.TextField(_("areas of work"), blank=True)
    iati_ref = models.CharField("IATI", max_length=60, blank=True, help_text="Organisation identifier in IATI files.")
    category = models.CharField(max_length=80, blank=True, help_text="Kind as the source states it.")
    pinyin = models.CharField(
        max_length=300, blank=True, help_text="The sound of the Chinese name, by which lists are sorted: “bi4 lu3”."
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        blank=True,
        validators=[valid_time_zone],
        help_text=_("Days of this organization begin and end in this time zone. If empty, UTC applies."),
    )
    is_demo = models.BooleanField(pgettext_lazy("field", "demonstration"), default=False)
    provenance = models.TextField(blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("model", "organization")
        verbose_name_plural = pgettext_lazy("model", "organizations")
        ordering = ["kind", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["iso3"], condition=~models.Q(iso3=""), name="organisation_iso3_once"),
        ]
        indexes = [GinIndex(OpClass(WORDS, name="gin_trgm_ops"), name="organisation_words")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return its page: of a State the page of its assistance, which also says who acts for it."""
        return reverse("state" if self.is_state else "organisation", args=[self.slug])

    @property
    def short(self) -> str:
        """The acronym the reader is shown, where there is one, else the name."""
        return self.acronym or self.name

    @property
    def is_state(self) -> bool:
        return self.kind in STATE_KINDS

    @property
    def may_provide(self) -> bool:
        """Whether it may offer assistance and lead projects.

        The Counter-Terrorism Committee and its Directorate do not provide assistance, nor do other bodies of the Security
        Council; States do, but not for their own needs. Source: the Committee's text on technical assistance.
        """
        return self.kind != Kind.SECURITY_COUNCIL_BODY


class OtherName(models.Model):
    """A former or usual name of an organisation: found by searches and imports, never shown as its name."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="other_names")
    language = models.CharField(max_length=10, choices=settings.LANGUAGES)
    name = models.CharField(max_length=300)
    provenance = models.TextField(blank=True)

    class Meta:
        ordering = ["organisation", "language", "name"]
        constraints = [models.UniqueConstraint(fields=["organisation", "language", "name"], name="other_name_once")]
        indexes = [GinIndex(OpClass(Fold("name"), name="gin_trgm_ops"), name="other_name_folded")]

    def __str__(self) -> str:
        return self.name


class WorkingGroupQuerySet(models.QuerySet["WorkingGroup"]):
    """Working groups by name, and their creation together with their auth groups."""

    def by_name(self) -> "WorkingGroupQuerySet":
        """Return them sorted by name in the reader's language."""
        return self.order_by(sort_key("name", get_language() or "en"), "slug")

    @transaction.atomic
    def establish(self, *, slug: str, **fields: Any) -> "WorkingGroup":
        """Return a new working group together with the group that rights are granted to."""
        group = Group.objects.create(name=GROUP_OF_WORKING_GROUP.format(slug))
        return self.create(slug=slug, group=group, **fields)


class WorkingGroup(models.Model):
    """A working group of the Compact; a State may release information to it by name."""

    slug = models.SlugField(max_length=40, primary_key=True)
    name = models.CharField(pgettext_lazy("working group", "name"), max_length=300)
    pillar = models.ForeignKey(Pillar, models.PROTECT, null=True, blank=True, related_name="working_groups")
    group = models.OneToOneField(Group, models.PROTECT, related_name="working_group", editable=False)
    members = models.ManyToManyField(Organisation, related_name="working_groups", blank=True)
    chairs = models.CharField(pgettext_lazy("field", "chairs"), max_length=300, blank=True, help_text="As published.")
    note = models.TextField(blank=True)
    provenance = models.TextField(blank=True)

    objects = WorkingGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name
