"""Registers offers and their corrections."""

from django.utils.translation import pgettext_lazy

from assistance.needs import merging, offer_withdrawal
from assistance.offers import corrections, deadlines, decisions, editing, messages, pending, rules
from assistance.offers import transitions as offers
from assistance.offers.api import Offers
from assistance.offers.correction_api import Corrections
from assistance.offers.correction_messages import CORRECTION_EVENTS, CORRECTION_MESSAGES
from assistance.offers.models import Correction, Offer
from assistance.offers.states import CORRECTION, CORRECTION_STYLES, OFFER, OFFER_STYLES
from assistance.registry import Aggregate, register
from assistance.workflow.following import itself, of_themes
from assistance.workflow.naming import titled

register(
    Aggregate(
        model=Offer,
        collection="offers",
        label=pgettext_lazy("page", "Offers"),
        menu=20,
        viewset=Offers,
        admin_list=("__str__", "modified_at"),
        named_by=lambda offer: titled(offer, offer.provider.short),
        named_with=("provider",),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: ("provider", "for_states"),
        reason_texts=rules.REASON_TEXTS,
        may_create=rules.may_create,
        edited_by="provider",
        attached_by="provider",
        who={"coordinator": rules.coordinator},
        who_words={"coordinator": pgettext_lazy("who may act", "a coordinator of UNOCT")},
        decided="assistance/offers/decided.html",
        on_decision=decisions.details,
        transitions=OFFER,
        on_organisations={"assistance/offers/provider.html": "assistance.offers.providers.of_provider"},
        next_step=decisions.next_for_offer,
        functions={
            "publish": offers.publish,
            "confirm": offers.confirm,
            "pause": offers.pause,
            "merge": merging.merge,
            "propose-merge": offers.propose_merge,
            "keep-apart": offers.keep_apart,
            "withdraw": offer_withdrawal.withdraw,
        },
        guards={"window_is_open": rules.window_is_open, "merge_is_proposed": rules.merge_is_proposed},
        history=rules.history,
        edit=editing.OFFER,
        demo="assistance.offers.demo.load",
        scale="assistance.offers.scale.load",
        clocks=deadlines.OFFER_CLOCKS,
        pending=pending.pending_offers,
        styles=OFFER_STYLES,
        events=messages.OFFER_EVENTS,
        messages=messages.OFFER_MESSAGES,
        topics=lambda offer: (*itself(offer), *of_themes(offer)),
    )
)
register(
    Aggregate(
        model=Correction,
        collection="corrections",
        label=pgettext_lazy("page", "Corrections of offers"),
        viewset=Corrections,
        admin_list=("__str__", "modified_at"),
        message_reference=lambda correction: correction.offer.reference,  # its messages name the offer
        named_by=corrections.name_of,
        named_with=("offer",),
        access_reasons=corrections.access_reasons,
        reasons_read=lambda: ("offer__provider", "proposed_as__organisation"),
        seen_with=lambda: ("offer",),
        reason_texts=corrections.REASON_TEXTS,
        who={"owner": corrections.owner},
        who_words={"owner": pgettext_lazy("who may act", "the provider of the offer")},
        decided="assistance/pages/correction_facts.html",
        transitions=CORRECTION,
        functions={"accept": corrections.accept, "refuse": corrections.refuse},
        guards={"field_is_unchanged": corrections.field_is_unchanged},
        locked_with="offer",
        pending=pending.pending_corrections,
        styles=CORRECTION_STYLES,
        events=CORRECTION_EVENTS,
        messages=CORRECTION_MESSAGES,
    )
)
