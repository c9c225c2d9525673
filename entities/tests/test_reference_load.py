"""Loading the reference lists into an empty database."""

from io import StringIO

import pytest
from django.core.management import call_command

from entities.models import Organisation
from entities.reference_import import load_all

pytestmark = pytest.mark.django_db


def test_a_second_load_changes_nothing() -> None:
    first = load_all()
    groups = dict(Organisation.objects.values_list("slug", "group_id"))
    second = load_all()
    assert [(count.created, count.updated) for count in second] == [(0, 0)] * len(second)
    assert [count.unchanged for count in second] == [count.created for count in first]
    assert groups == dict(Organisation.objects.values_list("slug", "group_id"))


def test_the_command_says_what_became_of_each_list() -> None:
    said = StringIO()
    call_command("load_reference", stdout=said)
    assert "states             195 created    0 updated    0 unchanged" in said.getvalue()
