"""Reads the steps of a plan: each word takes its days, and happens at its moment, by the transition people use."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from assistance.demo.clock import at
from assistance.demo.days import Days
from assistance.demo.people import Cast
from assistance.demo.texts import remark
from entities.actors import Actor

HOUR = timedelta(hours=1)


class PlanError(Exception):
    """A plan that would happen in the future, or uses a word nobody explains: a fault in plan.py."""


@dataclass
class Walk:
    """One thing on its way: where it is in time, and what the steps so far have left behind."""

    cast: Cast
    days: Days
    row: Any
    moment: datetime
    left: dict[str, Any] = field(default_factory=dict)

    def said(self, key: str, actor: Actor) -> str:
        """Return a remark in the language of whoever makes it."""
        return remark("said", key, actor.user.language)


Step = tuple[float, Callable[..., None]]


def words(plan: str) -> Iterator[tuple[str, list[str]]]:
    """Give the steps of a plan as (word, arguments)."""
    for step in plan.split():
        word, *arguments = step.split(":")
        yield word, arguments


def take(walk: Walk, plan: str, steps: Mapping[str, Step]) -> None:
    """Take the steps of a plan one after the other. Raises PlanError."""
    for word, arguments in words(plan):
        if word == "wait":
            walk.moment += timedelta(days=float(arguments[0]))
            continue
        if word not in steps:
            raise PlanError(f"“{word}” in “{plan}” is not explained.")
        lasts, act = steps[word]
        walk.moment += timedelta(days=lasts) + HOUR
        if walk.moment > walk.days.now:
            raise PlanError(f"“{word}” in “{plan}” of {walk.row} would be in the future.")
        with at(walk.moment):
            act(walk, *arguments)
