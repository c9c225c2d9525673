"""Filters by a reference list: rendered once for all readers, and the same as if rendered for each."""

import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import translation

from assistance.pages.filters import ListFilter, VocabularyChoice
from assistance.tests.cast import Cast
from entities.models import Theme
from web.kept_select import KeptSelect

pytestmark = pytest.mark.django_db


def filtersets(base: type[ListFilter] = ListFilter) -> Iterator[type[ListFilter]]:
    """Yield all classes of filters of lists."""
    for own in base.__subclasses__():
        yield own
        yield from filtersets(own)


CHOICES = [
    (own, name)
    for own in filtersets()
    for name, one in own.base_filters.items()
    if isinstance(one, VocabularyChoice)
]  # fmt: skip


def field(cast: Cast, who: str, own: type[ListFilter], name: str) -> Any:
    request = SimpleNamespace(actor=getattr(cast, who), user=cast.users[who])
    return own({}, queryset=own._meta.model._default_manager.none(), request=request).form.fields[name]


@pytest.mark.turns(3)
@pytest.mark.parametrize(("own", "name"), CHOICES, ids=lambda value: getattr(value, "__name__", value))
def test_a_kept_list_is_the_same_for_all_readers(cast: Cast, own: type[ListFilter], name: str) -> None:
    cast.offer(published=False), cast.need("draft"), cast.visit()  # rows that some readers see and others do not
    lists = {
        who: field(cast, who, own, name).widget.render(name, "") for who in ("carana", "unodc", "cted", "observer")
    }
    assert len(set(lists.values())) == 1


@pytest.mark.turns(3)
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(("own", "name"), CHOICES, ids=lambda value: getattr(value, "__name__", value))
def test_it_is_rendered_as_django_renders_it(cast: Cast, own: type[ListFilter], name: str, language: str) -> None:
    with translation.override(language):
        plain, kept = field(cast, "cted", own, name), field(cast, "cted", own, name)
        kept.widget.version, kept.widget.key = uuid.uuid4(), (own.__name__, name)
        values = [str(value) for value, label in _options(plain)]
        for value in ("", None, values[-1], "no such", '"><script>'):
            for _time in range(2):
                assert kept.widget.render(name, value, {"id": "id_x", "aria-invalid": "true"}) == plain.widget.render(
                    name, value, {"id": "id_x", "aria-invalid": "true"}
                )


def _options(plain: Any) -> Iterator[tuple[Any, Any]]:
    for value, label in plain.widget.choices:
        yield from label if isinstance(label, list | tuple) else [(value, label)]


def test_a_renamed_theme_is_in_the_next_page(cast: Cast, client: Any) -> None:
    client.force_login(cast.users["cted"], backend="accounts.sign_in.backend.AccountBackend")
    assert "A new name" not in client.get("/needs/").content.decode()
    theme = Theme.objects.earliest("code")
    theme.name_en = "A new name"
    theme.save()
    assert "A new name" in client.get("/needs/").content.decode()


def test_lists_of_a_reader_are_not_kept() -> None:
    """Providers of offers, for example: a hidden offer must not disclose its provider."""
    plain = [
        one for own in filtersets() for one in own.base_filters.values()
        if one.field_class.__name__ == "ModelChoiceField" and not isinstance(one, VocabularyChoice)
    ]  # fmt: skip
    assert plain and KeptSelect not in [one.extra.get("widget") for one in plain]
