"""Filters of the list of documents."""

import django_filters as df
from django.utils.translation import gettext_lazy as _

from assistance.documents.models import PARENTS, Document
from assistance.pages.filters import Since


class DocumentFilter(df.FilterSet):
    modified_since = Since("attached_at", _("Attached since"))
    vars().update({name: df.UUIDFilter(field_name=f"{name}_id", label=name) for name in PARENTS})

    class Meta:
        model = Document
        fields: list[str] = []
