"""Registers consents, release plans, and the two-person rule."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.consents import deadlines, decisions, kinds, messages, names, plans, rules
from assistance.consents.api import Consents, ReleasePlans
from assistance.consents.models import Consent, ReleasePlan, TwoPersonRule
from assistance.consents.states import CONSENT_STYLES, RELEASE_PLAN, RELEASE_PLAN_STYLES
from assistance.registry import Aggregate, register

register(
    Aggregate(
        model=Consent,
        collection="consents",
        label=pgettext_lazy("page", "Consents"),
        menu=55,
        menu_for=rules.reads_consents,
        viewset=Consents,
        admin_list=("reference", "decision", "given_at"),
        named_by=names.name_of_consent,
        named_with=("state", "visit"),
        named_from=kinds.prefetches,
        access_reasons=rules.consent_access_reasons,
        reasons_read=lambda: ("state",),
        may_create=rules.may_create,
        transitions={},
        styles=CONSENT_STYLES,
        demo="assistance.consents.demo.load",
        scale="assistance.consents.scale.load",
        run_deadlines=deadlines.run_consents,
        deadlines=deadlines.due_consents,
        logs_events=True,
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of,
        columns_of_state=("state",),
    )
)
register(
    Aggregate(
        model=ReleasePlan,
        collection="releases",
        label=pgettext_lazy("page", "Releases"),
        viewset=ReleasePlans,
        named_by=names.name_of_plan,
        named_with=("state", "visit"),
        access_reasons=rules.plan_access_reasons,
        reasons_read=lambda: ("state",),
        may_create=rules.may_create,
        who={"colleague": rules.colleague},
        who_words={
            "colleague": pgettext_lazy("who may act", "a person of the State other than the person who proposed it")
        },
        decided="assistance/consents/plan_decided.html",
        on_decision=decisions.about_plan,
        next_step=decisions.next_for_plan,
        transitions=RELEASE_PLAN,
        functions={
            "publish": plans.publish,
            "confirm": plans.confirm,
            "send-back": plans.send_back,
            "give-up": plans.give_up,
        },
        guards={"has_lines": rules.has_lines, "proposal_stands": rules.proposal_stands},
        run_deadlines=deadlines.run_plans,
        styles=RELEASE_PLAN_STYLES,
        events=messages.RELEASE_PLAN_EVENTS,
        messages=messages.RELEASE_PLAN_MESSAGES,
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of,
        columns_of_state=("state",),
    )
)
register(
    Aggregate(
        model=TwoPersonRule,
        collection="two-person-rules",
        label=_("Two-person rules"),
        reference_paths=(),  # it has no reference
        message_reference=lambda rule: "",
        access_reasons=rules.two_person_rule_access_reasons,
        reasons_read=lambda: ("state",),
        transitions={},  # edited on its own page, by consents.two_person
        events=messages.TWO_PERSON_EVENTS,
        messages=messages.TWO_PERSON_MESSAGES,
    )
)
