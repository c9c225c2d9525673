"""Pages of assessments: the list of their lines, one line, one assessment with its findings and comments."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, pgettext_lazy

from assistance.access import policy
from assistance.assessments import cells as own_cells
from assistance.assessments import comments
from assistance.assessments.decisions import about_assessment
from assistance.assessments.editing import check_open
from assistance.assessments.filters import LineFilter
from assistance.assessments.findings import FINDINGS
from assistance.assessments.forms import FORMS, AssessmentForm, CommentForm, FindingForm
from assistance.assessments.lines import lines_seen
from assistance.assessments.models import Assessment, AssessmentLine
from assistance.assessments.rules import is_party
from assistance.assessments.states import AssessmentKind
from assistance.consents.queries import consents_of
from assistance.consents.summaries import Item
from assistance.pages.forms import ActorForm
from assistance.pages.parts import PartAdd, PartEdit
from assistance.pages.views import (
    RecordCreateView,
    RecordDetailView,
    RecordEditView,
    RecordFormView,
    RecordListView,
    ReleasedDetailView,
    TransitionView,
)
from assistance.workflow.naming import only_names
from audit import log
from entities.collation import by_name, by_short_name
from web import cells
from web.sorting import by_rank
from web.views import Column, Link


class AssessmentList(RecordListView):
    """The lines of all assessments, with the titles of those that the reader may read."""

    model = AssessmentLine
    filterset_class = LineFilter
    title = gettext_lazy("Assessments by other entities")
    lead = gettext_lazy(
        "Who has assessed which State, on what and when. The text can be read by the entity and the State, and by those to "
        "whom one of them opens it."
    )
    create_label = gettext_lazy("Record an assessment")
    create_text = gettext_lazy(
        "Record what your organization assesses, so that others know of it and do not assess it again."
    )
    empty_title = gettext_lazy("No assessments yet")
    empty_text = gettext_lazy("Assessments appear here when an entity of the Compact records them.")
    columns = (
        Column(
            pgettext_lazy("label", "Assessment"), "kind", own_cells.line, sort="kind", row_heading=True, width="wide",
            card="title",
        ),
        Column(pgettext_lazy("country", "State"), "state.name", cells.name, sort="state", card="line"),
        Column(pgettext_lazy("label", "Entity"), "entity.short", cells.name, sort="entity", card="line"),
        Column(pgettext_lazy("label", "Type"), "get_kind_display", width="short", card="line"),
        Column(pgettext_lazy("label", "Themes"), "themes.all", "components/cells/names.html", width="short"),
        Column(
            pgettext_lazy("label", "Year"), "year", "assistance/assessments/cells/year.html", sort="year", numeric=True,
            card="line",
        ),
        Column(
            gettext_lazy("Same evaluation"), template="assistance/assessments/cells/same.html", width="short", card="foot"
        ),
    )  # fmt: skip
    orders = {
        "year": ("year", "modified_at", "id"),
        "kind": ("kind_key", "id"),
        "state": ("state_key", "id"),
        "entity": ("entity_key", "id"),
        "modified": ("modified_at", "id"),
    }
    sort_keys = {
        "kind_key": by_rank("kind", AssessmentKind),
        "state_key": by_name("state__name"),
        "entity_key": by_short_name("entity"),
    }
    default_order = "-year"

    def get_queryset(self) -> QuerySet[AssessmentLine]:
        return lines_seen(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        lines = context["object_list"]
        seen = only_names(policy.visible(self.actor, Assessment)).in_bulk([line.assessment_id for line in lines])
        for line in lines:
            line.text = seen.get(line.assessment_id)  # None for who may not read it
        return context

    def may_create(self) -> bool:
        return policy.may_create(self.actor, Assessment)

    def get_links(self) -> list[Link]:
        return [Link(reverse("assessment-add"), self.create_label, tone="primary")] if self.may_create() else []


class LinePage(RecordDetailView):
    """What the whole Compact knows of an assessment, and whom to ask."""

    model = AssessmentLine
    template_name = "assistance/assessments/line.html"

    def get_queryset(self) -> QuerySet[Any]:
        return lines_seen(self.actor)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        line = self.object
        own = {
            "assessment": policy.visible(self.actor, Assessment).filter(pk=line.assessment_id).first(),
            "same_as": lines_seen(self.actor).filter(pk=line.same_as_id).first() if line.same_as_id else None,
            "also": lines_seen(self.actor).filter(same_as=line).order_by("entity__slug"),
            "reads_log": False,  # it has no text that the log could say was read
        }
        return super().get_context_data(**{**own, **kwargs})


class AssessmentPage(ReleasedDetailView):
    model = Assessment
    template_name = "assistance/assessments/assessment.html"
    related = ("entity", "state")
    edit_label = gettext_lazy("Edit the assessment")

    def get_queryset(self) -> QuerySet[Any]:
        return super().get_queryset().prefetch_related("themes")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        is_own = is_party(self.actor, row)
        own = {
            **about_assessment(self.actor, row),
            "item": Item(row),
            "own": policy.sees_consents(self.actor, row.state_id),
            "consents": consents_of(self.actor, row),
            "also": lines_seen(self.actor).filter(same_as__assessment=row).order_by("entity__slug"),
            "line": policy.visible(self.actor, AssessmentLine).filter(assessment=row).first(),
            "is_party": is_own,
            "comments": row.comments.select_related("by", "organisation") if is_own else (),
            "may_comment": policy.acting_as(self.actor, "entity_or_state", row) is not None,
            "may_record": self.may_edit(),
        }
        return super().get_context_data(**{**own, **kwargs})


class AssessmentCreate(RecordCreateView):
    model = Assessment
    form_class = AssessmentForm
    title = gettext_lazy("Record an assessment")
    lead = gettext_lazy(
        "All entities of the Compact will see who assesses which State, on what and in which year. Title, text, dates and "
        "files are seen by your organization and the State."
    )


class AssessmentEdit(RecordEditView):
    model = Assessment
    form_class = AssessmentForm
    title = gettext_lazy("Edit the assessment")

    def check_state(self) -> None:
        check_open(self.object)


class AssessmentTransition(TransitionView):
    model = Assessment
    forms = FORMS


# ── Findings ─────────────────────────────────────────────────────────────────
class FindingAdd(PartAdd):
    model, parts, form_class, title = Assessment, FINDINGS, FindingForm, gettext_lazy("Add a finding")


class FindingEdit(PartEdit):
    model, parts, form_class, title = Assessment, FINDINGS, FindingForm, gettext_lazy("Edit the finding")


# ── Comments ─────────────────────────────────────────────────────────────────
class CommentAdd(RecordFormView):
    """A form that adds a comment, with those that stand there already above it."""

    model = Assessment
    form_class = CommentForm
    template_name = "assistance/assessments/comment.html"
    title = gettext_lazy("Comment on the assessment")
    submit = pgettext_lazy("button", "Add comment")
    success_message = gettext_lazy("Your comment has been added. The other side has been told.")

    def get_object(self) -> Assessment:
        row: Assessment = policy.get(self.actor, Assessment, self.kwargs["pk"])
        policy.require(self.actor, "entity_or_state", row)
        log.read([row])
        return row

    @cached_property
    def comments(self) -> Any:
        """The comments that the assessment has."""
        return self.object.comments.select_related("by", "organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {"object": self.object, "is_party": True, "comments": self.comments, "keep": f"comment-{self.object.pk}"}
        return super().get_context_data(**{**own, **kwargs})

    def form_valid(self, form: ActorForm) -> HttpResponse:
        comments.add(actor=self.actor, assessment=self.object.pk, text=form.cleaned_data["text"])
        return super().form_valid(form)

    def get_success_url(self) -> str:
        return f"{self.object.get_absolute_url()}#comments"
