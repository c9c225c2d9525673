"""Registers visits and the sections of their reports."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.rules import RELEASES, release_facts
from assistance.consents import transitions as consents
from assistance.consents.rules import is_released
from assistance.recommendations import procedure
from assistance.recommendations import queries as reports
from assistance.recommendations import rules as report_rules
from assistance.recommendations.api import Visits
from assistance.recommendations.deadlines import REPORT_CLOCKS
from assistance.recommendations.letters import LETTERS
from assistance.recommendations.pending import pending_reports
from assistance.registry import Aggregate, register
from assistance.visits import deadlines, decisions, editing, messages, names, pending, queries, releases, rules
from assistance.visits.api import Sections
from assistance.visits.models import Section, Visit
from assistance.visits.states import SECTION, VISIT, VISIT_STYLES
from assistance.workflow.following import itself, of_state, topics_of
from assistance.workflow.models import Due

register(
    Aggregate(
        model=Visit,
        collection="visits",
        label=pgettext_lazy("page", "Visits"),
        menu=50,
        viewset=Visits,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_visit,
        seen_as=_("Dates and type of the visit"),
        parts_as=_("Report text"),
        parts=queries.sections_of,
        named_with=("state",),
        access_reasons=rules.visit_access_reasons,
        reasons_read=lambda: ("state",),
        may_create=rules.may_create,
        edited_by="cted",
        attached_by="cted",
        decided="assistance/visits/decided.html",
        on_decision=reports.about_report,
        transitions=VISIT,
        next_step=decisions.next_for_visit,
        functions={
            "ask-consent": consents.ask,
            "decline-consent": consents.decline,
            "record-host-consent": procedure.record_host_consent,
            "send-draft": procedure.send_draft,
            "observe": procedure.observe,
            "adopt": procedure.adopt,
            "send-final": procedure.send_final,
            "reply": procedure.reply,
            "record-letter": procedure.record_letter,
            "cancel": procedure.cancel,
        },
        guards={
            "is_not_cancelled": rules.is_not_cancelled,
            "has_not_begun": rules.has_not_begun,
            "is_not_agreed": rules.is_not_agreed,
            "is_conducted": rules.is_conducted,
            "has_sections": rules.has_sections,
            "draft_is_not_sent": rules.draft_is_not_sent,
            "observations_are_open": rules.observations_are_open,
            "observations_are_settled": rules.observations_are_settled,
            "is_not_adopted": rules.is_not_adopted,
            "is_adopted": rules.is_adopted,
            "is_numbered": report_rules.is_numbered,
            "final_is_not_sent": rules.final_is_not_sent,
            "final_is_sent": rules.final_is_sent,
            "has_something_to_reply": report_rules.has_something_to_reply,
            "is_answered": report_rules.is_answered,
            "has_letter": report_rules.has_letter,
            "has_something_to_release": rules.has_something_to_release,
            "not_planned": rules.not_planned,
            "consent_is_asked": rules.consent_is_asked,
            "consent_is_not_asked": rules.consent_is_not_asked,
        },
        keeps_version=True,
        facts=lambda: {**rules.visit_facts(), **report_rules.visit_facts()},
        recomputes={Due: procedure.follow_waivers},
        edit=editing.VISIT,
        demo="assistance.visits.demo.load",
        scale="assistance.visits.scale.load",
        clocks=(*deadlines.VISIT_CLOCKS, *REPORT_CLOCKS),
        letters=LETTERS,
        deadlines=deadlines.coming_visits,
        pending=lambda actor: [*pending.pending_visits(actor), *pending_reports(actor)],
        styles=VISIT_STYLES,
        events=messages.VISIT_EVENTS,
        messages=messages.VISIT_MESSAGES,
        topics=lambda visit: (*itself(visit), *of_state(visit)),
        notifiable=rules.notifiable,
        hides_events=False,  # a released section, with its history, has readers who may not know of the visit
        logged_events=("consent_asked",),
        owner_only_events=("consent_asked", "consent_declined"),
        history=rules.history,
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of_visits,
        columns_of_state=("state",),
    )
)
register(
    Aggregate(
        model=Section,
        collection="sections",
        label=_("Report sections"),
        viewset=Sections,
        admin_list=("__str__", "modified_at"),
        reference_paths=("reference", "visit__reference"),
        named_by=names.name_of_section,
        named_with=("visit__state",),
        access_reasons=rules.section_access_reasons,
        reasons_read=lambda: ("visit__state", *RELEASES),
        may_create=rules.may_create,
        edited_by="cted",
        attached_by="state_or_cted",
        release=releases.RELEASES,
        transitions=SECTION,
        guards={"is_released": is_released},
        facts=lambda: release_facts(Section),
        edit=editing.SECTION,
        events=messages.SECTION_EVENTS,
        messages=messages.SECTION_MESSAGES,
        topics=lambda section: topics_of(section.visit),
        event_also=("visit",),
        about=lambda section: str(releases.RELEASES.heading(section)),
        state_paths=lambda: ("visit__state",),
        concerned_states=rules.states_of_sections,
        columns_of_state=("visit",),
    )
)
