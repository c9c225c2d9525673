"""Registers projects."""

from django.utils.translation import pgettext_lazy

from assistance.projects import (
    deadlines,
    decisions,
    editing,
    links,
    messages,
    pending,
    reporting,
    results,
    rules,
    targets,
    transitions,
)
from assistance.projects.api import Projects
from assistance.projects.models import Project
from assistance.projects.states import PROJECT, PROJECT_STYLES
from assistance.registry import Aggregate, register

register(
    Aggregate(
        model=Project,
        collection="projects",
        label=pgettext_lazy("page", "Projects"),
        menu=40,
        viewset=Projects,
        admin_list=("__str__", "modified_at"),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: ("lead", "parties__organisation", "states"),
        may_create=rules.may_create,
        edited_by="lead",
        attached_by="lead",
        who={
            "lead": rules.lead,
            "reporter": rules.reporter,
            "publisher": links.publisher,
            "accepter": rules.accepter,
            "project_state": rules.project_state,
        },
        who_words={
            "lead": pgettext_lazy("who may act", "the lead of the project"),
            "publisher": pgettext_lazy("who may act", "the lead of the project, here or at its source"),
            "reporter": pgettext_lazy("who may act", "the organizations that report on the project"),
            "accepter": pgettext_lazy("who may act", "the lead of the project, or a partner that funds it"),
            "project_state": pgettext_lazy("who may act", "the States in which the project takes place"),
        },
        reason_texts=rules.REASON_TEXTS,
        decided="assistance/projects/project_decided.html",
        on_decision=decisions.about_project,
        transitions=PROJECT,
        functions={
            "confirm": transitions.confirm,
            "report-period": reporting.report,
            "accept-period": reporting.accept,
            "send-back-period": reporting.send_back,
            "same-as": links.link,
            "link-target": targets.link,
        },
        guards={
            "has_open_period": results.has_open_period,
            "has_reported_period": results.has_reported_period,
            "has_indicators": targets.has_indicators,
        },
        facts=results.facts,
        clocks=deadlines.PROJECT_CLOCKS,
        pending=pending.pending_projects,
        edit=editing.PROJECT,
        demo="assistance.projects.demo.load",
        scale="assistance.projects.scale.load",
        styles=PROJECT_STYLES,
        events=messages.PROJECT_EVENTS,
        messages=messages.PROJECT_MESSAGES,
        history=rules.history,
    )
)
