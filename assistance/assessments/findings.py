"""The findings of an assessment: rows that are written with it, each of which CTED can make a need of."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assistance.assessments.models import Assessment, Finding
from assistance.assessments.states import MOST_FINDINGS, Framework
from assistance.workflow.parts import Given, Parts
from web.texts import TEXT_MAX

FINDINGS = "findings"  # the name of the value that holds all findings of an assessment, in their order


def _check(row: Assessment, one: Given) -> Mapping[str, list[Any]]:
    """Return the errors of a finding by field."""
    errors: dict[str, list[Any]] = {}
    if not str(one.get("text", "")).strip():
        errors["text"] = [_("Enter what was found.")]
    elif len(one["text"]) > TEXT_MAX:
        errors["text"] = [_("The text is too long.")]
    if one.get("framework") not in Framework.values:
        errors["framework"] = [_("Select one of the frameworks.")]
    return errors


PARTS = Parts(
    name=FINDINGS,
    model=Finding,
    parent="assessment",
    written=("theme", "framework", "text", "is_gap"),
    most=MOST_FINDINGS,
    too_many=gettext_lazy("An assessment has at most %(most)d findings."),
    unknown=gettext_lazy("This assessment has no such finding."),
    check_one=_check,
    is_kept=lambda finding: finding.need_id is not None,
    not_removed=gettext_lazy("A finding of which a need was made cannot be removed."),
)
