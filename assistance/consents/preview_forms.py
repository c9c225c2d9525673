"""The form that chooses as whom a State previews its own section or need."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance import registry
from assistance.access.audience_names import STANDING
from assistance.access.audience_words import STANDING_WORDS
from assistance.consents.forms import organisations_by_kind
from assistance.consents.previews import PreviewAudience, preview_audience_of
from assistance.pages.forms import ActorForm
from entities.models import WorkingGroup


class ReaderForm(ActorForm):
    """An organisation or an audience, and whether to assume that the row is released to it."""

    reader = forms.ChoiceField(label=pgettext_lazy("label", "View as"))
    suppose = forms.BooleanField(
        label=_("Preview as if released to them"), required=False,
        help_text=_("If not selected, the page is shown as they see it today."),
    )  # fmt: skip

    plan = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reads = registry.of(self.instance).release.cted_reads
        kinds = organisations_by_kind([self.instance.state_id], cted_reads=reads)
        together: list[tuple[str, Any]] = [(word, STANDING[group]) for word, group in STANDING_WORDS.items()]
        together += [(group.slug, group.name) for group in WorkingGroup.objects.by_name()]
        choices = [
            ("", _("Select an organization or audience")),
            (pgettext_lazy("label", "Audiences"), together),
            *kinds,
        ]
        self.fields["reader"].choices = choices  # type: ignore[attr-defined]

    def initial_of(self, instance: Any) -> dict[str, Any]:
        return {}

    @property
    def readers(self) -> PreviewAudience:
        """Return the chosen audience of the preview."""
        return preview_audience_of(self.cleaned_data["reader"])
