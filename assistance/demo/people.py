"""The people of the demonstration, all invented; most of their organisations are real."""

from copy import copy
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.hashers import get_hasher

from accounts.models import User
from assistance.demo.clock import at
from assistance.demo.days import Days
from assistance.demo.letters import letter
from entities import appointments
from entities.actors import Actor, actor_of
from entities.models import Organisation, Role

DOMAIN = "demo.example"
APPOINTED = 420  # days ago
UNCONFIRMED = "undp.observer"  # whose organisation is asked to confirm their appointment, as an example


@dataclass(frozen=True)
class Person:
    """An invented person. Without a role they are the technical administrator."""

    key: str
    name: str
    language: str
    organisation: str = ""
    role: str = ""
    ended: bool = False

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


PEOPLE = (
    Person("carana.focal", "Leila Haddar", "ar", "carana", Role.FOCAL_POINT),
    Person("carana.observer", "Idris Benmar", "ar", "carana", Role.OBSERVER),
    Person("carana.alternate", "Marcus Oyelle", "en", "carana", Role.ALTERNATE),
    Person("sumora.focal", "Viktor Saranin", "ru", "sumora", Role.FOCAL_POINT),
    Person("sumora.alternate", "Mei Tanaro", "zh-hans", "sumora", Role.ALTERNATE),
    Person("katasi.focal", "Amélie Dorvane", "fr", "katasi", Role.FOCAL_POINT),
    Person("katasi.alternate", "Inés Cardel", "es", "katasi", Role.ALTERNATE),
    Person("cted.assessor", "Helen Braskow", "en", "cted", Role.ASSESSOR),
    Person("cted.second", "Paul Renaudel", "fr", "cted", Role.ASSESSOR),
    Person("unoct.coordinator", "Grace Lindvall", "en", "unoct", Role.COORDINATOR),
    Person("unoct.second", "Tomás Arreguin", "es", "unoct", Role.COORDINATOR),
    Person("unodc.focal", "Lucía Ferrandal", "es", "unodc", Role.FOCAL_POINT),
    Person("unodc.alternate", "Anton Belskin", "ru", "unodc", Role.ALTERNATE),
    Person("iom.focal", "Chen Yulan", "zh-hans", "iom", Role.FOCAL_POINT),
    Person("iom.alternate", "Claire Moreau-Sy", "fr", "iom", Role.ALTERNATE),
    Person("interpol.focal", "Omar Zakari", "ar", "interpol", Role.FOCAL_POINT),
    Person("interpol.alternate", "Sofia Kellner", "en", "interpol", Role.ALTERNATE),
    Person("undp.focal", "Nadia Ostrovna", "ru", "undp", Role.FOCAL_POINT),
    Person("undp.observer", "Rosa Quintel", "es", "undp", Role.OBSERVER),
    Person("undp.alternate", "Peter Anongo", "en", "undp", Role.ALTERNATE),
    Person("icao.focal", "Daniel Marshall-Reye", "en", "icao", Role.FOCAL_POINT),
    Person("icao.alternate", "Julie Tremblay-Noor", "fr", "icao", Role.ALTERNATE),
    Person("ohchr.focal", "Salma Wardani", "ar", "ohchr", Role.FOCAL_POINT),
    Person("ohchr.alternate", "Li Wenqing", "zh-hans", "ohchr", Role.ALTERNATE),
    Person("fund.donor", "Ingrid Solheimer", "en", "demo-fund", Role.DONOR_CONTACT),
    Person("fund.second", "Mathieu Lorrain", "fr", "demo-fund", Role.DONOR_CONTACT),
    Person("institute.partner", "Arjun Mehrani", "en", "demo-institute", Role.PARTNER_CONTACT),
    Person("institute.second", "Irina Volkonova", "ru", "demo-institute", Role.PARTNER_CONTACT),
    Person("unodc.former", "Victor Almadén", "es", "unodc", Role.FOCAL_POINT, ended=True),
    Person("admin", "Site Administrator", "en"),
)


def password_of(person: Person) -> str:
    """Return the password of a demonstration person: not secret, and listed by `demo_people`."""
    return f"quiet-harbour-{PEOPLE.index(person) + 1:02d}"


def present() -> list[Person]:
    """Return the demonstration people who exist in this database and may sign in, in the order of PEOPLE."""
    emails = set(User.objects.filter(is_active=True).values_list("email", flat=True))
    return [person for person in PEOPLE if person.email in emails]


def _quick_hash(password: str) -> str:
    """Return a cheap hash: thirty full hashes take nine seconds, and these passwords are public anyway.

    Django replaces it by a full hash when the person first signs in.
    """
    hasher: Any = copy(get_hasher())
    hasher.time_cost, hasher.memory_cost, hasher.parallelism = 1, 1024, 1
    return str(hasher.encode(password, hasher.salt()))


class People:
    """The users and actors of the demonstration, by the key of the person."""

    def __init__(self, days: Days) -> None:
        """Create and appoint everybody; their organisations must exist already."""
        with at(days.ago(APPOINTED)):
            self.users = {person.key: self._person(person) for person in PEOPLE}
            for person in PEOPLE:
                self._appoint(person, days)
        self._nominate(days)
        self.actors: dict[str, Actor] = {key: actor_of(user) for key, user in self.users.items()}

    def _person(self, person: Person) -> User:
        make = User.objects.create_user if person.role else User.objects.create_superuser
        user = make(person.email, name=person.name, language=person.language)
        user.password = _quick_hash(password_of(person))
        user.save(update_fields=["password"])
        return user

    def _appoint(self, person: Person, days: Days) -> None:
        if person.role:
            appointments.appoint(
                user=self.users[person.key],
                organisation=Organisation.objects.get(slug=person.organisation),
                role=person.role,
                since=days.day(-APPOINTED),
                until=self._until(person, days),
                approved_by=self.users["unoct.coordinator"],
                confirm_by=self._confirm_by(person, days),
            )

    def _until(self, person: Person, days: Days) -> date:
        return days.day(-60) if person.ended else days.today + timedelta(days=365)

    def _confirm_by(self, person: Person, days: Days) -> date:
        """Return the date by which the appointment must be confirmed: in a year for most, soon for one example.

        A demonstration may be used for months in which nobody confirms appointments.
        """
        return days.today + timedelta(days=25 if person.key == UNCONFIRMED else 365)

    def _nominate(self, days: Days) -> None:
        """Create a nomination that awaits approval by UNOCT, as an example for its page."""
        katasi = Organisation.objects.get(slug="katasi")
        with at(days.ago(2)):
            appointments.nominate(
                actor=actor_of(self.users["katasi.focal"]), organisation=katasi, role=Role.OBSERVER,
                email=f"katasi.candidate@{DOMAIN}", name="Bertrand Okalani", language="fr",
                letter=letter("lettre.pdf"),
            )  # fmt: skip

    def focal_point(self, state: str) -> Actor:
        """Return the focal point of a State."""
        return self.actors[f"{state}.focal"]

    def assessor(self, state: str) -> Actor:
        """Return the assessor of CTED who works on a State: two people, so that texts are written in two languages."""
        return self.actors["cted.second" if state == "katasi" else "cted.assessor"]

    def member_of(self, organisation: str) -> Actor:
        """Return the first person of an organisation who may act for it."""
        person = next(p for p in PEOPLE if p.organisation == organisation and p.role != Role.OBSERVER)
        return self.actors[person.key]
