"""The app config of `assistance`: needs, consents, offers, matches, projects, and their access rules."""

from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _

from accounts.mail.messages import register_messages
from accounts.tokens import scopes
from assistance.aggregates import AGGREGATES
from web.texts import keep_normal_texts


class AssistanceConfig(AppConfig):
    """Registers the aggregates, and the functions that outbox and entities call for messages of this app."""

    name = "assistance"

    def ready(self) -> None:
        for name in AGGREGATES:
            import_module(f"assistance.{name}.registration")
        registry = import_module("assistance.registry")
        registry.close()
        for aggregate in registry.aggregates():
            if aggregate.viewset is not None:
                read_only = not aggregate.viewset.is_written()
                scopes.register(aggregate.collection, aggregate.label, read_only=read_only)
        settings.SPECTACULAR_SETTINGS["ENUM_NAME_OVERRIDES"] |= import_module("assistance.rest.schema").enum_names()
        scopes.register("access-log", _("Access log"), read_only=True, order=1)
        # Imported only now: the module needs the models, and registers itself with the outbox.
        for messages, group in import_module("assistance.workflow.notifications").messages():
            register_messages(messages, group)
        import_module("assistance.workflow.pending_work")
        import_module("entities.memberships").register_gains("assistance.access.gains.gained")
        parts = import_module("entities.organisation_parts")
        for aggregate in registry.aggregates():
            for template, function in aggregate.on_organisations.items():
                parts.register(template, function)
        import_module("assistance.checks")
        import_module("assistance.admin").register_aggregates()
        connection_created.connect(import_module("assistance.access.row_security").reset)
        keep_normal_texts(self)
