"""Registers deadlines. Their package is the last of those with clocks, because it names the rows of all of them."""

from django.utils.translation import pgettext_lazy

from assistance.dues import deadlines, messages, names, panel, rules, transitions
from assistance.dues.api import Dues
from assistance.dues.models import Due
from assistance.dues.states import DUE
from assistance.registry import Aggregate, register

register(
    Aggregate(
        model=Due,
        collection="dues",
        label=pgettext_lazy("page", "Deadlines"),
        menu=60,
        viewset=Dues,
        reference_paths=(),  # it has no reference of its own
        message_reference=names.reference_of,
        named_by=names.name_of_due,
        named_with=rules.named_with(),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: ("owed_by", "owed_to"),
        seen_with=rules.seen_with,
        who={"debtor": rules.debtor, "creditor": rules.creditor, "nudger": rules.nudger, "party": rules.party},
        who_words={
            "debtor": pgettext_lazy("who may act", "the organization that owes this"),
            "creditor": pgettext_lazy("who may act", "the organization to which this is owed"),
            "nudger": pgettext_lazy("who may act", "the organization to which this is owed, UNOCT or CTED"),
            "party": pgettext_lazy("who may act", "the organization that owes this, or to which it is owed"),
        },
        reason_texts={rules.OWES: rules.owes, rules.OWED: rules.is_owed},
        on_pages=panel.on_page,
        panel="assistance/dues/of_row.html",
        transitions=DUE,
        functions={"nudge": transitions.nudge, "waive": transitions.waive},
        guards={
            "is_open": rules.is_open,
            "was_not_nudged": rules.was_not_nudged,
            "may_be_reminded": rules.may_be_reminded,
            "may_be_waived": rules.may_be_waived,
        },
        deadlines=deadlines.coming,
        demo="assistance.dues.demo.load",
        events=messages.DUE_EVENTS,
        messages=messages.DUE_MESSAGES,
        about=str,
    )
)
