"""Registers plans and their steps."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.rules import RELEASES, read_consents
from assistance.consents.rules import is_released
from assistance.plans import (
    deadlines,
    decisions,
    editing,
    messages,
    names,
    panel,
    pending,
    queries,
    releases,
    rules,
    sheets,
    transitions,
)
from assistance.plans.api import Plans, Steps
from assistance.plans.models import ActionPlan, PlanStep
from assistance.plans.states import PLAN, PLAN_STYLES, STEP, STEP_STYLES
from assistance.registry import Aggregate, register
from assistance.workflow.following import itself, of_state, of_theme

DRAFTER = pgettext_lazy("who may act", "whoever drafts the plan: CTED a roadmap, UNOCT a national plan")

register(
    Aggregate(
        model=ActionPlan,
        collection="plans",
        label=_("Roadmaps and national action plans"),
        viewset=Plans,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_plan,
        named_with=("state",),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: ("state", "programme", *RELEASES),
        may_create=rules.may_create,
        edited_by="drafter",
        who={"drafter": rules.drafter, "side": rules.side},
        who_words={
            "drafter": DRAFTER,
            "side": pgettext_lazy("who may act", "the State, or whoever drafts the plan"),
        },
        reason_texts=rules.REASON_TEXTS,
        on_organisations={"assistance/plans/of_organisation.html": "assistance.plans.queries.of_organisation"},
        on_pages=panel.on_page,
        panel="assistance/plans/of_consultation.html",
        decided="assistance/plans/plan_decided.html",
        on_decision=decisions.decided,
        release=releases.PLANS,
        transitions=PLAN,
        next_step=queries.next_for_plan,
        functions={
            "put-to-state": transitions.put,
            "agree": transitions.agree,
            "comment": transitions.comment,
            "revise": transitions.revise,
        },
        guards={
            "has_steps": rules.has_steps,
            "is_not_released": rules.is_not_released,
            "is_released": is_released,
        },
        facts=rules.plan_facts,
        read_for_guards=read_consents,
        edit=editing.PLAN,
        clocks=deadlines.PLAN_CLOCKS,
        pending=pending.pending_plans,
        sheets=sheets.SHEETS,
        demo="assistance.plans.demo.load",
        styles=PLAN_STYLES,
        events=messages.PLAN_EVENTS,
        messages=messages.PLAN_MESSAGES,
        private_events=("plan_put", "plan_commented", "plan_revised"),
        topics=lambda row: (*itself(row), *of_state(row)),
        about=str,
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of,
        columns_of_state=("state",),
    )
)
register(
    Aggregate(
        model=PlanStep,
        collection="steps",
        label=_("Steps of plans"),
        viewset=Steps,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_step,
        named_with=("state",),
        access_reasons=rules.step_access_reasons,
        reasons_read=lambda: ("state", "programme", "helpers", *(f"plan__{path}" for path in RELEASES)),
        may_create=rules.may_create,
        edited_by="drafter",
        attached_by="reporter",
        who={"drafter": rules.drafter, "reporter": rules.reporter, "verifier": rules.verifier},
        who_words={
            "drafter": DRAFTER,
            "reporter": pgettext_lazy("who may act", "the State, or an entity that supports the step"),
            "verifier": pgettext_lazy(
                "who may act", "CTED, of a national plan also UNOCT, but nobody who supports the step"
            ),
        },
        reason_texts=rules.STEP_REASON_TEXTS,
        previewed=releases.steps_previewed,
        decided="assistance/plans/step_decided.html",
        on_decision=decisions.about_step,
        transitions=STEP,
        next_step=queries.next_for_step,
        functions={
            "report": transitions.report,
            "finish": transitions.finish,
            "verify": transitions.verify,
            "send-back": transitions.send_back,
            "comment": transitions.comment_on_step,
            "drop": transitions.drop,
            "keep": transitions.keep,
        },
        guards={
            "is_agreed": rules.is_agreed,
            "is_with_state": rules.is_with_state,
            "is_in_draft": rules.is_in_draft,
            "leaves": rules.leaves,
            "stays": rules.stays,
        },
        facts=rules.step_facts,
        read_for_guards=rules.read_supporters,
        recomputes={ActionPlan: transitions.follow},
        edit=editing.STEP,
        clocks=deadlines.STEP_CLOCKS,
        pending=pending.pending_steps,
        styles=STEP_STYLES,
        events=messages.STEP_EVENTS,
        messages=messages.STEP_MESSAGES,
        private_events=("step_commented",),
        history=rules.step_history,
        topics=lambda row: (*itself(row), *of_state(row), *of_theme(row)),
        about=names.numbered,
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of,
        columns_of_state=("state",),
    )
)
