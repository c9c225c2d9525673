"""Registers visits and the sections of their reports."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.access.rules import RELEASES, release_facts
from assistance.consents import transitions as consents
from assistance.consents.rules import is_released
from assistance.registry import Aggregate, register
from assistance.visits import deadlines, decisions, editing, messages, names, pending, queries, releases, rules
from assistance.visits.api import Sections, Visits
from assistance.visits.models import Section, Visit
from assistance.visits.states import SECTION, VISIT, VISIT_STYLES
from assistance.workflow.following import itself, of_state, topics_of

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
        on_decision=decisions.about_visit,
        transitions=VISIT,
        next_step=decisions.next_for_visit,
        functions={"ask-consent": consents.ask, "decline-consent": consents.decline},
        guards={
            "has_something_to_release": rules.has_something_to_release,
            "not_planned": rules.not_planned,
            "consent_is_asked": rules.consent_is_asked,
            "consent_is_not_asked": rules.consent_is_not_asked,
        },
        keeps_version=True,
        facts=rules.visit_facts,
        edit=editing.VISIT,
        demo="assistance.visits.demo.load",
        scale="assistance.visits.scale.load",
        clocks=deadlines.VISIT_CLOCKS,
        deadlines=deadlines.coming_visits,
        pending=pending.pending_visits,
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
