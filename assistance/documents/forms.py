"""Forms to attach, replace or remove a file."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.pages.forms import ActorForm
from web.forms import Line, PlainText
from web.texts import REMARK_MAX


def file_field() -> forms.FileField:
    """Return the field for a file; the file itself is validated by the transition."""
    return forms.FileField(
        label=pgettext_lazy("label", "File"),
        allow_empty_file=True,
        help_text=_(
            "PDF, PNG, JPEG, Word, Excel or PowerPoint without macros. File properties are removed; "
            "names in comments and tracked changes remain."
        ),
    )


class AttachForm(ActorForm):
    title = Line(
        label=pgettext_lazy("label", "Title"),
        max_length=200,
        required=False,
        help_text=_("If empty, the name of the file is shown."),
    )
    file = file_field()


class ReplaceForm(ActorForm):
    file = file_field()


class RemoveForm(ActorForm):
    reason = PlainText(
        label=pgettext_lazy("label", "Reason"),
        max_length=REMARK_MAX,
        help_text=_("Only your organization can read it."),
    )
