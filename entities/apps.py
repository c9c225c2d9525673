"""Who is who: organisations, vocabularies and the appointments that give people their rights."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.apps.registry import Apps
from django.apps.registry import apps as every_app
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail.messages import register_messages
from accounts.mail.visibility import register, register_welcome
from accounts.tokens import scopes
from entities import pending_work
from entities.groups import STANDING
from web.texts import keep_normal_texts


def make_standing_groups(using: str, apps: Apps = every_app, **kwargs: Any) -> None:
    """Create the standing groups with their fixed keys, after every migration; running it again changes nothing.

    After a flush, as at the end of tests with real transactions, Django passes no apps.
    """
    groups = apps.get_model("auth", "Group").objects.using(using)
    for key, name in STANDING.items():
        groups.update_or_create(pk=key, defaults={"name": name})


class EntitiesConfig(AppConfig):
    """Creates the standing groups after every migration, and registers the app with accounts and pending work."""

    name = "entities"

    def ready(self) -> None:
        post_migrate.connect(make_standing_groups, sender=self)
        scopes.register("who-is-who", _("Organizations and reference data"), read_only=True, order=2)
        scopes.register("appointments", pgettext_lazy("page", "Appointments"), order=2)
        scopes.register("directory", _("Directory of focal points"), read_only=True, order=2)
        register_messages(
            import_module("entities.appointments.messages").MESSAGES, pgettext_lazy("page", "Appointments")
        )
        register("entities", "entities.appointments.notifications.may_be_told")
        register("tokens", "entities.token_reminders.may_be_told")
        register("memberships", "entities.memberships.may_be_told")
        register_welcome("entities.appointments.progress.is_let_in")
        waiting = "entities.appointments.pending"
        pending_work.register("entities", pending_work.Source(f"{waiting}.open_items", f"{waiting}.asked_of"))
        import_module("entities.audit_receivers")  # connects the receivers; they need the models, so not at the top
        keep_normal_texts(self)
