"""Registers needs and matches."""

from django.utils.translation import pgettext_lazy

from assistance.access.rules import RELEASES
from assistance.consents.rules import is_released
from assistance.delivery import deadlines as delivery_deadlines
from assistance.delivery import decisions as delivery_decisions
from assistance.delivery import messages as delivery_messages
from assistance.delivery import pending as delivery_pending
from assistance.delivery import rules as delivery_rules
from assistance.delivery import transitions as delivery
from assistance.delivery.api import Matches
from assistance.needs import (
    cycles,
    deadlines,
    decisions,
    editing,
    match_projects,
    messages,
    names,
    pending,
    releases,
    rules,
    sheets,
    status,
)
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.api import Needs
from assistance.needs.models import Match, Need
from assistance.needs.states import MATCH, MATCH_STYLES, NEED, NEED_STYLES
from assistance.registry import Aggregate, register
from assistance.workflow.following import itself, of_state, of_theme, topics_of

register(
    Aggregate(
        model=Need,
        collection="needs",
        label=pgettext_lazy("page", "Needs"),
        menu=10,
        viewset=Needs,
        admin_list=("__str__", "modified_at"),
        named_by=names.name_of_need,
        named_with=("state",),
        access_reasons=rules.need_access_reasons,
        reasons_read=lambda: ("state", *RELEASES),
        may_create=rules.may_create_need,
        edited_by="cted",
        attached_by="state_or_cted",
        who={"verifier": rules.verifier},
        who_words={
            "verifier": pgettext_lazy(
                "who may act", "CTED or the State concerned, unless it is a provider for this need"
            )
        },
        decided="assistance/needs/decided.html",
        on_decision=delivery_decisions.about_need,
        release=releases.RELEASES,
        transitions=NEED,
        next_step=decisions.next_for_need,
        functions={
            "put-to-state": needs.put_to_state,
            "agree": needs.agree,
            "verify": needs.verify,
            "close": needs.close,
            "report-after-year": cycles.report_after_year,
            "take-note": cycles.take_note,
            "reopen": cycles.reopen,
        },
        guards={
            "is_released": is_released,
            "asks_after_year": rules.asks_after_year,
            "report_awaits_cted": rules.report_awaits_cted,
            "may_be_reopened": rules.may_be_reopened,
        },
        save=status.save_needs,
        facts=rules.need_facts,
        edit=editing.NEED,
        demo="assistance.needs.demo.load",
        scale="assistance.needs.scale.load",
        clocks=deadlines.NEED_CLOCKS,
        deadlines=deadlines.due_needs,
        pending=pending.pending_needs,
        sheets=sheets.SHEETS,
        styles=NEED_STYLES,
        events=messages.NEED_EVENTS,
        messages=messages.NEED_MESSAGES,
        topics=lambda need: (*itself(need), *of_state(need), *of_theme(need)),
        state_paths=lambda: ("state",),
        concerned_states=rules.states_of_needs,
        columns_of_state=("state", "put_to_state_at"),
    )
)
register(
    Aggregate(
        model=Match,
        collection="matches",
        label=pgettext_lazy("page", "Matches"),
        menu=30,
        viewset=Matches,
        admin_list=("__str__", "modified_at"),
        message_reference=lambda match: match.need.reference,  # its messages name the need
        named_by=names.name_of_match,
        named_with=("need__state", "provider"),
        access_reasons=rules.match_access_reasons,
        reasons_read=lambda: ("provider", "need__state"),
        seen_with=lambda: ("need",),
        may_create=rules.may_create_match,
        attached_by="party",
        who={
            "party": rules.party,
            "side_asked": rules.side_asked,
            "proposer": rules.proposer,
            "in_thread": delivery_rules.in_thread,
            "state_alone": delivery_rules.state_alone,
        },
        who_words={
            "party": pgettext_lazy("who may act", "the State or the provider"),
            "side_asked": pgettext_lazy("who may act", "the party whose response is awaited"),
            "proposer": pgettext_lazy("who may act", "the provider, or CTED for a match that it suggested"),
            "in_thread": pgettext_lazy("who may act", "the State, the provider, CTED or UNOCT"),
            "state_alone": pgettext_lazy("who may act", "the State, but no person who also acts for the provider"),
        },
        decided="assistance/delivery/decided.html",
        on_decision=delivery_decisions.about_match,
        reason_texts={rules.WITH_NEED: rules.with_need},
        transitions=MATCH,
        next_step=delivery_decisions.next_step,
        functions={
            "accept": matches.accept,
            "decline": matches.decline,
            "start": matches.start,
            "retract": matches.retract,
            "report": delivery.report,
            "deliver": delivery.deliver,
            "could-not-help": delivery.could_not_help,
            "not-reachable": delivery.not_reachable,
            "confirm-end": delivery.confirm_end,
            "dispute": delivery.dispute,
            "feedback": delivery.feedback,
            "carry-on": match_projects.carry_on,
        },
        guards={
            "release_stands": rules.release_stands,
            "share_is_open": rules.share_is_open,
            "need_is_not_closed": rules.need_is_not_closed,
            "was_contacted": delivery_rules.was_contacted,
            "end_is_open": delivery_rules.end_is_open,
            "no_other_match": delivery_rules.no_other_match,
            "feedback_is_open": delivery_rules.feedback_is_open,
            "project_has_ended": match_projects.project_has_ended,
        },
        locked_with="need",
        save=status.save_matches,
        facts=lambda: {**rules.match_facts(), **delivery_rules.facts()},
        read_for_guards=rules.read_for_matches,
        demo="assistance.delivery.demo.load",
        clocks=(*deadlines.MATCH_CLOCKS, *delivery_deadlines.CLOCKS),
        pending=lambda actor: [*pending.pending_matches(actor), *delivery_pending.pending(actor)],
        styles=MATCH_STYLES,
        events={**messages.MATCH_EVENTS, **delivery_messages.EVENTS},
        messages={**messages.MATCH_MESSAGES, **delivery_messages.MESSAGES},
        topics=lambda match: topics_of(match.need),
        private_events=delivery_rules.PRIVATE_EVENTS,
        event_also=("need",),
        about=lambda match: str(match.reference),
    )
)
