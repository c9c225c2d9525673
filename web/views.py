"""Base views of all pages, on Django's generic classes: a filtered list, and a form that calls one function."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import django_filters as df
from django import forms
from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.views.generic import FormView, ListView

from web import cells, field_errors, pagination
from web.choices import NARROW
from web.dates import in_words
from web.exceptions import Busy, Conflict, Invalid
from web.kept_select import KeptSelect
from web.phrases import labelled
from web.sorting import SortKey

Text = str | Promise
Cell = Callable[[Any, str, Any], str]
FORM_KEY = "form_key"  # the hidden field that names one showing of a form


@dataclass(frozen=True)
class Column:
    """A column of a list, declared once: heading, label of the cell on a phone, cell, and order.

    `template` is a function of `web/cells.py`, which is much faster, or a template that renders the cell: with `object`,
    the row, and `value`, the row's attribute at the dotted path `field`.
    `sort` is the value of the parameter `sort` that orders the list by this column; empty where it does not. A
    `row_heading` names the row for screen readers; a `hidden_label` is read to them only. A `wide` column takes the
    space that the others leave, a `short` one cuts a long text off, one of `lines` breaks it.

    `card` is the place of the cell on a phone, where a row becomes a card: `title`; `line`, the line below the title;
    `foot`, the last line; `labelled`, there too and with its label. Other cells are left out. A list none of whose
    columns has a place has cards with all cells and their labels.
    """

    label: Text
    field: str = ""
    template: str | Cell = cells.text
    sort: str = ""
    numeric: bool = False
    row_heading: bool = False
    hidden_label: bool = False
    width: str = ""
    card: str = ""

    @property
    def css(self) -> str:
        """The classes of the column's cells."""
        parts = ["num" if self.numeric else "", self.width and f"cell-{self.width}", f"card-{self.card or 'no'}"]
        return " ".join(filter(None, parts))

    def value_of(self, row: Any) -> Any:
        """Return the attribute of a row at the path `field`, called if it is a method; None where one is missing."""
        value = row
        for name in self.field.split(".") if self.field else ():
            value = value.get(name) if isinstance(value, Mapping) else getattr(value, name, None)
            if callable(value) and not getattr(value, "do_not_call_in_templates", False):
                value = value()
        return value if self.field else None


@dataclass(frozen=True)
class Heading:
    """The heading of a column: the address that sorts by it, and how the list is sorted by it now."""

    column: Column
    url: str = ""
    sorted: str = ""

    @property
    def label(self) -> Text:
        """The label of the column."""
        return self.column.label

    @property
    def hidden_label(self) -> bool:
        """Whether the label is only read to screen readers."""
        return self.column.hidden_label

    @property
    def css(self) -> str:
        """The classes of the column's cells."""
        return self.column.css


@dataclass(frozen=True)
class Link:
    """A link on a page: its address, its label, what following it leads to, its tone, and the name of its icon."""

    url: str
    label: Text
    consequence: Text = ""
    tone: str = "secondary"
    icon: str = ""


class FilteredListView(ListView):
    """A filtered, paginated list; its whole state is in the address.

    The number of rows is counted on request only: with `?part=count`, as a fragment of the page for htmx.

    `orders` names the fields of each order; a field may be one of `sort_keys`, computed for the order asked for. The
    order of a column that this reader does not see is not available: it would tell what the column shows.
    """

    http_method_names = ["get", "head", "options"]
    filterset_class: ClassVar[type[df.FilterSet]]
    columns: ClassVar[Sequence[Column]] = ()
    orders: ClassVar[dict[str, tuple[str, ...]]] = {"modified": ("modified_at", "id")}
    sort_keys: ClassVar[Mapping[str, SortKey]] = {}
    default_filters: ClassVar[Mapping[str, str]] = {}
    default_order: ClassVar[str] = "-modified"
    count_template_name: ClassVar[str] = "web/count.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.filterset = self.get_filterset()
        counted = self.get_count() if request.GET.get("part") == "count" else {}
        if counted and request.htmx:  # type: ignore[attr-defined]
            return TemplateResponse(request, self.count_template_name, counted)
        context = self.get_context_data(**counted)
        return self.render_to_response(context, status=field_errors.status_of(self.filterset))

    def get_filterset(self) -> df.FilterSet:
        """Return the filters of this request, over the queryset of the view."""
        filters = self.filterset_class(self.get_parameters(), queryset=self.get_queryset(), request=self.request)
        for name, field in filters.form.fields.items():
            if isinstance(field.widget, KeptSelect):
                field.widget.version = self.get_reference_version()
                field.widget.key = (self.filterset_class.__module__, self.filterset_class.__qualname__, name)
        return filters

    def get_reference_version(self) -> UUID | None:
        """Return the version of the reference lists, from which filters choose; None where it is not known."""
        return None

    def get_parameters(self) -> QueryDict:
        """Return the parameters of the address, completed by `default_filters`; an empty one there means none."""
        given = self.request.GET.copy()
        for name, value in self.default_filters.items():
            given.setdefault(name, value)
        return given

    def get_filtered_queryset(self) -> QuerySet[Any]:
        """Return the rows that pass the filters; none while a filter is not valid."""
        return self.filterset.qs if self.filterset.is_valid() else self.get_queryset().none()

    def get_count(self) -> dict[str, Any]:
        """Return how many rows pass the filters, at most a limit, and whether there are more."""
        count, more = pagination.capped_count(self.get_filtered_queryset())
        return {"count": count, "more": more}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = pagination.page_of(self.get_sorted_queryset(), self.request, ordering=self.get_ordering())
        self.object_list = page.rows
        own = {
            "page": page,
            "filters": self.filterset,
            "chips": chips(self.request, self.filterset, self.default_filters),
            "headings": self.get_headings(),
            "count_url": with_query(self.request, part="count"),
        }
        return super().get_context_data(**{**own, **kwargs})

    def get_sort(self) -> str:
        """Return the order asked for, that of a column this reader sees, with or without a minus; or the default."""
        wanted = self.request.GET.get("sort", self.default_order)
        available = {column.sort for column in self.get_columns() if column.sort}
        return wanted if wanted.removeprefix("-") in available else self.default_order

    def get_sorted_queryset(self) -> QuerySet[Any]:
        """Return the rows that pass the filters, with the computed keys of the order asked for."""
        wanted = self.get_sort()
        used = self.orders[wanted.removeprefix("-")]
        keys = {name: self.sort_keys[name](wanted.startswith("-")) for name in used if name in self.sort_keys}
        return self.get_filtered_queryset().annotate(**keys)

    def get_ordering(self) -> list[str]:
        """Return the fields by which the list is ordered."""
        wanted = self.get_sort()
        sign = "-" if wanted.startswith("-") else ""
        return [f"{sign}{name}" for name in self.orders[wanted.removeprefix("-")]]

    def get_headings(self) -> list[Heading]:
        """Return the headings of the table; those of sortable columns have the address that sorts by them."""
        return [self._heading(column, self.get_sort()) for column in self.get_columns()]

    def get_columns(self) -> Sequence[Column]:
        """Return the columns that this reader sees."""
        return self.columns

    def _heading(self, column: Column, now: str) -> Heading:
        if not column.sort:
            return Heading(column)
        other = f"-{column.sort}" if now == column.sort else column.sort
        is_sorted = {column.sort: "ascending", f"-{column.sort}": "descending"}.get(now, "")
        return Heading(column, with_query(self.request, sort=other), is_sorted)


def with_query(request: HttpRequest, **changes: str | None) -> str:
    """Return the current address with some parameters set, or removed when None; always for the first page."""
    query = request.GET.copy()
    for name in (pagination.CURSOR_PARAM, "part", *changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            query[name] = value
    return f"{request.path}?{query.urlencode()}"


def chips(request: HttpRequest, filterset: df.FilterSet, defaults: Mapping[str, str] | None = None) -> list[Link]:
    """Return one link for each active filter: its text, and the address without it; a default is set to nothing."""
    without = dict.fromkeys(defaults or (), "")
    form = filterset.form
    named = [
        name
        for name in form.fields
        if name not in form.errors
        and form.cleaned_data.get(name) not in (None, "")
        and not isinstance(form.fields[name].widget, forms.HiddenInput)
    ]
    return [
        Link(with_query(request, **{name: without.get(name)}), labelled(form.fields[name].label, _value(form, name)))
        for name in named
    ]


def _value(form: forms.BaseForm, name: str) -> str:
    """Return the value of a filter in words: a choice by its label."""
    value = form.cleaned_data[name]
    if isinstance(value, Model):
        return str(value)
    choices = dict(getattr(form.fields[name].widget, "choices", ()))
    return str(choices.get(form[name].data, in_words(value) if isinstance(value, date) else value))


class DomainFormView(FormView):
    """A form that calls one function of the domain. Whatever error occurs, the submitted values stay in the form.

    Subclasses call the function in `form_valid`, set `object` to the row it returns, and call the base method.
    """

    http_method_names = ["get", "head", "post", "options"]
    template_name = "web/form.html"
    title: ClassVar[Text] = ""
    lead: ClassVar[Text] = ""
    submit: ClassVar[Text] = ""  # the label of the button
    tone: ClassVar[str] = "primary"
    success_message: ClassVar[Text] = ""
    object: Any = None

    def get_object(self) -> Any:
        """Return the row that the form is about, or None for a new one."""
        return None

    def check_permissions(self) -> None:
        """Raise a DomainError unless the form can be used now; called when `object` is known."""

    def check_state(self) -> None:
        """Raise Conflict unless the state of `object` allows what the form does; called before the form is first shown.

        When it is submitted, the function raises the Conflict itself, and what was typed is shown with it.
        """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        self.check_state()
        self.check_permissions()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        self.check_permissions()
        form = self.get_form()
        if request.POST.get("step") == NARROW:
            form.show_as_typed()
            return self.form_invalid(form, status=200)
        if not form.is_valid():
            return self.form_invalid(form)
        try:
            return self.send(form)
        except Invalid as error:
            form.add_errors(error)
            return self.form_busy(form, error) if isinstance(error, Busy) else self.form_invalid(form)
        except Conflict as error:
            return self.form_conflict(form, error)

    def send(self, form: Any) -> HttpResponse:
        """Do what the form is for, and return the answer."""
        return self.form_valid(form)

    def get_form_key(self) -> str:
        """Return the key under which the form is sent once; empty where that does not matter."""
        return ""

    def form_valid(self, form: Any) -> HttpResponse:
        """Tell the user that it is done, and redirect."""
        message = self.get_success_message()
        if message:
            messages.success(self.request, message)
        return redirect(self.get_success_url())

    def form_invalid(self, form: Any, status: int = field_errors.STATUS) -> HttpResponse:
        """Show the form again, with its errors."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def form_busy(self, form: Any, error: Busy) -> HttpResponse:
        """Show the form again, with all its texts, to be sent later."""
        answer = self.form_invalid(form, status=503)
        answer["Retry-After"] = str(error.wait)
        return answer

    def form_conflict(self, form: Any, error: Conflict) -> HttpResponse:
        """Show the form again with a Conflict, which may be a StaleSave."""
        form.add_conflict(error)
        return self.form_invalid(form, status=409)

    def get_success_message(self) -> str:
        """Return the message shown after success; empty for none."""
        return str(self.success_message)

    def get_success_url(self) -> str:
        """Return the page of the row, which `form_valid` has saved."""
        return self.object.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        texts = {"title": self.title, "lead": self.lead, "submit": self.submit, "tone": self.tone}
        if "back_url" not in kwargs:
            kwargs["back_url"] = self.get_back_url()
        return super().get_context_data(**{"object": self.object, **texts, **kwargs})

    def get_back_url(self) -> str:
        """Return the page to which a user returns who does not submit the form."""
        return self.object.get_absolute_url()
