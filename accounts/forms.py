"""Forms for a user's own account."""

from functools import cache
from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django import forms
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.addresses import AddressFormField
from accounts.models import ApiToken, User
from accounts.models.user import known_time_zones
from accounts.sign_in.lockout import evenly
from accounts.tokens.scopes import collections, reads, writes
from web.forms import Line

Choices = list[tuple[str, Any]]

OLD_NAMES = ("Etc", "US", "Canada", "Brazil", "Chile", "Mexico", "SystemV")


@cache
def time_zones() -> Choices:
    """Return the time zones as choices, grouped by continent, without names kept only for backward compatibility."""
    parts: dict[str, Choices] = {}
    for name in sorted(known_time_zones()):
        part, _slash, place = name.partition("/")
        if place and part not in OLD_NAMES:
            parts.setdefault(part, []).append((name, place.replace("_", " ")))
    return [("UTC", "UTC"), *parts.items()]


class PreferencesForm(forms.ModelForm):
    """Language, time zone, mail frequency and contact details; the name is the one given at the nomination."""

    spoken = forms.MultipleChoiceField(
        label=_("Languages you work in"),
        choices=settings.LANGUAGES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = User
        fields = ["language", "time_zone", "mail_rhythm", "phone", "spoken"]
        widgets = {"mail_rhythm": forms.RadioSelect, "phone": forms.TextInput(attrs={"type": "tel", "dir": "ltr"})}
        help_texts = {
            "time_zone": _("Used for dates in emails. Email summaries are sent at 07:00 in this time zone."),
            "mail_rhythm": _("Notifications in the portal are immediate. Reminders come in at most one email a day."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        current = self.instance.time_zone
        offered = {name for _part, places in time_zones()[1:] for name, _place in places} | {"UTC"}
        own = [] if current in offered else [(current, current)]
        self.fields["time_zone"].widget = forms.Select(choices=[*own, *time_zones()])

    def changes(self) -> dict[str, Any]:
        """Return the fields that were changed, with their new values."""
        return {name: self.cleaned_data[name] for name in self.changed_data}


def _take_normal_form(form: forms.Form, name: str) -> None:
    """Replace allauth's field for an address, which lowers its letters and by that makes a k of the sign K (U+212A)."""
    field = form.fields[name]
    form.fields[name] = AddressFormField(label=field.label, widget=field.widget)


class SignInForm(LoginForm):
    """Address and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _take_normal_form(self, "login")


class ResetForm(ResetPasswordForm):
    """The address to which the link for a new password is sent."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _take_normal_form(self, "email")

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Queue the mail for a known address; an unknown address takes as long."""
        with evenly():
            return super().save(request, **kwargs)


def _in_words(scopes: list[str]) -> list[tuple[str, str | Promise]]:
    labels = collections()
    return [(scope, labels[scope.partition(":")[0]]) for scope in scopes]


class TokenForm(forms.ModelForm):
    """A token's name, its lifetime and its scopes."""

    days = forms.IntegerField(
        label=_("Days until expiry"),
        initial=settings.TOKEN_MAX_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(settings.TOKEN_MAX_DAYS)],
        widget=forms.NumberInput(attrs={"min": 1, "max": settings.TOKEN_MAX_DAYS}),
    )
    read_all = forms.BooleanField(label=_("Read everything that I can read"), required=False)
    reads = forms.MultipleChoiceField(
        label=_("The token may read"),
        choices=lambda: _in_words(reads()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    writes = forms.MultipleChoiceField(
        label=_("Write the following"),
        choices=lambda: _in_words(writes()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Select “Write” only for a program that records data or responds on your behalf."),
    )

    template_name = "accounts/token_form.html"

    class Meta:
        model = ApiToken
        fields = ["name"]
        field_classes = {"name": Line}
        help_texts = {"name": _("The program that will use the token, for example “statistics script”.")}

    def clean(self) -> dict[str, Any]:
        """Return the cleaned values; a token without any scope is refused as a mistake."""
        values = super().clean() or self.cleaned_data
        if not self.errors and not (values["read_all"] or values["reads"] or values["writes"]):
            self.add_error("reads", _("Select at least one item to read or write."))
        return values

    def rows(self) -> list[dict[str, Any]]:
        """Return a row for each collection: its label, and the box to read and that to write, None where none is."""
        boxes = {name: self._boxes(name) for name in ("reads", "writes")}
        return [
            {
                "name": name,
                "label": label,
                "read": boxes["reads"][f"{name}:read"],
                "write": boxes["writes"].get(f"{name}:write"),
            }
            for name, label in collections().items()
        ]

    def _boxes(self, name: str) -> dict[str, dict[str, Any]]:
        chosen = self[name].value() or ()
        values = [value for value, _label in self.fields[name].choices]  # type: ignore[attr-defined]
        return {value: {"field": name, "value": value, "checked": value in chosen} for value in values}

    def scopes(self) -> list[str]:
        """Return the chosen scopes."""
        values = self.cleaned_data
        return [*(reads() if values["read_all"] else values["reads"]), *values["writes"]]
