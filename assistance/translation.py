"""Which texts may be kept in several of the six languages."""

from modeltranslation.translator import TranslationOptions, register

from assistance.needs.models import Need
from assistance.offers.models import Offer
from assistance.projects.models import Project
from assistance.visits.models import Section


@register([Need, Offer, Project])
class Described(TranslationOptions):
    """What is described by a title and a text."""

    fields = ("title", "description")


@register(Section)
class SectionOptions(TranslationOptions):
    """A section has its own text."""

    fields = ("title", "text")
