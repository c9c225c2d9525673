"""Regions and themes to choose from stand in the order in which they are read."""

from typing import Any

import pytest
from django.utils.translation import override

from assistance.needs.filters import NeedFilter
from assistance.pages.fields import RegionsField, ThemesField
from assistance.pages.filters import regions
from entities.models import Region, Theme
from entities.tests.standing import reference_lists  # noqa: F401 - a fixture
from web.folding import fold

pytestmark = pytest.mark.usefixtures("reference_lists", "db")


@pytest.mark.parametrize("language", ["ar", "en", "fr", "ru", "zh-hans"])
def test_regions_stand_by_name_under_the_wider_one(language: str) -> None:
    with override(language):
        field = RegionsField()
        field.sort()
        choices: Any = field.choices
        labels = [label for _value, label in choices]
        assert len(labels) == Region.objects.count() == 30
        for label in labels:
            wider, _dot, _own = str(label).rpartition(" · ")
            assert not wider or labels.index(wider) < labels.index(label)
        if language in ("en", "fr", "ru"):
            folded = [[fold(part) for part in str(label).split(" · ")] for label in labels]
            assert folded == sorted(folded)


def test_a_filter_lists_regions_by_name() -> None:
    with override("fr"):
        names = [fold(region.name) for region in regions()]
        assert names == sorted(names) and names[0] == "afrique"


@pytest.mark.parametrize("language", ["en", "ru"])
def test_themes_stand_by_name_under_their_pillar(language: str) -> None:
    with override(language):
        ticks = ThemesField(queryset=Theme.objects.all())
        chosen = NeedFilter(request=None).form.fields["theme"]
        for field in (ticks, chosen):
            choices: Any = field.choices
            groups = [(heading, names) for heading, names in choices if heading]
            assert [str(heading).partition(" ")[0] for heading, _names in groups[:4]] == ["I", "II", "III", "IV"]
            assert sum(len(names) for _heading, names in groups) == Theme.objects.count() and len(groups) == 5
            for _heading, names in groups:
                texts = [fold(str(name)) for _value, name in names]
                assert texts == sorted(texts)
            assert field.clean(["cft"] if field is ticks else "cft")
