"""Columns that point at restricted rows, created from the registered models: a new model needs no edit elsewhere."""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models.signals import class_prepared

from assistance.access.models import Restricted


def point_at_each(
    target: type[models.Model], wanted: Callable[[type[Restricted]], bool], added: Callable[[type[Restricted]], None]
) -> None:
    """Call `added`, which adds the column, for each wanted model, whether loaded already or later.

    `target` is left out: no table points at itself this way.
    """

    def look(sender: type[Any], **kwargs: object) -> None:
        if issubclass(sender, Restricted) and not sender._meta.abstract and sender is not target and wanted(sender):
            added(sender)

    for model in list(apps.get_app_config("assistance").models.values()):
        look(model)
    class_prepared.connect(look, weak=False)


def column(model: type[Restricted], related_name: str) -> models.ForeignKey[Any, Any]:
    """Return a nullable foreign key to the model. Its index leaves out rows without a value, which are nearly all."""
    return models.ForeignKey(
        model, models.PROTECT, null=True, editable=False, related_name=related_name, db_index=False
    )


def exactly_one(names: Iterable[str]) -> models.Q:
    """Return the condition that exactly one of these columns is filled."""
    ordered = sorted(names)  # a fixed order, independent of the order in which models are loaded
    whole = models.Q()
    for name in ordered:
        whole |= models.Q(**{f"{other}__isnull": other != name for other in ordered})
    return whole


def index_of(target: str, name: str) -> models.Index:
    """Return the index of such a column."""
    return models.Index(fields=[name], name=f"{target}_of_{name}", condition=models.Q(**{f"{name}__isnull": False}))
