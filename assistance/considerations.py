"""How needs, projects and requests consider human rights and gender, and whether they address violent extremism.

Sources: assistance is given in a framework that is mindful of human rights and of gender (seed 003); work on preventing
violent extremism is tied to the Strategy (seed 002).
"""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from web.exceptions import Invalid

CONSIDERED = ("human_rights", "gender")  # each with a sentence, `<name>_note`; one is refused without the other
FIELDS = ("human_rights", "human_rights_note", "gender", "gender_note", "addresses_pve")
HEADING = gettext_lazy("Human rights, gender and violent extremism")


class Consideration(models.TextChoices):
    """How far something considers human rights, or gender."""

    NOT_CONSIDERED = "not_considered", pgettext_lazy("consideration", "Not considered")
    CONSIDERED = "considered", pgettext_lazy("consideration", "Considered")
    MAIN_AIM = "main_aim", pgettext_lazy("consideration", "Main aim")


def _column(label: Any) -> "models.CharField[str, str]":
    return models.CharField(label, max_length=20, choices=Consideration, default=Consideration.NOT_CONSIDERED)


def _note(label: Any) -> "models.CharField[str, str]":
    return models.CharField(
        label, max_length=500, blank=True, help_text=gettext_lazy("One sentence. Not needed for “Not considered”.")
    )


class WithConsiderations(models.Model):
    """The columns of a row that says what it considers."""

    human_rights = _column(pgettext_lazy("field", "human rights"))
    human_rights_note = _note(gettext_lazy("how human rights are considered"))
    gender = _column(pgettext_lazy("field", "gender"))
    gender_note = _note(gettext_lazy("how gender is considered"))
    addresses_pve = models.BooleanField(gettext_lazy("addresses the prevention of violent extremism"), default=False)

    class Meta:
        abstract = True


def shown(row: WithConsiderations) -> dict[str, Any]:
    """Return the columns of a row as the API sends them."""
    return {name: getattr(row, name) for name in FIELDS}


def errors_of(row: WithConsiderations) -> dict[str, list[str]]:
    """Return field → what is wrong: a consideration without its sentence, or a sentence without a consideration."""
    errors: dict[str, list[str]] = {}
    for name in CONSIDERED:
        is_considered, note = getattr(row, name) != Consideration.NOT_CONSIDERED, getattr(row, f"{name}_note")
        if is_considered and not note:
            errors[f"{name}_note"] = [_("Explain in one sentence how this is considered.")]
        elif note and not is_considered:
            errors[name] = [_("Select “Considered” or “Main aim”, or remove the explanation.")]
    return errors


def check(row: WithConsiderations) -> None:
    """Raise Invalid for what `errors_of` finds."""
    if errors := errors_of(row):
        raise Invalid(errors)
