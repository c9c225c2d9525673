"""Vocabularies, loaded from reference data: pillars of the Strategy, themes, instruments and programmes."""

from textwrap import shorten

from django.db import models
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from entities.collation import in_language, sort_key

TREATY = "international instrument"
SUBJECT_SHOWN = 90  # characters of a subject in a list to choose from


class Pillar(models.Model):
    """One of the four pillars of the Global Counter-Terrorism Strategy (A/RES/60/288)."""

    code = models.CharField(pgettext_lazy("field", "code"), max_length=4, primary_key=True)
    order = models.PositiveSmallIntegerField(default=0)
    short = models.CharField(_("short title"), max_length=120)
    title = models.CharField(pgettext_lazy("field", "title"), max_length=300)
    provenance = models.TextField(blank=True)

    class Meta:
        verbose_name = pgettext_lazy("model", "pillar")
        verbose_name_plural = pgettext_lazy("model", "pillars")
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"

    @property
    def label(self) -> str:
        """The short title where the reader's language has one, else the full title."""
        return getattr(self, in_language("short", get_language() or "en")) or self.title


class ThemeQuerySet(models.QuerySet["Theme"]):
    """Queries on themes used everywhere."""

    def by_pillar(self) -> "ThemeQuerySet":
        """Return them with their pillars, in the order of these, by name in the reader's language; without one last."""
        own_pillar = models.F("pillar__order").asc(nulls_last=True)
        name = sort_key("name", get_language() or "en")
        return self.select_related("pillar").order_by(own_pillar, name, "code")


class Theme(models.Model):
    """A subject of assistance; a theme without a pillar cuts across all four."""

    code = models.SlugField(pgettext_lazy("field", "code"), primary_key=True)
    name = models.CharField(pgettext_lazy("theme", "name"), max_length=200)
    pillar = models.ForeignKey(
        Pillar,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="themes",
        verbose_name=pgettext_lazy("model", "pillar"),
    )
    main_resolutions = models.CharField(max_length=200, blank=True)
    dac5_sector = models.CharField(
        max_length=10, blank=True, help_text="Suggested OECD DAC purpose code, as IATI uses it."
    )
    provenance = models.TextField(blank=True)

    objects = ThemeQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("model", "theme")
        verbose_name_plural = pgettext_lazy("model", "themes")
        ordering = ["pillar", "code"]

    def __str__(self) -> str:
        return self.name


class Nature(models.TextChoices):
    """Whether an instrument binds States."""

    CHAPTER_VII = "chapter_vii", pgettext_lazy("nature of an instrument", "Binding where adopted under Chapter VII")
    RECOMMENDATION = "recommendation", pgettext_lazy("nature of an instrument", "Recommendation")
    TREATY = "treaty", pgettext_lazy("nature of an instrument", "Treaty")
    NON_BINDING = "non_binding", pgettext_lazy("nature of an instrument", "Non-binding")


class Instrument(models.Model):
    """A resolution, convention or good-practice document whose requirement a need would meet."""

    slug = models.SlugField(max_length=120, primary_key=True)
    symbol = models.CharField(pgettext_lazy("field", "symbol"), max_length=200, unique=True)
    kind = models.CharField(pgettext_lazy("field", "type"), max_length=60)
    number = models.CharField(max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(pgettext_lazy("field", "year"), null=True, blank=True)
    subject = models.TextField(pgettext_lazy("instrument", "subject"), blank=True)
    topic = models.CharField(max_length=200, blank=True)
    nature = models.CharField(pgettext_lazy("field", "nature"), max_length=20, choices=Nature, blank=True)
    provenance = models.TextField(blank=True)

    class Meta:
        verbose_name = pgettext_lazy("model", "instrument")
        verbose_name_plural = pgettext_lazy("model", "instruments")
        ordering = ["kind", "year", "symbol"]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The symbol; for treaties, which have none, the title."""
        return self.subject if self.is_treaty else self.symbol

    @property
    def is_treaty(self) -> bool:
        """Whether it is a treaty: these have a title, and their `symbol` is a key of the list only."""
        return self.kind == TREATY

    @property
    def in_words(self) -> str:
        """The label with the beginning of the subject beside a symbol, for a list to choose from."""
        if self.label == self.subject or not self.subject:
            return self.label
        return f"{self.label} · {shorten(self.subject, SUBJECT_SHOWN, placeholder=' …')}"


class Programme(models.Model):
    """A standing programme of one or several entities; names stay as published."""

    code = models.SlugField(pgettext_lazy("field", "code"), primary_key=True)
    name = models.CharField(pgettext_lazy("programme", "name"), max_length=300)
    lead = models.CharField(pgettext_lazy("field", "lead"), max_length=120, blank=True)
    partners = models.TextField(pgettext_lazy("field", "partners"), blank=True)
    themes = models.ManyToManyField(Theme, related_name="programmes", blank=True)
    start = models.CharField(
        pgettext_lazy("field", "start"), max_length=30, blank=True, help_text="As published: a day, a year, or nothing."
    )
    beneficiaries = models.TextField(pgettext_lazy("field", "beneficiaries"), blank=True)
    donors = models.TextField(pgettext_lazy("field", "donors"), blank=True)
    capacity_consultations = models.BooleanField(_("capacity consultations led by CTED"), default=False)
    note = models.TextField(blank=True)
    provenance = models.TextField(blank=True)

    class Meta:
        verbose_name = pgettext_lazy("model", "programme")
        verbose_name_plural = pgettext_lazy("model", "programmes")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class ProgrammeRole(models.TextChoices):
    """The role of an organization in a programme. Source: seed 003, which names these four."""

    LEAD = "lead", pgettext_lazy("label", "Lead")
    PARTNER = "partner", pgettext_lazy("organization type", "Partner")
    CLOSE_COOPERATION = "close_cooperation", _("In close cooperation")
    IN_CONSULTATION = "in_consultation", _("In consultation")


# The roles whose organizations form the team of a programme; the others are asked for their advice.
TEAM = (ProgrammeRole.LEAD, ProgrammeRole.PARTNER, ProgrammeRole.CLOSE_COOPERATION)


class ProgrammePart(models.Model):
    """The part that an organization has in a programme."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="parts")
    organisation = models.ForeignKey("entities.Organisation", models.PROTECT, related_name="programme_parts")
    role = models.CharField(max_length=20, choices=ProgrammeRole)
    provenance = models.TextField(blank=True)

    class Meta:
        ordering = ["programme", "organisation__slug"]
        constraints = [models.UniqueConstraint(fields=["programme", "organisation"], name="programme_part_once")]

    def __str__(self) -> str:
        return f"{self.programme_id}: {self.organisation_id}"
