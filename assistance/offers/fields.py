"""Fields of request bodies about offers."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from assistance.rest.fields import key_of
from entities.models import Appointment


@extend_schema_field(OpenApiTypes.UUID)
class PersonField(serializers.Field):
    """One running appointment of the directory, by its id."""

    default_error_messages = {"does_not_exist": _("Select a person who acts for the provider now.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text="Id in `directory/`: a person who acts for the provider now.", **kwargs)

    def to_internal_value(self, data: Any) -> Appointment:
        """Return the appointment; raise ValidationError for one that does not run, or an id of something else."""
        key = key_of(data)
        row = Appointment.objects.listed().filter(pk=key).first() if key else None
        if row is None:
            self.fail("does_not_exist")
        return row
