"""Serializers of users and notifications; every field is named explicitly."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from accounts.models import Delivery, Means, User
from accounts.preferences import save_preferences
from web.languages import LANGUAGES, from_wire, to_wire
from web.texts import normal_line, normal_text


class LanguageField(serializers.ChoiceField):
    """A language code as clients write it: zh, where Django says zh-hans (which is accepted too)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[(to_wire(code), name) for code, name in LANGUAGES.items()], **kwargs)

    def to_internal_value(self, data: Any) -> str:
        """Return Django's code; raise ValidationError for an unsupported language."""
        try:
            return from_wire(str(data))
        except ValueError:
            self.fail("invalid_choice", input=data)

    def to_representation(self, value: str) -> str:
        """Return the code that clients see."""
        return to_wire(value)


class _Normal(serializers.CharField):
    """A text in its normal form (web/texts.py); one of which nothing can be seen counts as blank."""

    normal: Callable[[str], str]

    def to_internal_value(self, data: Any) -> str:
        """Return the normal form. Raises ValidationError for a value that is not text, for a blank or too long one.

        The limit holds for the text as sent, as the schema says, also where its normal form is shorter.
        """
        if self.max_length is not None and isinstance(data, str) and len(data) > self.max_length:
            self.fail("max_length", max_length=self.max_length)
        text = type(self).normal(super().to_internal_value(data))
        if not text and not self.allow_blank:
            self.fail("blank")
        return text


class Line(_Normal):
    """A text of one line, such as a title."""

    normal = staticmethod(normal_line)


class Text(_Normal):
    """A text of several lines."""

    normal = staticmethod(normal_text)


class Strict(serializers.Serializer):
    """Refuses fields it does not have, so that a misspelt name or an attempt to write more is reported, not ignored.

    It also refuses a number where a text is expected: what is stored is exactly what was sent.
    """

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        """Return the validated values; raise ValidationError naming each invalid field."""
        known = {str(field.field_name): field for field in self._writable_fields}
        sent = data if isinstance(data, Mapping) else {}
        unknown = [ErrorDetail(gettext("Unknown field. Remove it or correct its name."), "unknown_field")]
        errors: dict[str, Any] = dict.fromkeys(sorted(set(sent) - set(known)), unknown)
        for name, field in known.items():
            if isinstance(field, serializers.CharField) and isinstance(sent.get(name), int | float):
                errors[name] = [ErrorDetail(str(field.error_messages["invalid"]), "invalid")]
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            raise serializers.ValidationError({**error.detail, **errors}) from error  # type: ignore[dict-item]
        if errors:
            raise serializers.ValidationError(errors)
        return values


class MeSerializer(Strict, serializers.ModelSerializer):
    """The current user; an upper app adds the appointments."""

    language = LanguageField(required=False)
    spoken = serializers.ListField(
        child=LanguageField(), required=False, max_length=len(LANGUAGES), help_text=_("Languages you work in.")
    )

    class Meta:
        model = User
        fields = ["id", "email", "name", "language", "time_zone", "mail_rhythm", "phone", "spoken"]
        read_only_fields = ["id", "email", "name"]

    def update(self, instance: User, validated_data: dict[str, Any]) -> User:
        """Return the user, saved by the function the preferences page uses."""
        return save_preferences(instance, validated_data)


class MessageChoiceSerializer(serializers.Serializer):
    """A message of the portal, and where its reader gets it."""

    message = serializers.CharField(source="name", help_text="As in the notifications.")
    text = serializers.CharField(source="message.title", help_text="In the language of the request.")
    means = serializers.ChoiceField(Means.choices)


class NotificationSerializer(serializers.ModelSerializer):
    """One notification: text and reference, never a title."""

    text = serializers.CharField(read_only=True, help_text=_("The message in the language of the request."))
    reference = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = ["id", "message", "text", "reference", "path", "needs_action", "created_at", "read_at", "done_at"]
        read_only_fields = fields

    def get_reference(self, row: Delivery) -> str:
        """Return the reference number of its object, empty if there is none."""
        return str(row.values.get("reference", ""))
