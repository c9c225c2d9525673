"""Base views of all pages: parse the request, get the row by policy, call one transition or query, render."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import django_filters as df
from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View

from assistance import registry
from assistance.access import policy
from assistance.access.models import Restricted
from assistance.access.viewers import viewers_of
from assistance.pages.forms import ActorForm
from assistance.workflow import editing
from assistance.workflow.engine import available_transitions, run_transition
from assistance.workflow.history import history_of
from assistance.workflow.models import Event
from assistance.workflow.transition import Transition
from audit import log
from entities.access import MemberRequest, appointment_required
from entities.reauthentication import require_recent_login
from web import field_errors, pagination
from web.exceptions import Conflict, Forbidden, Invalid, NotVisible, StaleSave


@dataclass(frozen=True)
class Column:
    """A column of a list: its heading and, if it can be sorted, the value of `sort` in the address."""

    label: str | Promise
    sort: str = ""


@dataclass(frozen=True)
class Button:
    """An available action: its address, its label, what will happen."""

    url: str
    label: str | Promise
    consequence: str | Promise = ""
    tone: str = "secondary"


@method_decorator(appointment_required, name="dispatch")
class MemberView(View):
    """A page for people with a running appointment. `self.actor` is the current actor."""

    request: MemberRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.actor = request.actor  # type: ignore[attr-defined]

    def render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        return render(self.request, template, context, status=status)


class ListPage(MemberView):
    """A filtered, paginated list; its whole state is in the address."""

    model: ClassVar[type[Restricted]]
    filters: ClassVar[type[df.FilterSet]]
    template: ClassVar[str]
    columns: ClassVar[Sequence[Column]] = ()
    orders: ClassVar[dict[str, tuple[str, ...]]] = {"modified": ("modified_at", "id")}
    default_order: ClassVar[str] = "-modified"

    def rows(self) -> QuerySet[Any]:
        """Return the visible rows, with the relations that the template shows."""
        return policy.visible(self.actor, self.model)

    def get(self, request: MemberRequest) -> HttpResponse:
        filterset = self.filters(request.GET, queryset=self.rows(), request=request)
        counted = self.count(filterset) if request.GET.get("part") == "count" else {}
        if counted and request.htmx:
            return self.render("web/count.html", counted)
        rows = filterset.qs if filterset.is_valid() else self.rows().none()
        page = pagination.page_of(rows, request, ordering=self.ordering())
        context = {
            "page": page,
            "filters": filterset,
            "chips": chips(request, filterset),
            "columns": self.heads(),
            "count_url": with_query(request, part="count"),
            "may_create": self.may_create(),
            **counted,
            **self.extra(page),
        }
        return self.render(self.template, context, field_errors.status_of(filterset))

    def extra(self, page: pagination.Page) -> dict[str, Any]:
        """Return further context for the template; subclasses override it."""
        return {}

    def may_create(self) -> bool:
        """Return whether the reader may record a new row here."""
        return policy.may_create(self.actor, self.model)

    def count(self, filterset: df.FilterSet) -> dict[str, Any]:
        """Return the number of rows, capped, for the template: lists count only on request."""
        count, more = pagination.capped_count(filterset.qs) if filterset.is_valid() else (0, False)
        return {"count": count, "more": more}

    def sort(self) -> str:
        wanted = self.request.GET.get("sort", self.default_order)
        return wanted if wanted.removeprefix("-") in self.orders else self.default_order

    def ordering(self) -> list[str]:
        wanted = self.sort()
        sign = "-" if wanted.startswith("-") else ""
        return [f"{sign}{name}" for name in self.orders[wanted.removeprefix("-")]]

    def heads(self) -> list[dict[str, Any]]:
        """Return the table headings; sortable ones have the link that sorts by them."""
        now = self.sort()
        return [
            {
                "label": column.label,
                "url": with_query(self.request, sort=f"-{column.sort}" if now == column.sort else column.sort)
                if column.sort
                else "",
                "sorted": {column.sort: "ascending", f"-{column.sort}": "descending"}.get(now, "")
                if column.sort
                else "",
            }
            for column in self.columns
        ]


def with_query(request: HttpRequest, **changes: str | None) -> str:
    """Return the current address with some parameters set, or removed when None; always for the first page."""
    query = request.GET.copy()
    for name in ("cursor", "part", *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}"


def chips(request: HttpRequest, filterset: df.FilterSet) -> list[dict[str, Any]]:
    """Return a chip for each active filter: its text, and the address without it."""
    if not filterset.is_valid():
        return []
    found = []
    for name, value in filterset.form.cleaned_data.items():
        if value in (None, "") or isinstance(filterset.form.fields[name].widget, forms.HiddenInput):
            continue
        choices = dict(getattr(filterset.form.fields[name], "choices", ())) if isinstance(value, str) else {}
        label = f"{filterset.form.fields[name].label}: {choices.get(value, value)}"
        found.append({"label": label, "url": with_query(request, **{name: None})})
    return found


class ObjectPage(MemberView):
    """The page of one row: its content, the available transitions, who can see it, and its history."""

    model: ClassVar[type[Restricted]]
    template: ClassVar[str]
    related: ClassVar[Sequence[str]] = ()

    def rows(self) -> QuerySet[Any]:
        return policy.visible(self.actor, self.model).select_related(*self.related)

    def get(self, request: MemberRequest, pk: object) -> HttpResponseBase:
        row = policy.get(self.actor, self.model, pk, rows=self.rows())
        log.read([row])
        context = {
            "row": row,
            "buttons": self.buttons(row),
            "who": viewers_of(self.actor, row),
            "reads_log": policy.reads_log(self.actor, row),
            "may_edit": policy.may_edit(self.actor, row) and editing.changeable(row),
            **self.additions(row),
            **self.extra(row),
        }
        return self.render(self.template, context)

    def extra(self, row: Any) -> dict[str, Any]:
        """Return further context for the template; subclasses override it."""
        return {}

    def additions(self, row: Any) -> dict[str, Any]:
        """Return context that other aggregates add to the page of a row, such as its documents."""
        found: dict[str, Any] = {}
        for aggregate in registry.aggregates():
            found |= aggregate.on_pages(self.actor, row)
        return found

    def history(self, row: Restricted) -> list[dict[str, Any]]:
        """Return the timeline of a row, newest entry first."""
        rows, styles = history_of(self.actor, row), registry.styles()
        return [
            {
                "at": event.at,
                "actor": f"{event.actor} ({event.acting_as.organisation.short})"
                if event.acting_as
                else event.actor or "",
                "text": " · ".join(filter(None, (event.label, self.about(event)))),
                "reason": event.reason,
                "tone": styles.get(event.after, ("neutral", ""))[0],
            }
            for event in rows.order_by("-at", "-id")
        ]

    def about(self, event: Event) -> str:
        """Return the other row a timeline entry refers to, as that row's aggregate names it; empty without one."""
        for aggregate in registry.aggregates():
            other = getattr(event, aggregate.name) if aggregate.about and aggregate.model is not self.model else None
            if aggregate.about and other is not None:
                return aggregate.about(other)
        return ""

    def buttons(self, row: Restricted) -> list[Button]:
        """Return buttons for the transitions available to this reader, as in `actions` of the API."""
        return [
            Button(step_url(row, step), step.label, step.consequence, step.tone)
            for step in available_transitions(self.actor, row)
        ]


class ReleasedPage(ObjectPage):
    """The page of a need or section, which its State can preview as others see it."""

    def buttons(self, row: Restricted) -> list[Button]:
        """Return the available transitions and, for the State, a link to the preview as others see the page."""
        found = super().buttons(row)
        if policy.acting_as(self.actor, "state", row):
            url = reverse(f"{row._meta.model_name}-as", args=[row.pk])
            found.append(Button(url, _("See it as others do"), _("Nothing is released by looking.")))
        return found


def step_url(row: Restricted, step: Transition) -> str:
    """Return the address of the page where a transition is confirmed."""
    name = row._meta.model_name
    if step.own_page:
        return reverse(f"{name}-{step.name}", args=[row.pk])
    return reverse(f"{name}-act", args=[row.pk, step.name])


class FormPage(MemberView):
    """A form that calls one function. Whatever error occurs, the submitted values stay in the form."""

    form_class: ClassVar[type[ActorForm]]
    template: ClassVar[str] = "assistance/pages/form.html"
    needs_proof: bool = False

    def row(self) -> Any:
        """Return the row the form edits, by policy, or None for a new one; subclasses override it."""
        return None

    def form(self, row: Any, data: Any = None, files: Any = None) -> ActorForm:
        return self.form_class(data, files, actor=self.actor, instance=row)

    def perform(self, row: Any, form: ActorForm) -> Any:
        """Call the transition; return the row whose page is shown next. Subclasses override it."""
        raise TypeError(f"{type(self).__name__} does not say what it does.")

    def context(self, row: Any, form: ActorForm) -> dict[str, Any]:
        """Return title, lead, label of the button and address of cancel; subclasses override it."""
        return {}

    def done(self, row: Any) -> str:
        """Return the message shown after success."""
        return _("Saved.")

    def next(self, row: Any) -> str:
        return row.get_absolute_url()

    def prove(self) -> None:
        """Raise ProofNeeded if the transition requires a recent login and there was none; called after `row`."""
        if self.needs_proof:
            require_recent_login(self.request)

    def get(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        self.prove()
        return self.show(row, self.form(row))

    def post(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        row = self.row()
        self.prove()
        form = self.form(row, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(row, form, status=field_errors.STATUS)
        try:
            result = self.perform(row, form)
        except Invalid as error:
            form.take(error)
            return self.show(row, form, status=field_errors.STATUS)
        except StaleSave as error:
            return self.stale(form, error)
        except Conflict as error:
            form.add_error(None, str(error))
            return self.show(row, form, status=409)
        messages.success(request, self.done(result))
        return redirect(self.next(result))

    def show(self, row: Any, form: ActorForm, status: int = 200) -> HttpResponse:
        return self.render(self.template, {"form": form, "row": row, **self.context(row, form)}, status)

    def stale(self, form: ActorForm, error: StaleSave) -> HttpResponse:
        """Show both texts side by side; saving again from that page knowingly overwrites the stored text."""
        fresh = self.row()
        theirs = self.form(fresh).initial
        rows = form.differences(theirs, error.yours)
        again = self.request.POST.copy()
        again["version"] = str(fresh.version)
        form.data = again
        context = {
            **self.context(fresh, form),
            "rows": rows,
            "form": form,
            "message": error,
            "back_url": self.next(fresh),
        }
        return self.render("errors/409.html", context, 409)


class CreatePage(FormPage):
    """A form that records a new row."""

    model: ClassVar[type[Restricted]]

    def get(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        self.require()
        return super().get(request, **kwargs)

    def post(self, request: MemberRequest, **kwargs: Any) -> HttpResponse:
        self.require()
        return super().post(request, **kwargs)

    def require(self) -> None:
        if not policy.may_create(self.actor, self.model):
            raise Forbidden


class EditPage(FormPage):
    """A form that edits a row."""

    model: ClassVar[type[Restricted]]

    def row(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        if not policy.may_edit(self.actor, row):
            raise Forbidden
        return row


class ActPage(FormPage):
    """The page where a transition is confirmed, with the fields it needs."""

    model: ClassVar[type[Restricted]]
    forms: ClassVar[dict[str, type[ActorForm]]] = {}
    template = "assistance/pages/transition.html"

    def row(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        if self.kwargs["action"] not in self.forms:
            raise NotVisible
        self.step = registry.of(self.model).transitions[self.kwargs["action"]]
        self.needs_proof = self.step.needs_proof
        policy.require(self.actor, self.step.who, row)
        return row

    def form(self, row: Any, data: Any = None, files: Any = None) -> ActorForm:
        return self.forms[self.kwargs["action"]](data, files, actor=self.actor, instance=row)

    def perform(self, row: Any, form: ActorForm) -> Any:
        version = form.cleaned_data.get("version")
        return run_transition(
            self.kwargs["action"], self.model, row.pk, actor=self.actor, version=version, **form.values
        )

    def context(self, row: Any, form: ActorForm) -> dict[str, Any]:
        allowed = self.step in available_transitions(self.actor, row)
        return {
            "step": self.step,
            "allowed": allowed,
            "back_url": self.next(row),
            "steps": available_transitions(self.actor, row),
        }

    def done(self, row: Any) -> str:
        return _("“%(step)s” has been done.") % {"step": self.step.label}
