"""Registers requests and their corrections."""

from django.utils.translation import pgettext_lazy

from assistance.needs.models import Match, Need
from assistance.registry import Aggregate, register
from assistance.requests import (
    choosing,
    circulation,
    clocks,
    corrections,
    deadlines,
    decisions,
    editing,
    messages,
    names,
    pending,
    questions,
    rules,
    status,
    transitions,
    waiting,
)
from assistance.requests.api import Requests
from assistance.requests.correction_api import RequestCorrections
from assistance.requests.correction_messages import CORRECTION_EVENTS, CORRECTION_MESSAGES
from assistance.requests.letters import LETTERS
from assistance.requests.models import AssistanceRequest, RequestCorrection
from assistance.requests.states import REQUEST, REQUEST_CORRECTION, REQUEST_CORRECTION_STYLES, REQUEST_STYLES
from assistance.workflow.following import itself, of_state, of_theme

register(
    Aggregate(
        model=AssistanceRequest,
        collection="requests",
        label=pgettext_lazy("page", "Requests"),
        menu=15,
        viewset=Requests,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_request,
        named_with=("state",),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: ("state", "needs__consents__released_to", "needs__consents__state"),
        may_create=rules.may_create,
        edited_by="state",
        attached_by="state",
        who={
            "colleague": rules.colleague,
            "colleague_choosing": rules.colleague_choosing,
            "other_coordinator": rules.other_coordinator,
            "provider_reading": rules.provider_reading,
        },
        who_words={
            "colleague": pgettext_lazy("who may act", "a person of the State other than the person who proposed it"),
            "colleague_choosing": pgettext_lazy(
                "who may act", "a person of the State other than the person who proposed it"
            ),
            "other_coordinator": pgettext_lazy(
                "who may act", "a coordinator of UNOCT other than the one who proposed the refusal"
            ),
            "provider_reading": pgettext_lazy("who may act", "a provider that can read the request"),
        },
        reason_texts={rules.CIRCULATED: rules.circulated},
        on_pages=decisions.requests_of_need,
        panel="assistance/requests/of_need.html",
        decided="assistance/requests/decided.html",
        on_decision=decisions.about_request,
        transitions=REQUEST,
        next_step=waiting.next_step,
        functions={
            "attach-note": transitions.attach_note,
            "submit": transitions.submit,
            "confirm": transitions.confirm,
            "take-back": transitions.take_back,
            "authenticate": transitions.authenticate,
            "refuse": transitions.refuse,
            "confirm-refusal": transitions.confirm_refusal,
            "drop-refusal": transitions.drop_refusal,
            "acknowledge": transitions.acknowledge,
            "no-objection": transitions.no_objection,
            "object": transitions.object_to,
            "send-back": transitions.send_back,
            "circulate": circulation.circulate,
            "ask": questions.ask,
            "answer": questions.answer,
            "choose": choosing.choose,
            "confirm-choice": choosing.confirm_choice,
            "drop-choice": choosing.drop_choice,
            "refer": transitions.refer,
            "record-letter": transitions.record_letter,
            "report-after-year": transitions.report_after_year,
            "withdraw": transitions.withdraw,
        },
        guards={
            "is_complete": rules.is_complete,
            "days_stand": rules.days_stand,
            "no_submission_proposed": rules.no_submission_proposed,
            "submission_proposed": rules.submission_proposed,
            "proposal_stands": rules.proposal_stands,
            "choice_stands": rules.choice_stands,
            "note_may_be_attached": rules.note_may_be_attached,
            "no_refusal_proposed": rules.no_refusal_proposed,
            "refusal_proposed": rules.refusal_proposed,
            "may_still_object": rules.may_still_object,
            "objection_settled": rules.objection_settled,
            "has_open_question": rules.has_open_question,
            "has_proposals": rules.has_proposals,
            "no_choice_proposed": rules.no_choice_proposed,
            "choice_proposed": rules.choice_proposed,
            "year_has_passed": rules.year_has_passed,
        },
        save=status.save_requests,
        facts=rules.facts,
        forbids={(Match, "accept"): choosing.takes_two},
        recomputes={Need: status.follow_needs},
        edit=editing.REQUEST,
        clocks=clocks.REQUEST_CLOCKS,
        run_deadlines=deadlines.run,
        deadlines=deadlines.last_days_for_offers,
        pending=pending.pending,
        styles=REQUEST_STYLES,
        letters=LETTERS,
        demo="assistance.requests.demo.load",
        events=messages.EVENTS,
        messages=messages.MESSAGES,
        topics=lambda row: (*itself(row), *of_state(row), *of_theme(row)),
        history=rules.history,
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of,
        columns_of_state=("state",),
    )
)
register(
    Aggregate(
        model=RequestCorrection,
        collection="request-corrections",
        label=pgettext_lazy("page", "Corrections of requests"),
        viewset=RequestCorrections,
        admin_list=("__str__", "modified_at"),
        message_reference=lambda correction: correction.assistance_request.reference,  # its messages name the request
        named_by=corrections.name_of,
        named_with=("assistance_request",),
        access_reasons=corrections.access_reasons,
        reasons_read=lambda: ("assistance_request__state", "proposed_as__organisation"),
        seen_with=lambda: ("assistance_request",),
        reason_texts=corrections.REASON_TEXTS,
        who={"owner": corrections.owner},
        who_words={"owner": pgettext_lazy("who may act", "the State of the request")},
        decided="assistance/pages/correction_facts.html",
        transitions=REQUEST_CORRECTION,
        functions={"accept": corrections.accept, "refuse": corrections.refuse},
        guards={
            "field_is_unchanged": corrections.field_is_unchanged,
            "may_be_written": corrections.may_be_written,
        },
        locked_with="assistance_request",
        facts=corrections.facts,
        read_for_guards=corrections.read_requests,
        pending=pending.pending_corrections,
        styles=REQUEST_CORRECTION_STYLES,
        events=CORRECTION_EVENTS,
        messages=CORRECTION_MESSAGES,
    )
)
