"""Changes of who belongs to an audience: members of working groups, entities of the Compact, donors."""

import uuid

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from entities.models.organisation import Organisation, WorkingGroup


class Belongs(models.TextChoices):
    """What an organisation belongs to; by each its people see more."""

    WORKING_GROUP = "working_group", _("Member of a working group")
    COMPACT = "in_compact", _("Entity of the Compact")
    DONORS = "is_donor", pgettext_lazy("label", "Donor")


class MembershipChange(models.Model):
    """An organisation that is to belong to an audience, or no longer (`adds`).

    What lets people see more is proposed by one person and confirmed by another. What takes sight away is done at once,
    and kept here all the same.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="+", verbose_name=pgettext_lazy("model", "organization")
    )
    to = models.CharField(pgettext_lazy("field", "audience"), max_length=20, choices=Belongs)
    working_group = models.ForeignKey(
        WorkingGroup, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("working group")
    )
    adds = models.BooleanField(default=True)
    reason = models.CharField(pgettext_lazy("field", "reason"), max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    confirmed = models.BooleanField(null=True)
    refusal = models.CharField(_("reason for refusal"), max_length=300, blank=True)
    states_told = models.ManyToManyField(Organisation, related_name="+", blank=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "working_group"],
                condition=models.Q(decided_at__isnull=True, working_group__isnull=False),
                name="membership_one_open_in_group",
            ),
            models.UniqueConstraint(
                fields=["organisation", "to"],
                condition=models.Q(decided_at__isnull=True, working_group__isnull=True),
                name="membership_one_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(adds=True, confirmed=True, decided_by=models.F("proposed_by")),
                name="membership_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(to="working_group", working_group__isnull=False)
                | (~models.Q(to="working_group") & models.Q(working_group__isnull=True)),
                name="membership_names_its_group",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation.slug} {'→' if self.adds else '←'} {self.working_group_id or self.to}"

    def get_absolute_url(self) -> str:
        """Return its page."""
        return reverse("membership", args=[self.pk])

    @property
    def is_open(self) -> bool:
        """Whether nobody has decided yet."""
        return self.decided_at is None

    @property
    def audience(self) -> str:
        """The name of what the organisation belongs to, in the reader's language."""
        return self.working_group.name if self.working_group else str(self.get_to_display())
