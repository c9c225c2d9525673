"""Forms to attach, replace or remove a file."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assistance.pages.forms import ActorForm
from web.forms import PlainText


def file_field() -> forms.FileField:
    """Return the field for a file; the file itself is validated by the transition."""
    return forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        help_text=_(
            "PDF, PNG, JPEG, Word, Excel or PowerPoint without macros. It is saved anew without its properties; names in "
            "comments and tracked changes stay."
        ),
    )


class AttachForm(ActorForm):
    title = forms.CharField(
        label=_("Title"), max_length=200, required=False, help_text=_("Without one, the name of the file is shown.")
    )
    file = file_field()


class ReplaceForm(ActorForm):
    file = file_field()


class RemoveForm(ActorForm):
    reason = PlainText(label=_("Reason"), max_length=5000, help_text=_("Your organisation can read it, nobody else."))
