"""Registers documents."""

from django.utils.translation import pgettext_lazy

from accounts.matters import Matter
from assistance.documents import messages, queries, rules
from assistance.documents.api import Documents
from assistance.documents.models import Document
from assistance.registry import Aggregate, register

register(
    Aggregate(
        model=Document,
        collection="documents",
        label=pgettext_lazy("page", "Documents"),
        viewset=Documents,
        admin_list=("__str__", "attached_at"),
        named_by=lambda document: Matter(document.title),
        access_reasons=rules.document_access_reasons,
        reasons_read=rules.reasons_read,
        seen_with=rules.seen_with,
        who={"attacher": rules.attacher},
        who_words={"attacher": pgettext_lazy("who may act", "the organization that attached the document")},
        reason_texts={rules.ATTACHED: rules.attached},
        explained_by=rules.parent,
        previewed=rules.previewed,
        transitions={},  # attached, replaced and removed by documents.transitions
        events=messages.DOCUMENT_EVENTS,
        on_pages=queries.on_page,
        panel="assistance/documents/of_row.html",
        about=lambda document: document.title,
        notifiable=rules.notifiable,
        state_paths=rules.state_paths,
        concerned_states=rules.states_of_documents,
    )
)
