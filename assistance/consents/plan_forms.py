"""Forms of release plans: publishing, and returning a proposal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assistance.pages.forms import ActorForm, EmptyForm
from web.forms import PlainText
from web.texts import REMARK_MAX


class PublishForm(ActorForm):
    """One remark and one note verbale for the whole plan."""

    remark = PlainText(
        label=pgettext_lazy("label", "Remark"),
        required=False,
        max_length=REMARK_MAX,
        help_text=_("Only CTED and your State can read it."),
    )
    note_verbale = forms.FileField(
        label=_("Note verbale"), required=False, allow_empty_file=True,
        help_text=_("For example a PDF file. CTED and your State can open it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.note_verbale
        if kept is not None:
            words = _("“%(name)s” is already attached. It stays unless you choose another file.")
            self.fields["note_verbale"].help_text = words % {"name": kept.name}


class ReturnForm(ActorForm):
    reason = PlainText(label=pgettext_lazy("label", "Reason"), help_text=_("Only your State can read it."))


FORMS: dict[str, type[ActorForm]] = {
    "publish": PublishForm,
    "confirm": EmptyForm,
    "send-back": ReturnForm,
    "give-up": EmptyForm,
}
