"""Registers recommendations, and what is said of them; what happens to a visit is registered with it."""

from django.utils.translation import pgettext_lazy

from assistance.access.rules import RELEASES, release_facts
from assistance.consents.rules import is_released
from assistance.documents.models import Document
from assistance.documents.transitions import CHANGE
from assistance.recommendations import (
    editing,
    messages,
    names,
    pending,
    queries,
    rating,
    releases,
    rules,
    sheets,
    states,
)
from assistance.recommendations.api import Observations, Ratings, Recommendations, Responses
from assistance.recommendations.models import Observation, Rating, Recommendation, Response
from assistance.registry import Aggregate, register
from assistance.workflow.following import itself, of_state, of_theme, topics_of

READ = ("visit__state", *RELEASES)

register(
    Aggregate(
        model=Recommendation,
        collection="recommendations",
        label=pgettext_lazy("page", "Recommendations"),
        viewset=Recommendations,
        admin_list=("__str__", "modified_at"),
        reference_paths=("reference", "visit__reference"),
        named_by=names.name_of_recommendation,
        named_with=("visit__state",),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: READ,
        may_create=rules.may_create,
        edited_by="cted",
        release=releases.RECOMMENDATIONS,
        decided="assistance/recommendations/decided.html",
        on_decision=queries.about_recommendation,
        transitions=states.RECOMMENDATION,
        functions={"rate": rating.rate, "leave-needs": rating.leave_needs},
        guards={"is_adopted": rules.is_adopted, "has_proposals": rating.has_proposals, "is_released": is_released},
        facts=lambda: release_facts(Recommendation),
        read_for_guards=rating.read_proposed,
        edit=editing.RECOMMENDATION,
        demo="assistance.recommendations.demo.load",
        pending=pending.pending_recommendations,
        styles={**states.SAID_STYLES, **states.RATED_STYLES},
        events=messages.EVENTS,
        messages=messages.MESSAGES,
        private_events=("recommendation_rated", "recommendation_needs_left"),
        topics=lambda row: (*itself(row), *of_state(row), *of_theme(row)),
        event_also=("visit",),
        about=names.numbered,
        state_paths=lambda: ("visit__state",),
        concerned_states=rules.states_of,
        columns_of_state=("visit",),
    )
)
register(
    Aggregate(
        model=Observation,
        collection="observations",
        label=pgettext_lazy("page", "Observations on draft reports"),
        viewset=Observations,
        admin_list=("__str__", "modified_at"),
        reference_paths=("reference", "visit__reference"),
        named_by=names.name_of_observation,
        named_with=("visit__state",),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: READ,
        attached_by="state",
        forbids={(Document, CHANGE): rules.observation_is_not_sent},
        release=releases.OBSERVATIONS,
        transitions=states.OBSERVATION,
        guards={"is_released": is_released},
        facts=lambda: release_facts(Observation),
        events=messages.OBSERVATION_EVENTS,
        messages=messages.OBSERVATION_MESSAGES,
        topics=lambda row: topics_of(row.visit),
        state_paths=lambda: ("visit__state",),
        concerned_states=rules.states_of,
        columns_of_state=("visit",),
    )
)
register(
    Aggregate(
        model=Response,
        collection="responses",
        label=pgettext_lazy("page", "Replies to recommendations"),
        viewset=Responses,
        admin_list=("__str__", "modified_at"),
        reference_paths=("reference", "recommendation__reference", "visit__reference"),
        named_by=names.name_of_response,
        named_with=("visit__state", "recommendation"),
        access_reasons=rules.access_reasons_of_response,
        reasons_read=lambda: READ,
        attached_by="state",
        forbids={(Document, CHANGE): rules.response_is_not_sent},
        seen_with=lambda: ("recommendation",),
        release=releases.RESPONSES,
        transitions=states.RESPONSE,
        guards={"is_released": is_released},
        facts=lambda: release_facts(Response),
        sheets=sheets.SHEETS,
        styles=states.RESPONSE_STYLES,
        events=messages.RESPONSE_EVENTS,
        messages=messages.RESPONSE_MESSAGES,
        topics=lambda row: topics_of(row.visit),
        state_paths=lambda: ("visit__state",),
        concerned_states=rules.states_of,
        columns_of_state=("visit",),
    )
)
register(
    Aggregate(
        model=Rating,
        collection="ratings",
        label=pgettext_lazy("page", "Ratings of recommendations"),
        viewset=Ratings,
        admin_list=("__str__", "modified_at"),
        reference_paths=("reference", "recommendation__reference", "visit__reference"),
        named_by=names.name_of_rating,
        named_with=("visit__state", "recommendation"),
        access_reasons=rules.access_reasons,
        reasons_read=lambda: READ,
        seen_with=lambda: ("recommendation",),
        release=releases.RATINGS,
        transitions=states.RATING,
        guards={"is_released": is_released},
        facts=lambda: release_facts(Rating),
        events=messages.RATING_EVENTS,
        messages=messages.RATING_MESSAGES,
        topics=lambda row: topics_of(row.visit),
        state_paths=lambda: ("visit__state",),
        concerned_states=rules.states_of,
        columns_of_state=("visit",),
    )
)
