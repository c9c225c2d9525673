"""The one normal form of email addresses: two texts name the same mailbox if and only if their normal forms are equal.

The part before the @ is ASCII in lower case. Letters that only look alike or fold to the same letter (ſ and s, ı and i,
full-width letters) are refused there and never folded: an address that somebody else can own must not lead to this
person's account. The domain is written as DNS compares it: in lower case, in punycode, without a dot at the end.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models
from django.db.models.lookups import Exact
from django.utils.translation import gettext_lazy as _

# IDNA 2003, which Python and the mail library of Django speak, maps these to other letters and so to other domains.
MAPPED_ELSEWHERE = frozenset("ßẞς\u200c\u200d")
STORED = r"^[\x21-\x40\x5b-\x7e]+$"  # what the database accepts: visible ASCII without capital letters
_REFUSED = _("Before the @, use only letters a to z, digits and common symbols, exactly as in your email address.")


def normal_address(text: str) -> str:
    """Return the normal form of an address. Raises ValidationError for a text that has none."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not local.isascii():
        raise ValidationError(_REFUSED, "invalid")
    try:
        found = f"{local}@{_normal_domain(domain)}".lower()
    except UnicodeError as error:
        raise ValidationError(
            _("After the @, enter the domain in its ASCII form (letters a to z, digits, hyphens and dots)."), "invalid"
        ) from error
    validate_email(found)
    return found


def same_address(text: str) -> str:
    """Return the normal form of an address, or the empty text, which no account has, for a text that has none."""
    try:
        return normal_address(text)
    except ValidationError:
        return ""


def _normal_domain(domain: str) -> str:
    """Return a domain in punycode. Raises UnicodeError for one that cannot be written so, or not without doubt."""
    if MAPPED_ELSEWHERE & set(domain):
        raise UnicodeError(domain)
    return domain.lower().encode("idna").decode("ascii").removesuffix(".")


class AddressFormField(forms.EmailField):
    """The field of a form for an address: its value is the normal form, made before anything folds a letter."""

    def to_python(self, value: Any) -> str:
        """Return the normal form. Raises ValidationError."""
        text = str(super().to_python(value))
        return normal_address(text) if text else text


class AddressField(models.EmailField):
    """A column that holds the normal form, and finds by the normal form whichever look-up for equality is used."""

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Return the normal form. Raises ValidationError."""
        return super().clean(normal_address(value) if value else value, model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        """Return the field of a form."""
        return super().formfield(**{"form_class": AddressFormField, **kwargs})

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Return the normal form and write it into the row. Raises ValidationError."""
        value = normal_address(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value: Any) -> Any:
        """Return the normal form, or the empty text, which the database does not store and so never finds."""
        return same_address(value) if isinstance(value, str) else super().get_prep_value(value)


@AddressField.register_lookup
class SameAddress(Exact):
    """`iexact` compares normal forms too: PostgreSQL's UPPER would find the address of another person."""

    lookup_name = "iexact"
