"""Names of the events of documents. Nobody is notified of them: a message would disclose the name of a file."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

DOCUMENT_EVENTS: Mapping[str, str | Promise] = {
    "document_attached": _("Document attached"),
    "document_replaced": _("New version of a document attached"),
    "document_removed": _("Document removed"),
}
