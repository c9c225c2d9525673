"""The answer of each side of a match, from its status and history."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.needs.models import Match
from assistance.needs.states import OPEN_MATCH, AnswerReason, MatchStatus


class Answer(TextChoices):
    """The answer of one side of a match."""

    NOT_ASKED = "not_asked", pgettext_lazy("answer", "Not yet asked")
    WAITING = "waiting", pgettext_lazy("answer", "Awaiting response")
    READY = "ready", pgettext_lazy("answer", "Ready to assist")
    ACCEPTED = "accepted", pgettext_lazy("answer", "Accepted")
    DECLINED = "declined", pgettext_lazy("answer", "Declined")
    SILENT = "silent", pgettext_lazy("answer", "Did not respond")
    TOOK_BACK = "took_back", pgettext_lazy("answer", "Withdrew its proposal")
    ENDED = "ended", pgettext_lazy("answer", "Ended the match without delivery")


STYLE: dict[Answer, tuple[str, str]] = {
    Answer.NOT_ASKED: ("neutral", "clock"),
    Answer.WAITING: ("warning", "hourglass"),
    Answer.READY: ("success", "check"),
    Answer.ACCEPTED: ("success", "check"),
    Answer.DECLINED: ("danger", "x-circle"),
    Answer.SILENT: ("neutral", "clock"),
    Answer.TOOK_BACK: ("neutral", "arrow-back"),
    Answer.ENDED: ("neutral", "x-circle"),
}


@dataclass(frozen=True)
class Side:
    """One side of a match: who, its answer, and its reason, by its type and in words."""

    role: str | Promise
    name: str
    answer: Answer
    reason: str = ""
    reason_type: str | Promise = ""

    @property
    def tone(self) -> str:
        return STYLE[self.answer][0]

    @property
    def icon(self) -> str:
        return STYLE[self.answer][1]


ENDINGS: dict[str, Answer] = {MatchStatus.RETRACTED: Answer.TOOK_BACK, MatchStatus.ENDED: Answer.ENDED}


def answers(status: str, *, state_asked: bool, accepted: bool) -> tuple[Answer, Answer]:
    """Return the answers of (provider, State) to a match in this status."""
    end = Answer.DECLINED if status == MatchStatus.DECLINED else Answer.SILENT
    if not state_asked:
        return (Answer.WAITING if status in OPEN_MATCH else end), Answer.NOT_ASKED
    provider = ENDINGS.get(status, Answer.READY)
    if accepted:
        return provider, Answer.ACCEPTED
    return provider, Answer.WAITING if status in OPEN_MATCH else end


def sides(match: Match, events: Collection[str]) -> list[Side]:
    """Return both sides of a match, from its status and event names; CTED is a third if it withdrew its suggestion."""
    asked = not match.suggested_by_cted or "match_confirmed_by_provider" in events
    provider, state = answers(match.status, state_asked=asked, accepted="match_accepted" in events)
    rows = [
        (pgettext_lazy("label", "Provider"), match.provider.name, provider),
        (pgettext_lazy("country", "State"), match.need.state.name, state),
    ]
    if match.status == MatchStatus.RETRACTED and not asked:
        rows.append((_("Suggested by"), "CTED", Answer.TOOK_BACK))
    spoke = (Answer.DECLINED, Answer.TOOK_BACK, Answer.ENDED)
    reasons = match.answer_reason, type_of_reason(match)
    return [Side(role, name, word, *(reasons if word in spoke else ())) for role, name, word in rows]


def type_of_reason(match: Match) -> str:
    """Return the type of the reason in words; empty where there is none, or the words alone say it."""
    code = match.answer_reason_code
    return "" if code in ("", AnswerReason.OTHER) else match.get_answer_reason_code_display()
