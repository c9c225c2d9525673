"""Template tags for rows that a State releases: how a list names one."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.text import capfirst

from assistance import registry
from assistance.workflow.naming import matter_of, tab_title
from web.templatetags.phrases import ltr_filter

register = template.Library()


@register.filter
def in_words(row: Any) -> str:
    """Return the words that name a row, without its reference."""
    return str(matter_of(row))


register.filter("tab_title", tab_title)


@register.filter
def title_of(row: Any) -> str:
    """Return the title of a row, or the words for its kind, without facts and reference."""
    return matter_of(row).inline


@register.simple_tag
def row_name(row: Any, *, with_kind: bool = False) -> str:
    """Return the words by which a list names a row: its heading, or its reference, `with_kind` after its kind."""
    heading = registry.of(row).release.heading(row)
    if heading:
        return str(heading)
    if with_kind:
        return format_html("{} {}", capfirst(row._meta.verbose_name), ltr_filter(row))
    return ltr_filter(row)


@register.simple_tag
def kept_to_state(row: Any) -> str:
    """Return who reads a row while it is not released, in words for every reader."""
    return str(registry.of(row).release.kept_to_state)
