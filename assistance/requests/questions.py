"""The thread of a request: providers ask, the State answers once for everybody."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from assistance.requests.models import AssistanceRequest, Question
from assistance.requests.rules import is_party
from assistance.workflow.engine import require_text, transition
from entities.actors import Actor
from web.exceptions import Conflict, Invalid


def ask(*, actor: Actor, assistance_request: object, text: str, version: int | None = None) -> AssistanceRequest:
    """Ask the State a question, for a provider that reads the request. Returns the request; raises Invalid without text."""
    if not text.strip():
        raise Invalid({"text": [_("Enter your question.")]})
    with transition(actor, AssistanceRequest, assistance_request, "ask", version=version) as context:
        Question.objects.create(
            assistance_request=context.row,
            organisation=context.appointment.organisation,
            asked_by=actor.user,
            text=text,
        )
    return context.row


def answer(
    *, actor: Actor, assistance_request: object, question: object, answer: str, version: int | None = None
) -> AssistanceRequest:
    """Answer a question for everybody who reads the request. Returns the request.

    Raises Invalid without an answer or for a question of another request, Conflict for one that has been answered.
    """
    require_text(answer=answer)
    with transition(actor, AssistanceRequest, assistance_request, "answer", version=version) as context:
        asked = context.row.questions.filter(pk=getattr(question, "pk", question)).first()
        if asked is None:
            raise Invalid({"question": [_("Select a question of this request.")]})
        if asked.answered_at is not None:
            raise Conflict(_("This question has been answered."))
        asked.answer, asked.answered_by, asked.answered_at = answer, actor.user, timezone.now()
        asked.save(update_fields=["answer", "answered_by", "answered_at"])
        if not context.row.questions.filter(answered_at=None).exists():
            context.event = "request_questions_answered"
    return context.row


def thread(actor: Actor, row: AssistanceRequest) -> list[dict[str, Any]]:
    """Return the questions of a request in the order of asking, each with who asked, if this actor may know it."""
    knows = is_party(actor, row)
    own = {one.pk for one in actor.organisations}
    return [
        {
            "question": question,
            "asked_by": question.organisation if knows or question.organisation_id in own else None,
            "is_own": question.organisation_id in own,
        }
        for question in row.questions.select_related("organisation")
    ]
