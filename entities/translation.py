"""Which names are kept in the six languages; an empty one falls back, none is invented."""

from modeltranslation.translator import TranslationOptions, register

from entities.models import Organisation, Pillar, Programme, Region, Theme, WorkingGroup


@register([Region, Organisation, Theme, Programme, WorkingGroup])
class Named(TranslationOptions):
    fields = ("name",)


@register(Pillar)
class PillarOptions(TranslationOptions):
    fields = ("short", "title")
