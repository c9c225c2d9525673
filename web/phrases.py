"""Phrases put together from two pieces, as each language writes them: the signs between the pieces are translated."""

from decimal import Decimal

from django.utils.formats import localize
from django.utils.functional import lazy
from django.utils.translation import get_language, gettext, ngettext, pgettext


def labelled(label: object, value: object = "") -> str:
    """Return a label and its value as one phrase: “Status: Draft”. An empty piece leaves the other one and the colon."""
    return label_pattern().format(label=label, value=value)


def label_pattern() -> str:
    """Return how the language writes a label and its value, to be formatted with both."""
    return pgettext("label and value", "{label}: {value}")


def with_remark(text: object, remark: object) -> str:
    """Return a text and a remark on it in brackets: “Leila Haddar (Carana)”."""
    return pgettext("text and remark", "{text} ({remark})").format(text=text, remark=remark)


def sentences(*texts: object) -> str:
    """Return sentences one after the other, without those that are empty; in Chinese no space stands between them."""
    space = "" if (get_language() or "").startswith("zh") else " "
    return space.join(filter(None, map(str, texts)))


sentences_lazy = lazy(sentences, str)


def people_in(people: int, organisations: int) -> str:
    """Return a number of people and organizations as one phrase: “3 people in 2 organizations”."""
    persons = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
    places = ngettext("%(count)d organization", "%(count)d organizations", organisations) % {"count": organisations}
    return gettext("%(people)s in %(organisations)s") % {"people": persons, "organisations": places}


def percent(share: float | Decimal | None) -> str:
    """Return a share in per cent; the number and its sign are not broken over two lines."""
    return (gettext("%(share)s%%") % {"share": localize(share)}).replace(" ", "\xa0")
