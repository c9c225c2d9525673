"""Step name on the wire → the function that takes it. Pages and API call through this table, so neither has a rule."""

from collections.abc import Callable
from typing import Any

from assistance.models import Match, Need, Offer, Release, Restricted, Visit
from assistance.transitions import consents, matches, needs, offers, releases
from entities.actors import Actor
from entities.errors import NotVisible

Verb = Callable[..., Any]

ACTIONS: dict[type[Restricted], dict[str, Verb]] = {
    Need: {
        "put-to-state": needs.put_to_state,
        "agree": needs.agree,
        "verify": needs.verify,
        "close": needs.close,
    },
    Visit: {"ask-consent": consents.ask, "decline-consent": consents.decline},
    Offer: {"publish": offers.publish, "pause": offers.pause, "withdraw": offers.withdraw},
    Release: {
        "publish": releases.publish,
        "confirm": releases.confirm,
        "send-back": releases.send_back,
        "give-up": releases.give_up,
    },
    Match: {
        "accept": matches.accept,
        "decline": matches.decline,
        "start": matches.start,
        "deliver": matches.deliver,
        "retract": matches.retract,
    },
}
# Sharing and withdrawing are acts over several rows at once: releases.submit and consents.withdraw.


def take(name: str, model: type[Restricted], pk: object, *, actor: Actor, **values: Any) -> Any:
    """Take the step of that name. Returns the row; raises NotVisible for an unknown name, and what the step raises."""
    verb = ACTIONS[model].get(name)
    if verb is None:
        raise NotVisible
    return verb(actor=actor, **{str(model._meta.model_name): pk}, **values)
