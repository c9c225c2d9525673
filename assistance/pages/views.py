"""Base views of the pages of all aggregates: each starts from policy, and calls one transition or query."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.generic import DetailView

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.access.viewers import viewers_of
from assistance.pages.forms import ActorForm
from assistance.pages.outcomes import changed, outcome
from assistance.workflow import editing
from assistance.workflow.engine import available_transitions, run_transition
from assistance.workflow.follow_choices import choices_about
from assistance.workflow.history import events_of
from assistance.workflow.models import Event
from assistance.workflow.naming import matter_of, tab_title, with_names
from assistance.workflow.transition import Transition, task_label
from audit import log
from entities.access import AppointmentRequiredMixin
from entities.actors import Actor
from entities.pages import MemberFormView
from web.exceptions import Conflict, Forbidden, NotVisible, StaleSave
from web.phrases import with_remark
from web.views import FilteredListView, Link


class RecordListView(AppointmentRequiredMixin, FilteredListView):
    """The visible rows of a model, filtered and paginated.

    The texts of the page are attributes: `title` and `lead` above the list, `empty_title` and `empty_text` where there
    is no row yet; `create_label` and `create_text`, shown instead of `empty_text`, for those who may record a row.
    """

    model: type[Restricted]
    template_name = "assistance/pages/list.html"
    title: ClassVar[str | Promise] = ""
    lead: ClassVar[str | Promise] = ""
    empty_title: ClassVar[str | Promise] = ""
    empty_text: ClassVar[str | Promise] = ""
    create_label: ClassVar[str | Promise] = ""
    create_text: ClassVar[str | Promise] = ""

    def get_queryset(self) -> QuerySet[Any]:
        return policy.visible(self.actor, self.model)

    def may_create(self) -> bool:
        """Return whether the reader may record a new row here."""
        return bool(self.create_label) and policy.may_create(self.actor, self.model)

    def get_links(self) -> list[Link]:
        """Return the links beside the heading."""
        if not self.may_create():
            return []
        return [Link(reverse(self.model.url_name("add")), self.create_label, tone="primary")]

    def get_empty_link(self) -> Link | None:
        """Return the link shown where there is no row yet, or None."""
        return self.get_links()[0] if self.create_text and self.may_create() else None

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {
            "title": self.title,
            "lead": self.lead,
            "links": self.get_links(),
            "empty_title": self.empty_title,
            "empty_text": self.create_text if self.create_text and self.may_create() else self.empty_text,
            "empty_link": self.get_empty_link(),
        }
        return super().get_context_data(**{**texts, **kwargs})


class RecordDetailView(AppointmentRequiredMixin, DetailView):
    """The page of one row: its content, the available transitions, who can see it, and its history.

    `related` are the relations that the page shows, read together with the row. `edit_label` is the label of the link
    to the form that edits the row; empty where there is no such form.
    """

    http_method_names = ["get", "head", "options"]
    model: type[Restricted]
    related: ClassVar[Sequence[str]] = ()
    edit_label: ClassVar[str | Promise] = ""

    def get_queryset(self) -> QuerySet[Any]:
        return with_names(policy.visible(self.actor, self.model).select_related(*self.related), self.actor)

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        """Return the row by policy, and write to the audit log that it was read. Raises NotVisible."""
        rows = self.get_queryset() if queryset is None else queryset
        row = policy.get(self.actor, self.model, self.kwargs["pk"], rows=rows)
        log.read([row])
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        own = {
            "buttons": self.get_buttons(),
            "who": viewers_of(self.actor, row),
            "reads_log": policy.reads_log(self.actor, row),
            "edit_link": self.get_edit_link(),
            "history": self.get_history(),
            "following": choices_about(self.actor, row) if self.may_follow() else [],
            "panels": [aggregate.panel for aggregate in registry.aggregates() if aggregate.panel],
            **self.get_additions(),
        }
        return super().get_context_data(**{**own, **kwargs})

    def may_follow(self) -> bool:
        """Return whether the reader has messages to choose here: not who looks at it as somebody else."""
        return self.actor.viewer is None

    def may_edit(self) -> bool:
        """Return whether the reader may edit the text of the row now."""
        return policy.may_edit(self.actor, self.object) and editing.changeable(self.object)

    def get_edit_link(self) -> Link | None:
        """Return the link to the form that edits the row, or None."""
        if not self.edit_label or not self.may_edit():
            return None
        return Link(reverse(self.object.url_name("edit"), args=[self.object.pk]), self.edit_label)

    def get_additions(self) -> dict[str, Any]:
        """Return context that other aggregates add to the page of a row, such as its documents."""
        return additions(self.actor, self.object)

    @cached_property
    def events(self) -> list[Event]:
        """The history of the row as the reader sees it, oldest event first."""
        return events_of(self.actor, self.object)

    def get_history(self) -> list[dict[str, Any]]:
        """Return the timeline of the row, newest entry first."""
        styles = registry.styles()
        return [
            {
                "at": event.at,
                "actor": with_remark(event.actor, event.acting_as.organisation.short)
                if event.acting_as
                else event.actor or "",
                "text": " · ".join(filter(None, (event.label, self.about(event)))),
                "reason": event.reason,
                "tone": styles.get(event.after, ("neutral", ""))[0],
            }
            for event in reversed(self.events)
        ]

    def about(self, event: Event) -> str:
        """Return the other row a timeline entry refers to, as that row's aggregate names it; empty without one."""
        for aggregate in registry.aggregates():
            other = getattr(event, aggregate.name) if aggregate.about and aggregate.model is not self.model else None
            if aggregate.about and other is not None:
                return aggregate.about(other)
        return ""

    def get_buttons(self) -> list[Link]:
        """Return links to the transitions available to this reader, as in `transitions` of the API."""
        return choices(self.actor, self.object)


class ReleasedDetailView(RecordDetailView):
    """The page of a row that its State can preview as others see it."""

    def get_buttons(self) -> list[Link]:
        """Return the available transitions and, for the State, a link to the preview as others see the page."""
        found = super().get_buttons()
        if policy.acting_as(self.actor, "state", self.object):
            url = reverse(self.object.url_name("as"), args=[self.object.pk])
            found.append(Link(url, _("Preview as another organization"), _("Previewing does not release anything.")))
        return found


def additions(actor: Actor, row: Restricted) -> dict[str, Any]:
    """Return context that aggregates add to the pages of other rows, such as documents."""
    found: dict[str, Any] = {}
    for aggregate in registry.aggregates():
        found |= aggregate.on_pages(actor, row)
    return found


def choices(actor: Actor, row: Restricted) -> list[Link]:
    """Return links to the transitions that this actor may run on a row now, each with its consequence."""
    return _links(row, available_transitions(actor, row))


def _links(row: Restricted, possible: Iterable[Transition]) -> list[Link]:
    return [Link(transition_url(row, one), one.label, one.consequence, one.tone) for one in possible]


def decision_context(actor: Actor, row: Restricted) -> dict[str, Any]:
    """Return what decision pages show beside the choices: the row by its names, its content, and who can see it."""
    own, possible = registry.of(row), available_transitions(actor, row)
    return {
        "matter": matter_of(row),
        "decided": own.decided,
        "action": task_label(possible),
        "choices": _links(row, possible),
        "panels": [aggregate.panel for aggregate in registry.aggregates() if aggregate.panel],
        "who": viewers_of(actor, row),
        **additions(actor, row),
        **own.on_decision(actor, row),
        "may_attach": False,
    }


def transition_url(row: Restricted, transition: Transition) -> str:
    """Return the address of the page where a transition is confirmed."""
    if transition.own_page:
        return reverse(row.url_name(transition.name), args=[row.pk])
    return reverse(row.url_name("transition"), args=[row.pk, transition.name])


class RecordFormView(MemberFormView):
    """A form about a row. Two people who save at once: the second sees both texts side by side."""

    submit = pgettext_lazy("button", "Save")
    success_message = gettext_lazy("Your entries have been saved.")
    model: ClassVar[type[Restricted]]
    form_class: type[ActorForm]

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "actor": self.actor, "instance": self.object}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.object.pk if self.object else "new"  # under which the browser keeps what was typed
        named = tab_title(self.object) if self.object else ""
        return super().get_context_data(**{"keep": f"{self.model.url_name()}-{key}", "named": named, **kwargs})

    def get_back_url(self) -> str:
        """Return the page of the row, or the list for a new one."""
        return self.object.get_absolute_url() if self.object else reverse(registry.of(self.model).collection)

    def form_conflict(self, form: ActorForm, error: Conflict) -> HttpResponse:
        if isinstance(error, StaleSave):
            return self.form_stale(form, error)
        return super().form_conflict(form, error)

    def form_stale(self, form: ActorForm, error: StaleSave) -> HttpResponse:
        """Show both texts side by side; saving again from that page knowingly overwrites the stored text."""
        self.object = self.get_object()
        stored = self.get_form_class()(**{**self.get_form_kwargs(), "data": None, "files": None})
        again = self.request.POST.copy()
        again["version"] = str(self.object.version)
        form.data = again
        context = self.get_context_data(
            form=form,
            rows=form.differences(stored.initial, error.yours),
            message=error,
            back_url=self.get_success_url(),
        )
        return TemplateResponse(self.request, "errors/409.html", context, status=409)


class RecordCreateView(RecordFormView):
    """A form that records a new row."""

    def check_permissions(self) -> None:
        if not policy.may_create(self.actor, self.model):
            raise Forbidden
        super().check_permissions()

    def form_valid(self, form: ActorForm) -> HttpResponse:
        self.object = editing.create(actor=self.actor, model=self.model, values=self.get_values(form))
        return super().form_valid(form)

    def get_values(self, form: ActorForm) -> dict[str, Any]:
        """Return the values of the new row."""
        values, _version = form.values_and_version()
        return values


class RecordEditView(RecordFormView):
    """A form that edits a row."""

    def get_object(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        if not policy.may_edit(self.actor, row):
            raise Forbidden
        return row

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, version = form.values_and_version()
        self.object = editing.edit(
            actor=self.actor, model=self.model, pk=self.object.pk, values=values, version=version
        )
        return super().form_valid(form)


class TransitionView(RecordFormView):
    """The page where a transition is confirmed, with the fields that it needs."""

    forms: ClassVar[dict[str, type[ActorForm]]] = {}
    template_name = "assistance/pages/transition.html"

    def get_object(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        if self.kwargs["transition"] not in self.forms:
            raise NotVisible
        self.transition = registry.of(self.model).transitions[self.kwargs["transition"]]
        self.needs_recent_login = self.transition.needs_proof
        policy.require(self.actor, self.transition.who, row)
        return row

    def get_form_class(self) -> type[ActorForm]:
        return self.forms[self.transition.name]

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, version = form.values_and_version()
        self.object = run_transition(
            self.transition.name, self.model, self.object.pk, actor=self.actor, version=version, **values
        )
        return super().form_valid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        allowed = self.transition in available_transitions(self.actor, self.object)
        here = transition_url(self.object, self.transition)
        own = {"transition": self.transition, "allowed": allowed, "here": here}
        return super().get_context_data(**{**own, **decision_context(self.actor, self.object), **kwargs})

    def get_success_message(self) -> str:
        return outcome(self.actor, self.object, changed(self.actor, self.object))


class DecisionView(AppointmentRequiredMixin, DetailView):
    """The page on which a person chooses among the transitions of a row: none is chosen beforehand, nothing is done."""

    http_method_names = ["get", "head", "options"]
    model: type[Restricted]
    template_name = "assistance/pages/transition.html"

    def get_object(self, queryset: QuerySet[Any] | None = None) -> Any:
        """Return the row by policy. Raises NotVisible, Forbidden for whoever has no part in any of its transitions."""
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        steps = registry.of(self.model).transitions.values()
        if not any(policy.may(self.actor, step, row) for step in steps):
            raise Forbidden(url=row.get_absolute_url())
        log.read([row])
        return row

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.object
        own = {"back_url": row.get_absolute_url(), **decision_context(self.actor, row)}
        return super().get_context_data(**{**own, **kwargs})
