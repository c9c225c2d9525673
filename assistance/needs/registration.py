"""Registers needs and matches."""

from django.utils.translation import pgettext_lazy

from assistance.access.rules import RELEASES
from assistance.consents.rules import is_released
from assistance.needs import deadlines, decisions, editing, messages, names, pending, releases, rules, status
from assistance.needs import match_transitions as matches
from assistance.needs import transitions as needs
from assistance.needs.api import Needs
from assistance.needs.match_api import Matches
from assistance.needs.models import Match, Need
from assistance.needs.states import MATCH, MATCH_STYLES, NEED, NEED_STYLES
from assistance.registry import Aggregate, register

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
        on_decision=decisions.about_need,
        release=releases.RELEASES,
        transitions=NEED,
        next_step=decisions.next_for_need,
        functions={
            "put-to-state": needs.put_to_state,
            "agree": needs.agree,
            "verify": needs.verify,
            "close": needs.close,
        },
        guards={"is_released": is_released},
        save=status.save_needs,
        facts=rules.need_facts,
        edit=editing.NEED,
        demo="assistance.needs.demo.load",
        scale="assistance.needs.scale.load",
        deadlines=deadlines.due_needs,
        pending=pending.pending_needs,
        styles=NEED_STYLES,
        events=messages.NEED_EVENTS,
        messages=messages.NEED_MESSAGES,
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
        who={"party": rules.party, "side_asked": rules.side_asked, "proposer": rules.proposer},
        who_words={
            "party": pgettext_lazy("who may act", "the State or the provider"),
            "side_asked": pgettext_lazy("who may act", "the party whose response is awaited"),
            "proposer": pgettext_lazy("who may act", "the provider, or CTED for a match that it suggested"),
        },
        decided="assistance/needs/match_decided.html",
        on_decision=decisions.about_match,
        reason_texts={rules.WITH_NEED: rules.with_need},
        transitions=MATCH,
        next_step=decisions.next_for_match,
        functions={
            "accept": matches.accept,
            "decline": matches.decline,
            "start": matches.start,
            "deliver": matches.deliver,
            "retract": matches.retract,
        },
        guards={
            "release_stands": rules.release_stands,
            "share_is_open": rules.share_is_open,
            "need_is_not_closed": rules.need_is_not_closed,
        },
        locked_with="need",
        save=status.save_matches,
        facts=rules.match_facts,
        read_for_guards=rules.read_for_matches,
        demo="assistance.needs.match_demo.load",
        clocks=deadlines.MATCH_CLOCKS,
        pending=pending.pending_matches,
        styles=MATCH_STYLES,
        events=messages.MATCH_EVENTS,
        messages=messages.MATCH_MESSAGES,
        event_also=("need",),
        about=lambda match: str(match.reference),
    )
)
