"""The one page on which a State prepares a release: a grid of parts by audiences, saved as a plan."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from assistance import registry
from assistance.access import policy
from assistance.access.audience_words import STANDING_WORDS
from assistance.access.audiences import groups_of
from assistance.access.models import Restricted
from assistance.consents import plans
from assistance.consents.grid import Crowd, columns_for, grid_of, words_of_lines
from assistance.consents.grid_forms import ReleaseForm
from assistance.consents.kinds import visit_of
from assistance.consents.models import ReleasePlan
from assistance.consents.serializers import words_by_audience
from assistance.consents.states import ReleasePlanStatus
from assistance.consents.summaries import Item, items_of, not_agreed, versions
from assistance.pages.views import RecordFormView
from assistance.visits.models import Visit
from assistance.workflow.engine import check_state
from assistance.workflow.naming import matter_of
from web.date_fields import after
from web.exceptions import Invalid, StaleSave


class ReleaseBuilder(RecordFormView):
    """Tick parts for audiences, say until when, and save; the next page shows the consequences and publishes.

    A need or section of a visit opens the grid of its visit. What a row is released to today is a dot, not a tick;
    `?change=` makes ticks of it for one row, so that its release can be narrowed.
    """

    model: ClassVar[Any] = Restricted  # the one in `as_view(model=…)`
    form_class = ReleaseForm
    template_name = "assistance/consents/release.html"
    needs_recent_login = True
    success_message = gettext_lazy("The draft has been saved. Nothing has been released.")

    def get_object(self) -> Any:
        row = policy.get(self.actor, self.model, self.kwargs["pk"])
        policy.require(self.actor, "state", row)
        return row

    @cached_property
    def visit(self) -> Visit | None:
        """The visit whose report is released; None for a row of no visit."""
        return self.object if isinstance(self.object, Visit) else visit_of(self.object)

    @cached_property
    def items(self) -> list[Item]:
        """The rows that can be released here. Raises Conflict when the row in the address cannot be."""
        if not isinstance(self.object, Visit):
            check_state(self.actor, registry.of(self.model).transitions["share"], self.object)
        return items_of(self.actor, self.visit) if self.visit else [Item(self.object)]

    def plans(self) -> QuerySet[ReleasePlan]:
        """Return the plans of the visit, or those with a line about the row, the latest first."""
        found = policy.visible(self.actor, ReleasePlan).order_by("-modified_at", "-id")
        if self.visit:
            return found.filter(visit=self.visit)
        return found.filter(visit=None, **{f"lines__{self.object.record_name()}": self.object})

    @cached_property
    def draft(self) -> ReleasePlan | None:
        """The draft plan of the State's people, or None."""
        return self.plans().filter(status=ReleasePlanStatus.DRAFT).first()

    @cached_property
    def planned(self) -> dict[str, set[str]]:
        """Item → words, as the draft has them."""
        lines = list(self.draft.lines.all()) if self.draft else []
        return words_of_lines(lines, words_by_audience(line.released_to_id for line in lines))

    @cached_property
    def released(self) -> dict[str, set[str]]:
        """Item → words, as released today."""
        open_now = [item for item in self.items if item.is_released]
        words = words_by_audience(key for item in open_now for key in (item.row.audience_id, item.row.owners_id))
        return {
            item.key: set(words.get(item.row.audience_id, [])) - set(words.get(item.row.owners_id, []))
            for item in open_now
        }

    def changing(self) -> set[str]:
        """Return the items whose release is to be changed as a whole."""
        sent = (
            self.request.POST.get("change", "") if self.request.method == "POST" else self.request.GET.get("change", "")
        )
        return set(sent.split()) & {item.key for item in self.items}

    def words(self) -> list[str]:
        """Return the words of the columns: standing audiences, those planned or released, and those added here."""
        added = [word for name in ("organisations", "working_groups") for word in self.request.POST.getlist(name)]
        known = sorted(set[str]().union(*self.planned.values(), *self.released.values()) - set(STANDING_WORDS))
        return list(dict.fromkeys([*STANDING_WORDS, *known, *added]))

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "instance": None, "items": self.items, "words": self.words()}

    def get_initial(self) -> dict[str, Any]:
        line = self.draft.lines.first() if self.draft else None
        until = after(6) if line is None else line.until
        return {"until": until, "change": " ".join(sorted(self.changing()))}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("step") != "add":
            return super().post(request, *args, **kwargs)
        self.object = self.get_object()
        self.check_permissions()
        form = self.get_form()
        form.is_valid()
        form.errors.clear()  # audiences are added; nothing is checked yet
        return self.form_invalid(form, status=200)

    def form_valid(self, form: Any) -> HttpResponse:
        changing, released = self.changing(), self.released
        wanted = {
            item.row: sorted(form.ticks[item.key] | (set() if item.key in changing else released.get(item.key, set())))
            for item in self.items
            if item.key in form.ticks
        }
        draft = plans.arrange(
            actor=self.actor, release_plan=self.draft and self.draft.pk, visit=self.visit and self.visit.pk,
            wanted=wanted, offered=[item.row for item in self.items], until=form.cleaned_data["until"],
            versions=form.versions,
        )  # fmt: skip
        if self.request.POST.get("step") == "review":
            return redirect(reverse("release-plan-transition", args=[draft.pk, "publish"]))
        return super().form_valid(form)

    def get_success_url(self) -> str:
        """Return this page again, with the plan that was saved."""
        return self.request.path

    def form_stale(self, form: Any, error: StaleSave) -> HttpResponse:
        again = self.request.POST.copy()
        again["seen"] = form.initial["seen"]
        form.data = again
        form.add_errors(
            Invalid(
                {
                    "cells": [
                        gettext_lazy(
                            "A text has changed since you opened the page. Read it again before you release it."
                        )
                    ]
                }
            )
        )
        return self.form_invalid(form, status=409)

    def ticked(self) -> dict[str, set[str]]:
        """Return item → words of the ticks to show: those sent, or those planned, or what is being changed."""
        if self.request.method == "POST":
            pairs = [value.partition("|") for value in self.request.POST.getlist("cells")]
            sent: dict[str, set[str]] = {}
            for item, _bar, word in pairs:
                sent.setdefault(item, set()).add(word)
            return sent
        return {**{key: self.released.get(key, set()) for key in self.changing()}, **self.planned}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        crowd = Crowd()
        owners = groups_of(self.items[0].row.owners) if self.items else ()
        columns = columns_for(self.words(), crowd, owners)
        changing = self.changing()
        own = {
            "matter": matter_of(self.visit or self.object),
            "grid": grid_of(self.items, columns, self.ticked(), changing, crowd),
            "draft": self.draft,
            "others": self.plans().exclude(pk__in=[self.draft.pk] if self.draft else []).distinct(),
            "versions": versions(self.actor, self.visit, [] if self.visit else [self.object]),
            "not_agreed": not_agreed(self.actor, self.visit) if self.visit else [],
            "not_counted": self.items[0].not_counted if self.items else "",
            "back_url": self.object.get_absolute_url(),
            "chosen": self.object,
            "visit": self.visit,
        }
        context = super().get_context_data(**{**own, **kwargs})
        form = context["form"]
        return {
            **context,
            "add": [form["organisations"], form["working_groups"]],
            "until": [form["until"]],
        }
