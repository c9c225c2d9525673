"""`./manage.py first_coordinator EMAIL`: appoints one of the first two coordinators of an empty site."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.addresses import normal_address
from accounts.models import User
from entities.actors import UNOCT
from entities.appointments import appoint, send_invitation
from entities.models import Appointment, Organisation, Role
from web.exceptions import DomainError

ENOUGH = 2  # one nominates, the other approves


class Command(BaseCommand):
    help = "Appoint a coordinator of UNOCT on a site that has fewer than two, and send the invitation."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", default="", help="needed when the portal does not know the address")
        parser.add_argument("--language", default="en")

    @transaction.atomic
    def handle(self, *args: Any, email: str, name: str, language: str, **options: Any) -> None:
        office = Organisation.objects.filter(slug=UNOCT).first()
        if office is None:
            raise CommandError("Load the reference data first: ./manage.py load_reference")
        if Appointment.objects.current().filter(organisation=office, role=Role.COORDINATOR).count() >= ENOUGH:
            raise CommandError("There are two coordinators already; they nominate and approve in the portal.")
        person = User.objects.filter(email=email).first() or self._new(email, name, language)
        try:
            appoint(user=person, organisation=office, role=Role.COORDINATOR)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        if not person.has_usable_password():
            send_invitation(person)
        self.stdout.write(f"{person.email} is a coordinator of UNOCT from today.")

    def _new(self, email: str, name: str, language: str) -> User:
        try:
            normal_address(email)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if not name:
            raise CommandError("The portal does not know this address: add --name.")
        return User.objects.create_user(email, name=name, language=language)
