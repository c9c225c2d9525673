"""Pages on which the parts of a record are added, changed and removed: each is a change of the record."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from assistance import registry
from assistance.access import policy
from assistance.pages.forms import ActorForm
from assistance.pages.views import RecordEditView, RecordFormView
from assistance.workflow import editing
from assistance.workflow.parts import Parts
from web.exceptions import Invalid, NotVisible


class PartForm(ActorForm):
    """One part of a record; it is written with the other parts of its kind. One that must stay cannot be removed."""

    remove = forms.BooleanField(label=_("Remove this entry"), required=False)

    def __init__(self, *args: Any, part: Any = None, may_remove: bool = False, **kwargs: Any) -> None:
        self.part = part
        super().__init__(*args, **kwargs)
        if may_remove:
            self.order_fields([name for name in self.fields if name != "remove"])
        else:
            del self.fields["remove"]

    def initial_of(self, instance: Any) -> dict[str, Any]:
        """Return the version of the record, and the part that is changed."""
        own = [name for name in self.fields if self.part is not None and hasattr(self.part, name)]
        return {**{name: getattr(self.part, name) for name in own}, "version": instance.version}

    def differences(self, theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return the fields of this part whose stored and submitted values differ."""
        key = self.part.pk if self.part else None
        own: Mapping[str, Any] = next((one for given in yours.values() for one in given if one.get("id") == key), {})
        return super().differences(theirs, {name: value for name, value in own.items() if name != "id"})


class PartAdd(RecordEditView):
    """A form that adds a part to a record."""

    parts: ClassVar[Parts]
    form_class: type[PartForm]
    part: Any = None

    def check_state(self) -> None:
        editing.spec_of(self.model).may_change(self.object)

    def get_form_kwargs(self) -> dict[str, Any]:
        may_remove = self.part is not None and not self.parts.stays(self.part)
        return {**super().get_form_kwargs(), "part": self.part, "may_remove": may_remove}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        key = self.part.pk if self.part else f"new-{self.object.pk}"
        return super().get_context_data(**{"keep": f"{self.parts.name}-{key}", **kwargs})

    def form_valid(self, form: ActorForm) -> HttpResponse:
        values, version = form.values_and_version()
        given = {self.parts.name: self.given(values)}
        try:
            editing.edit(actor=self.actor, model=self.model, pk=self.object.pk, values=given, version=version)
        except Invalid as error:  # of the one part that changes: shown at the fields of this form
            raise Invalid({name.rsplit(".", 1)[-1]: texts for name, texts in error.errors.items()}) from None
        return RecordFormView.form_valid(self, form)

    def given(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return all parts of this kind as they will be."""
        return [*self.parts.stored(self.object), values]

    def get_success_url(self) -> str:
        return f"{self.object.get_absolute_url()}#{self.parts.name}"


class PartEdit(PartAdd):
    """A form that changes or removes a part, whose key is in the address."""

    record: Any = None  # the key of the record

    def get_object(self) -> Any:
        """Return the record of the part in the address. Raises NotVisible, Forbidden.

        Asked again after somebody else has removed the part, it returns the record with the part as it was.
        """
        rows = self.parts.model._default_manager.filter(pk=policy.key_of(self.kwargs["pk"]))
        seen = policy.visible(self.actor, self.model).values("pk")
        found = rows.filter(**{f"{self.parts.path}__in": seen}).values_list(self.parts.path, flat=True).first()
        if found is None and self.part is None:
            raise NotVisible
        if found is not None:
            self.part, self.record = rows.get(), found
        row = policy.get(self.actor, self.model, self.record)
        policy.require(self.actor, registry.of(self.model).edited_by, row)
        return row

    def given(self, values: dict[str, Any]) -> list[dict[str, Any]]:
        """Return all parts with this one as it was filled in, or without it; one that was removed meanwhile is new."""
        is_removed, stored = values.pop("remove", False), self.parts.stored(self.object)
        known = any(one["id"] == self.part.pk for one in stored)
        own = {**values, "id": self.part.pk if known else None}
        changed = [] if is_removed else [own]
        found = [one for old in stored for one in (changed if old["id"] == self.part.pk else [old])]
        return found if known else [*found, *changed]
