"""Audit entries for rights: every change of an appointment, whichever transition or page makes it."""

from typing import Any

from django.db.models.signals import m2m_changed, post_save, pre_save
from django.dispatch import receiver

from audit import log
from audit.kinds import Kind
from entities.actors import post_in_words
from entities.models import Appointment, Organisation, WorkingGroup

STANDING = ("in_compact", "is_donor")
# The column a transition writes → the event. The first match counts.
MEANINGS = {
    "ended_at": (Kind.RIGHT_ENDED, "ended"),
    "approved_at": (Kind.RIGHT_GIVEN, "approved"),
    "until": (Kind.RIGHT_GIVEN, "extended"),
    "confirm_by": (Kind.RIGHT_GIVEN, "confirmed"),
    "deputy": (Kind.RIGHT_GIVEN, "deputy named"),
}


@receiver(post_save, sender=Appointment)
def note_appointment(
    sender: Any, instance: Appointment, created: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Record a nomination, an approval, an end or a change, in the transaction that makes it."""
    kind, words = _meaning(instance, created, update_fields)
    if kind is not None:
        detail = f"{words}: {instance.user.name}, {post_in_words(instance)}"
        log.record(kind, subjects=[f"appointment:{instance.pk}", f"user:{instance.user_id}"], detail=detail)


@receiver(m2m_changed, sender=WorkingGroup.members.through)
def note_members(
    sender: Any, instance: Any, action: str, reverse: bool, pk_set: set[Any] | None, **kwargs: Any
) -> None:
    """Record who joined or left a working group, whichever path changes it."""
    word = {"post_add": "joined", "post_remove": "left", "post_clear": "all left"}.get(action)
    if word is None or (pk_set is not None and not pk_set):
        return
    groups = [instance.pk] if not reverse else sorted(pk_set or ())
    members = [instance.pk] if reverse else sorted(pk_set or (), key=str)
    subjects = [f"organisation:{key}" for key in members]
    log.record(Kind.MEMBERSHIP, subjects=subjects, detail=f"{word}: working group {', '.join(groups)}")


@receiver(pre_save, sender=Organisation)
def note_standing(sender: Any, instance: Organisation, **kwargs: Any) -> None:
    """Record that an organisation became an entity of the Compact or a donor, or is none any more."""
    before = Organisation.objects.filter(pk=instance.pk).values(*STANDING).first() or dict.fromkeys(STANDING, False)
    for name in STANDING:
        if before[name] != (now := getattr(instance, name)) and not instance._state.adding:
            log.record(Kind.MEMBERSHIP, subjects=[f"organisation:{instance.pk}"], detail=f"{name}: {now}")


def _meaning(row: Appointment, created: bool, fields: frozenset[str] | None) -> tuple[Kind | None, str]:
    if created:
        return (Kind.RIGHT_GIVEN, "appointed") if row.approved_at else (Kind.NOMINATED, "nominated")
    if fields is None:
        return Kind.RIGHT_GIVEN, "rewritten"
    if "ended_at" in fields and not row.approved_at:
        return Kind.RIGHT_ENDED, "nomination refused"
    if fields == {"until"}:  # an extension counts as a confirmation, and writes that too
        return Kind.RIGHT_ENDED, "last day brought forward for a successor"
    if "deputy" in fields and row.deputy_id is None:
        return Kind.RIGHT_ENDED, "deputy taken away"
    return next((meaning for column, meaning in MEANINGS.items() if column in fields), (None, ""))
