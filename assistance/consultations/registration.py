"""Registers consultations and their rounds."""

from django.utils.translation import gettext_lazy as _

from assistance.access.rules import RELEASES
from assistance.consents.rules import is_released
from assistance.consultations import (
    deadlines,
    decisions,
    editing,
    messages,
    names,
    pending,
    releases,
    rules,
    transitions,
)
from assistance.consultations.api import Consultations, Rounds
from assistance.consultations.models import Consultation, Round
from assistance.consultations.states import ROUND, ROUND_STYLES
from assistance.needs.models import Need
from assistance.registry import Aggregate, register
from assistance.workflow.following import itself, of_state

register(
    Aggregate(
        model=Consultation,
        collection="consultations",
        label=_("Capacity consultations"),
        viewset=Consultations,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_consultation,
        named_with=("state", "programme"),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: ("state", "programme"),
        may_create=rules.may_create,
        edited_by="cted",
        reason_texts=rules.REASON_TEXTS,
        on_organisations={
            "assistance/consultations/of_organisation.html": "assistance.consultations.of_state.of_organisation"
        },
        transitions={},
        edit=editing.CONSULTATION,
        demo="assistance.consultations.demo.load",
        events=messages.EVENTS,
        messages=messages.MESSAGES,
        topics=lambda row: (*itself(row), *of_state(row)),
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of,
        columns_of_state=("state",),
    )
)
register(
    Aggregate(
        model=Round,
        collection="rounds",
        label=_("Rounds of consultations"),
        viewset=Rounds,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_round,
        named_with=("state", "programme"),
        access_reasons=rules.round_access_reasons,
        reasons_read=lambda: ("state", "programme", *RELEASES),
        may_create=rules.may_create,
        edited_by="cted",
        reason_texts=rules.REASON_TEXTS,
        decided="assistance/consultations/round_decided.html",
        on_decision=decisions.about_round,
        release=releases.ROUNDS,
        history=rules.history,
        private_events=("round_commented",),
        transitions=ROUND,
        next_step=decisions.next_for_round,
        functions={
            "close": transitions.close,
            "comment": transitions.comment,
            "propose-need": transitions.propose_need,
        },
        guards={
            "has_findings": rules.has_findings,
            "has_parameters": rules.has_parameters,
            "takes_comments": rules.takes_comments,
            "has_gap_without_need": rules.has_gap_without_need,
            "is_released": is_released,
        },
        facts=rules.round_facts,
        recomputes={Need: transitions.follow_needs},
        edit=editing.ROUND,
        clocks=deadlines.ROUND_CLOCKS,
        pending=pending.pending,
        styles=ROUND_STYLES,
        events=messages.ROUND_EVENTS,
        messages=messages.ROUND_MESSAGES,
        topics=lambda row: (*itself(row), *of_state(row)),
        event_also=("consultation",),
        about=names.numbered,
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of,
        columns_of_state=("state",),
    )
)
