"""Factories of organisations, users and appointments; every argument has a default."""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import User
from entities.models import Appointment, Kind, Organisation, Role, WorkingGroup
from files.tests import samples

_number = count(1)


def organisation(slug: str = "", kind: str = Kind.COMPACT_ENTITY, **fields: Any) -> Organisation:
    """Return a saved organisation with its group."""
    slug = slug or f"organisation-{next(_number)}"
    fields.setdefault("name_en", slug.upper())
    fields.setdefault("in_compact", kind == Kind.COMPACT_ENTITY)
    group = Group.objects.create(name=f"organisation: {slug}")
    return Organisation.objects.create(slug=slug, kind=kind, group=group, name=fields["name_en"], **fields)


def working_group(slug: str = "", *members: Organisation, **fields: Any) -> WorkingGroup:
    """Return a saved working group with its group and members."""
    slug = slug or f"wg-{next(_number)}"
    group = Group.objects.create(name=f"working group: {slug}")
    made = WorkingGroup.objects.create(slug=slug, group=group, name=slug.upper(), name_en=slug.upper(), **fields)
    made.members.set(members)
    return made


def person(email: str = "", **fields: Any) -> User:
    """Return a saved, active user without any appointment."""
    email = email or f"person{next(_number)}@example.org"
    fields.setdefault("name", email.split("@")[0])
    return User.objects.create_user(email, **fields)


def letter() -> SimpleUploadedFile:
    """Return a letter of nomination."""
    return samples.note("letter.pdf")


def appointment(
    at: Organisation, role: str = Role.FOCAL_POINT, of: User | None = None, since: date | None = None, **fields: Any
) -> Appointment:
    """Return a saved appointment, approved and running unless the fields say otherwise."""
    fields.setdefault("approved_at", timezone.now())
    since = since or timezone.now().date() - timedelta(days=30)
    return Appointment.objects.create(user=of or person(), organisation=at, role=role, since=since, **fields)
