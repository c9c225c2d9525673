"""The administration site and the first coordinators."""

import time

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.login_signals import PROVED_AT
from accounts.models import Delivery, User
from entities.actors import actor_of
from entities.appointments import is_coordinator
from entities.models import Appointment, Kind, Organisation, Theme, WorkingGroup
from entities.reference_import import load_all
from entities.tests.factories import appointment, organisation, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(client: Client) -> Client:
    client.force_login(person("root@example.org", is_staff=True, is_superuser=True))
    return client


def test_every_list_opens(site: Client) -> None:
    load_all()
    appointment(Organisation.objects.get(slug="unodc"))
    for name in ("organisation", "workinggroup", "appointment", "region", "pillar", "theme", "instrument", "programme"):
        assert site.get(f"/admin/entities/{name}/").status_code == 200


def test_the_way_back_leads_where_an_administrator_without_appointment_may_go(site: Client) -> None:
    page = site.get("/admin/").content.decode()
    assert '<a href="/me/">View site</a>' in page and 'rel="icon"' in page
    assert '<a href="/admin/">' in site.get("/me/").content.decode()


def test_no_row_leads_to_a_page_that_an_administrator_without_appointment_may_not_open(site: Client) -> None:
    load_all()
    post = appointment(Organisation.objects.get(slug="unodc"))
    for row in (post.organisation, post, WorkingGroup.objects.earliest("slug"), Theme.objects.earliest("code")):
        page = site.get(reverse(f"admin:entities_{row._meta.model_name}_change", args=[row.pk]))
        assert page.status_code == 200
        assert "/admin/r/" not in page.content.decode()


def test_nobody_else_is_shown_the_way_to_the_administration(client: Client) -> None:
    client.force_login(appointment(organisation()).user)
    assert "/admin/" not in client.get("/me/").content.decode()
    assert client.get("/admin/").status_code == 302


def test_reference_data_are_read_and_not_written(site: Client) -> None:
    load_all()
    assert site.get("/admin/entities/theme/cft/change/").status_code == 200
    assert site.post("/admin/entities/theme/cft/change/", {"name_en": "Other"}).status_code == 403
    assert Theme.objects.get(code="cft").name_en != "Other"
    kenya = Organisation.objects.get(slug="kenya")
    site.post(f"/admin/entities/organisation/{kenya.pk}/change/", {"is_donor": "on", "name_en": "Other"})
    kenya.refresh_from_db()
    assert not kenya.is_donor and kenya.name_en == "Kenya"
    assert site.post(f"/admin/entities/organisation/{kenya.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_new_organisation_and_a_new_working_group_get_their_groups(site: Client) -> None:
    marks = {"in_compact": "on", "is_donor": "on"}
    new = {"slug": "centre", "kind": Kind.PARTNER, "name_en": "A centre", **marks}
    site.post("/admin/entities/organisation/add/", new)
    centre = Organisation.objects.get(slug="centre")
    assert centre.group.name == "organisation: centre"
    site.post("/admin/entities/workinggroup/add/", {"slug": "new-group", "name_en": "New", "members": [str(centre.pk)]})
    group = WorkingGroup.objects.get(slug="new-group")
    site.post(f"/admin/entities/workinggroup/{group.pk}/change/", {"name_en": "New", "members": [str(centre.pk)]})
    site.post(f"/admin/entities/organisation/{centre.pk}/change/", {"name_en": "A centre", **marks})
    centre.refresh_from_db()
    assert not group.members.exists(), "a membership takes two people"
    assert not centre.in_compact and not centre.is_donor


def test_an_appointment_ends_with_a_reason_and_not_without(site: Client) -> None:
    held = appointment(organisation())
    address = f"/admin/entities/appointment/{held.pk}/change/"
    assert site.post(address, {"end_reason": ""}).status_code == 200
    held.refresh_from_db()
    assert held.ended_at is None
    site.post(address, {"end_reason": "Account stolen", "role": "observer"})
    held.refresh_from_db()
    assert held.ended_at and held.end_reason == "Account stolen" and held.role == "focal_point"
    assert held.ended_by.email == "root@example.org"
    assert site.post(address, {"end_reason": "Again"}).status_code == 403
    assert site.get("/admin/entities/appointment/add/").status_code == 403


def test_a_reason_once_given_is_for_the_organisation_and_unoct(site: Client) -> None:
    held = appointment(organisation(), ended_at=timezone.now(), end_reason="Lost the trust of the ministry")
    answer = site.get(f"/admin/entities/appointment/{held.pk}/change/")
    assert answer.status_code == 200 and held.organisation.acronym in answer.text
    assert "Lost the trust" not in answer.text


def test_who_is_staff_but_no_superuser_ends_nothing(client: Client) -> None:
    held = appointment(organisation())
    client.force_login(person(is_staff=True))
    assert client.post(f"/admin/entities/appointment/{held.pk}/change/", {"end_reason": "x"}).status_code == 403
    held.refresh_from_db()
    assert held.ended_at is None


def test_two_first_coordinators_are_let_in_and_no_third() -> None:
    with pytest.raises(CommandError):
        call_command("first_coordinator", "a@example.org", name="A")
    organisation("unoct")
    for refused in ({"email": "nonsense", "name": "A"}, {"email": "a@example.org"}):
        with pytest.raises(CommandError):
            call_command("first_coordinator", refused.pop("email"), **refused)
    call_command("first_coordinator", "a@example.org", name="A")
    with pytest.raises(CommandError):
        call_command("first_coordinator", "A@example.org")
    call_command("first_coordinator", "b@example.org", name="B")
    with pytest.raises(CommandError):
        call_command("first_coordinator", "c@example.org", name="C")
    assert all(is_coordinator(actor_of(user)) for user in User.objects.all())
    assert Delivery.objects.filter(message="invitation").count() == 2
    Appointment.objects.update(ended_at=timezone.now())
    call_command("first_coordinator", "c@example.org", name="C")


def test_the_administration_writes_only_after_a_fresh_proof(site: Client) -> None:
    held = appointment(organisation())
    person_page, post_page = (
        f"/admin/accounts/user/{held.user.pk}/change/",
        f"/admin/entities/appointment/{held.pk}/change/",
    )
    body = {"name": "Held", "language": "en", "time_zone": "UTC", "mail_rhythm": "daily", "is_superuser": "on"}
    session = site.session
    session[PROVED_AT] = time.time() - 3600
    session.save()
    for page, sent in ((person_page, body), (post_page, {"end_reason": "Account stolen"})):
        assert site.get(page).status_code == 200, "to read it nothing is asked"
        answer = site.post(page, sent)
        assert answer.status_code == 403 and "Confirm your identity" in answer.content.decode()
        for name, value in sent.items():
            assert f'name="{name}" value="{value}"' in answer.content.decode()
    held.refresh_from_db()
    assert held.ended_at is None and held.user.is_active and not held.user.is_superuser
    session[PROVED_AT] = time.time()
    session.save()
    assert site.post(person_page, body).status_code == 302 and not User.objects.get(pk=held.user.pk).is_active
    session[PROVED_AT] = 0
    session.save()
    assert site.post("/admin/logout/").status_code == 200
