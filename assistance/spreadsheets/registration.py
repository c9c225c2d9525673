"""Registers returned spreadsheets."""

from django.utils.translation import pgettext_lazy

from assistance.registry import Aggregate, register
from assistance.spreadsheets import decisions, messages, names, pending, rules, transitions
from assistance.spreadsheets.api import Spreadsheets
from assistance.spreadsheets.models import Spreadsheet
from assistance.spreadsheets.states import SPREADSHEET, SPREADSHEET_STYLES

register(
    Aggregate(
        model=Spreadsheet,
        collection="spreadsheets",
        label=pgettext_lazy("page", "Returned spreadsheets"),
        viewset=Spreadsheets,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_spreadsheet,
        access_reasons=rules.access_reasons,
        reasons_read=lambda: ("organisation",),
        who={"returner": rules.returner},
        who_words={"returner": pgettext_lazy("who may act", "the organization that returned the spreadsheet")},
        reason_texts={rules.RETURNED: rules.in_words},
        on_pages=lambda actor, row: {"sheets": decisions.offered(actor, row)},
        panel="assistance/spreadsheets/of_row.html",
        decided="assistance/spreadsheets/decided.html",
        on_decision=decisions.about_spreadsheet,
        transitions=SPREADSHEET,
        functions={"apply": transitions.apply, "discard": transitions.discard},
        run_deadlines=transitions.run_deadlines,
        pending=pending.pending,
        styles=SPREADSHEET_STYLES,
        events=messages.EVENTS,
    )
)
