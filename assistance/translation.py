"""Which texts may be kept in several of the six languages."""

from modeltranslation.translator import TranslationOptions, register

from assistance.models import Need, Offer, Project, Section


@register([Need, Offer, Project])
class Described(TranslationOptions):
    fields = ("title", "description")


@register(Section)
class SectionOptions(TranslationOptions):
    fields = ("title", "text")
