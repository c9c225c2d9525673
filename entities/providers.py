"""Who provides assistance."""

from django.utils.translation import gettext as _

from entities.models import Organisation
from web.exceptions import Invalid


def check_provides(organisation: Organisation, field: str) -> None:
    """Raise Invalid at a field for an organization that does not provide assistance (`Organisation.may_provide`)."""
    if not organisation.may_provide:
        raise Invalid({field: [_("Security Council bodies do not provide assistance. Select another organization.")]})
