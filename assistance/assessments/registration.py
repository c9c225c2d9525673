"""Registers assessments and their lines."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.rules import RELEASES
from assistance.assessments import (
    deadlines,
    decisions,
    editing,
    lines,
    messages,
    names,
    pending,
    releases,
    rules,
    transitions,
)
from assistance.assessments.api import AssessmentLines, Assessments
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.states import ASSESSMENT, ASSESSMENT_STYLES
from assistance.consents.rules import is_released
from assistance.needs.models import Need
from assistance.registry import Aggregate, register
from assistance.workflow.following import itself, of_state, of_themes

register(
    Aggregate(
        model=Assessment,
        collection="assessments",
        label=pgettext_lazy("page", "Assessments"),
        menu=55,
        viewset=Assessments,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_assessment,
        named_with=("entity", "state"),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: ("entity", "state", *RELEASES),
        may_create=rules.may_create,
        edited_by="entity",
        attached_by="entity",
        who={"entity": rules.entity, "entity_or_state": rules.entity_or_state},
        who_words={
            "entity": pgettext_lazy("who may act", "the entity that carries out the assessment"),
            "entity_or_state": pgettext_lazy("who may act", "the State concerned or the entity"),
        },
        reason_texts=rules.REASON_TEXTS,
        decided="assistance/assessments/decided.html",
        on_decision=decisions.about_assessment,
        on_organisations={
            "assistance/assessments/of_organisation.html": "assistance.assessments.of_state.of_organisation"
        },
        release=releases.RELEASES,
        transitions=ASSESSMENT,
        next_step=decisions.next_for_assessment,
        functions={
            "start": transitions.start,
            "finish": transitions.finish,
            "cancel": transitions.cancel,
            "propose-need": transitions.propose_need,
        },
        guards={
            "has_begun": rules.has_begun,
            "has_ended": rules.has_ended,
            "is_not_public": rules.is_not_public,
            "is_released": is_released,
            "has_open_gap": rules.has_open_gap,
        },
        facts=rules.facts,
        recomputes={Need: transitions.follow_needs},
        edit=editing.ASSESSMENT,
        clocks=deadlines.ASSESSMENT_CLOCKS,
        pending=pending.pending,
        styles=ASSESSMENT_STYLES,
        demo="assistance.assessments.demo.load",
        scale="assistance.assessments.scale.load",
        events=messages.EVENTS,
        messages=messages.MESSAGES,
        topics=lambda row: (*itself(row), *of_state(row), *of_themes(row)),
        private_events=messages.PRIVATE_EVENTS,
        history=rules.history,
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of,
        columns_of_state=("state",),
    )
)
register(
    Aggregate(
        model=AssessmentLine,
        collection="assessment-lines",
        label=_("Assessments known to the Compact"),
        viewset=AssessmentLines,
        reference_paths=(),  # it has no reference: that of the assessment is seen by readers of the text
        named_by=names.name_of_line,
        named_with=("entity", "state"),
        access_reasons=rules.line_access_reasons,
        reasons_read=lambda: ("entity", "state", *(f"assessment__{path}" for path in RELEASES)),
        reason_texts=rules.REASON_TEXTS,
        transitions={},
        recomputes={Assessment: lines.follow},
    )
)
