"""Which names exist in the six languages; an empty one falls back to another language."""

from modeltranslation.translator import TranslationOptions, register

from entities.models import Holiday, Instrument, Organisation, Pillar, Programme, Region, Theme, WorkingGroup


@register([Region, Theme, Programme, WorkingGroup, Holiday])
class Named(TranslationOptions):
    """Models with one name."""

    fields = ("name",)


@register(Organisation)
class OrganisationOptions(TranslationOptions):
    """The acronym is in other letters, or another one, in some languages: ICAO, OACI, ИКАО."""

    fields = ("name", "acronym")


@register(Pillar)
class PillarOptions(TranslationOptions):
    """A pillar has a short title besides the full one."""

    fields = ("short", "title")


@register(Instrument)
class InstrumentOptions(TranslationOptions):
    """A treaty has an official title in each language; the subjects of other instruments are in English only."""

    fields = ("subject",)
