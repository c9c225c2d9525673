"""Imports activities as projects: creates new ones, updates changed ones, leaves others untouched; all or nothing.

Projects missing from a file are kept: a file need not contain all activities of its publisher. Themes are left empty,
because no purpose code of the OECD DAC is specific to counter-terrorism and every suggested mapping in the reference
data is too broad.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from modeltranslation.utils import build_localized_fieldname

from assistance.access import audiences
from assistance.needs.match_projects import follow_projects
from assistance.projects.iati.codes import DATES
from assistance.projects.iati.findings import Findings, Note
from assistance.projects.iati.mapping import MAX_NAME, Activity, read_activity
from assistance.projects.iati.parser import Refused, read_activities
from assistance.projects.iati.places import Gazetteer
from assistance.projects.models import Party, Project
from assistance.workflow.engine import record_imported
from entities.models import Organisation, OtherName, Region
from web.folding import fold
from web.texts import normal_identifier
from web.turns import in_turn

BATCH = 500  # projects written at once
RELATIONS = {"states": "organisation_id", "regions": "region_id"}  # → column of the relation's table
CODES = [code for code, _name in settings.LANGUAGES]


@dataclass
class Report:
    """The result of an import."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    notes: list[Note] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.created + self.updated + self.unchanged


@dataclass(frozen=True)
class Content:
    """The data to be saved of an activity: columns, keys of related rows, and parties."""

    columns: dict[str, Any]
    relations: dict[str, list[Any]]
    parties: list[tuple[str, str, UUID | None]]

    @cached_property
    def digest(self) -> str:
        """A digest of the content: if it is unchanged, nothing needs saving."""
        whole = [self.columns, {name: sorted(map(str, keys)) for name, keys in self.relations.items()}, self.parties]
        return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


class Directory:
    """Organisations, States and regions by the codes publishers use. Ambiguous references are not matched."""

    def __init__(self) -> None:
        states = dict(Organisation.objects.states().filter(is_demo=False).values_list("iso2", "pk"))
        states.pop("", None)
        self.places = Gazetteer(states, _names_of_states(), frozenset(Region.objects.values_list("code", flat=True)))
        own = Organisation.objects.exclude(iati_ref="").values_list("iati_ref", "pk")
        refs = [(normal_identifier(ref), pk) for ref, pk in own]
        names = [ref for ref, _pk in refs]
        self.organisations = {ref: pk for ref, pk in refs if names.count(ref) == 1}

    def content(self, activity: Activity) -> Content:
        """Return the data to be saved of an activity."""
        columns = {
            "origin": activity.origin,
            "language": activity.language,
            "status": str(activity.status),
            "lead_id": self.organisations.get(activity.reporter),
            "places": "; ".join(activity.places.named)[:MAX_NAME],
            "budget": activity.budget,
            "currency": activity.currency,
            **{name: activity.dates.get(name) for name in DATES.values()},
            **_in_columns("title", activity.titles),
            **_in_columns("description", activity.descriptions),
        }
        parties = sorted(
            {(str(part.role), part.name, self.organisations.get(part.ref)) for part in activity.parts}, key=str
        )
        places: dict[str, list[Any]] = {
            "states": list(activity.places.states),
            "regions": list(activity.places.regions),
        }
        return Content(columns, places, parties)


def _names_of_states() -> dict[str, UUID]:
    """Return the present, former and usual names of States, folded. A name of two States is left out."""
    found: dict[str, set[UUID]] = {}
    states = Organisation.objects.states().filter(is_demo=False)
    columns = [build_localized_fieldname("name", code) for code in CODES]
    named = [(pk, name) for pk, *names in states.values_list("pk", *columns) for name in names if name]
    named += OtherName.objects.filter(organisation__in=states).values_list("organisation", "name")
    for pk, name in named:
        found.setdefault(fold(name), set()).add(pk)
    return {name: next(iter(keys)) for name, keys in found.items() if len(keys) == 1}


def _in_columns(name: str, texts: dict[str, str]) -> dict[str, str | None]:
    """Return all six columns of a text, None where it is missing, so that withdrawn translations are removed too."""
    return {build_localized_fieldname(name, code): texts.get(code) for code in CODES}


def import_file(path: Path, *, dry_run: bool = False) -> Report:
    """Import a file in one transaction and return the result; a dry run rolls the transaction back.

    Raises Refused, with the line and reason of every fault; then nothing of the file has been saved.
    """
    elements = list(read_activities(path))
    found = Findings()
    with transaction.atomic():
        in_turn("import of projects")  # a second one waits and then sees the result of the first
        directory = Directory()
        activities = [read_activity(element, directory.places, found) for element in elements]
        _check_once(activities, found)
        _check_origin(activities, found)
        if found.faults:
            raise Refused.of(found.faults)
        report = Report(notes=found.notes)
        _keep_all(activities, directory, report)
        transaction.set_rollback(dry_run)
    return report


def _check_once(activities: Iterable[Activity], found: Findings) -> None:
    lines: dict[str, int] = {}
    for activity in activities:
        first = lines.setdefault(activity.identifier, activity.element.sourceline)
        if activity.identifier and first != activity.element.sourceline:
            found.fault(activity.element, f"The identifier {activity.identifier} is used twice; first in line {first}.")


def _check_origin(activities: Iterable[Activity], found: Findings) -> None:
    """Add a fault for each activity that is a project recorded in the portal."""
    by_identifier = {activity.identifier: activity for activity in activities}
    kept_here = Project.objects.filter(iati_identifier__in=list(by_identifier), origin="")
    for identifier, reference in kept_here.values_list("iati_identifier", "reference"):
        text = f"The project {reference} with this identifier is kept here and is not overwritten."
        found.fault(by_identifier[str(identifier)].element, text)


def _keep_all(activities: list[Activity], directory: Directory, report: Report) -> None:
    identifiers = [activity.identifier for activity in activities]
    known = dict(
        Project.objects.filter(iati_identifier__in=identifiers).values_list("iati_identifier", "origin_digest")
    )
    contents = {activity.identifier: directory.content(activity) for activity in activities}
    created = [identifier for identifier in identifiers if identifier not in known]
    updated = [one for one in identifiers if one in known and known[one] != contents[one].digest]
    for start in range(0, len(created), BATCH):
        _create({identifier: contents[identifier] for identifier in created[start : start + BATCH]})
    for start in range(0, len(updated), BATCH):
        _update({identifier: contents[identifier] for identifier in updated[start : start + BATCH]})
    report.created, report.updated = len(created), len(updated)
    report.unchanged = len(activities) - len(created) - len(updated)


def _create(contents: Mapping[str, Content]) -> None:
    projects = [
        Project(iati_identifier=identifier, origin_digest=one.digest, imported_at=timezone.now(), **one.columns)
        for identifier, one in contents.items()
    ]
    audiences.assign_audiences(projects)
    Project.objects.bulk_create(projects)
    _relate(projects, contents)
    record_imported("project_imported", [(project, "") for project in projects])


def _update(contents: Mapping[str, Content]) -> None:
    locked = Project.objects.select_for_update(of=("self",)).order_by("pk")
    projects = list(locked.filter(iati_identifier__in=list(contents)))
    before = [project.status for project in projects]
    for project in projects:
        content = contents[str(project.iati_identifier)]
        for name, value in content.columns.items():
            setattr(project, name, value)
        project.version += 1
        project.origin_digest, project.imported_at = content.digest, timezone.now()
    audiences.assign_audiences(projects)
    for project in projects:
        project.save()
    for related in (Party, *(getattr(Project, name).through for name in RELATIONS)):
        related._default_manager.filter(project__in=projects).delete()
    _relate(projects, contents)
    record_imported("project_imported", zip(projects, before, strict=True))
    follow_projects(projects)


def _relate(projects: Sequence[Project], contents: Mapping[str, Content]) -> None:
    """Add the related rows and the parties of projects that have none, in one statement for each table."""
    pairs = [(project, contents[str(project.iati_identifier)]) for project in projects]
    for name, key in RELATIONS.items():
        through = getattr(Project, name).through
        through._default_manager.bulk_create(
            through(project=project, **{key: value}) for project, content in pairs for value in content.relations[name]
        )
    Party.objects.bulk_create(
        Party(project=project, role=role, name=name, organisation_id=organisation)
        for project, content in pairs
        for role, name, organisation in content.parties
    )
