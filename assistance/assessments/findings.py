"""The findings of an assessment: rows that are written with it, each of which CTED can make a need of."""

from assistance.assessments.models import Finding
from assistance.assessments.states import MOST_FINDINGS
from assistance.needs.of_findings import need_stays
from assistance.workflow.parts import Parts

FINDINGS = Parts(name="findings", model=Finding, path="assessment", most=MOST_FINDINGS, stays=need_stays)
