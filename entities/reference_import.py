"""Imports the lists of entities/reference into the database; columns and rows not in the lists are left unchanged.

These are members of working groups, donors, people and whatever was added by hand.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import override

from entities.collation import LANGUAGES, ON_THE_WIRE, in_language
from entities.models import (
    Holiday,
    Instrument,
    Kind,
    Organisation,
    OtherName,
    Pillar,
    Programme,
    ProgrammePart,
    Region,
    Theme,
    WorkingGroup,
)
from entities.models.organisation import GROUP_OF_ORGANISATION, GROUP_OF_WORKING_GROUP

FOLDER = Path(__file__).parent / "reference"
NO_PILLAR = ("cross", "cross-cutting", "")
ROMAN = {"1": "I", "2": "II", "3": "III", "4": "IV"}

Row = dict[str, str]
Values = dict[str, Any]


@dataclass
class Count:
    """How many rows of one list were created, updated and unchanged."""

    label: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0


def load_all() -> list[Count]:
    """Load every list in one transaction and return the counts. A second run changes nothing."""
    with transaction.atomic(), override("en"):
        return [
            load("pillars", Pillar, map(pillar, read("pillars"))),
            load("themes", Theme, map(theme, read("themes"))),
            load("instruments", Instrument, map(instrument, read("instruments"))),
            load("regions", Region, map(region, read_regions())),
            load("states", Organisation, states(), GROUP_OF_ORGANISATION, once=("time_zone",)),
            load_other_names(),
            load(
                "Compact entities", Organisation, map(compact_entity, read("compact_entities")), GROUP_OF_ORGANISATION
            ),
            load("partners", Organisation, partners(), GROUP_OF_ORGANISATION),
            load_pinyin(),
            load_working_groups(),
            load_programmes(),
            load_programme_parts(),
            load_holidays(),
        ]


def load(
    label: str, model: type[models.Model], rows: Iterable[Values], group_name: str = "", once: tuple[str, ...] = ()
) -> Count:
    """Create missing rows and update those that differ, by the model's natural key; other rows of `model` stay.

    Fields named in `once` are set when a row is created and maintained by hand from then on.
    """
    rows = list(rows)
    key = "slug" if hasattr(model, "slug") else "code"
    known = {getattr(one, key): one for one in model._default_manager.all()}
    count = Count(label)
    new = [row for row in rows if row[key] not in known]
    for row in rows:
        if row[key] in known:
            changed = update(known[row[key]], {name: value for name, value in row.items() if name not in once})
            count.updated += changed
            count.unchanged += not changed
    if group_name:
        groups = Group.objects.bulk_create([Group(name=group_name.format(row[key])) for row in new])
        new = [{**row, "group": group} for row, group in zip(new, groups, strict=True)]
    model._default_manager.bulk_create([model(**row) for row in new])
    count.created = len(new)
    return count


def update(one: models.Model, values: Values) -> bool:
    """Save the fields that differ and return whether any did."""
    changed = [name for name, value in values.items() if getattr(one, name) != value]
    if not changed:
        return False
    for name in changed:
        setattr(one, name, values[name])
    one.save(update_fields=[one._meta.get_field(name.removesuffix("_id")).name for name in changed])
    return True


def read(name: str) -> Iterator[Row]:
    """Yield the rows of one list, with values stripped of blanks."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: (value or "").strip() for column, value in row.items()}


def read_regions() -> list[Row]:
    """Return the regions, the wider ones first, so that each finds its parent."""
    rows = {row["code"]: row for row in read("regions")}

    def depth(row: Row) -> int:
        return 1 + depth(rows[row["parent"]]) if row["parent"] else 0

    return sorted(rows.values(), key=depth)


def names(row: Row, field: str = "name") -> Values:
    """Return a translated field in all languages; a language missing in the source is empty."""
    texts = {in_language(field, code): row.get(f"{field}_{ON_THE_WIRE[code]}", "") for code in LANGUAGES}
    return {field: row[f"{field}_en"], **texts}


def provenance(row: Row, *columns: str) -> str:
    """Return where a row comes from: its source columns in one text."""
    return "; ".join(f"{column}: {row[column]}" for column in columns if row[column])


def pillar(row: Row) -> Values:
    """Return the values of one pillar, in the order of the Strategy."""
    order = {"order": list(ROMAN.values()).index(row["code"]) + 1}
    return {"code": row["code"], **order, **names(row, "short"), **names(row, "title"), "provenance": row["provenance"]}


def theme(row: Row) -> Values:
    """Return the values of one theme; a cross-cutting theme has no pillar."""
    return {
        "code": row["code"],
        **names(row),
        "pillar_id": None if row["pillar"] in NO_PILLAR else row["pillar"],
        "main_resolutions": row["main_resolutions"],
        "dac5_sector": row["iati_dac5_sector_suggested"],
        "provenance": row["source"],
    }


def instrument(row: Row) -> Values:
    """Return the values of one instrument; its URL is made from its symbol."""
    return {
        "slug": slugify(row["symbol"].replace("/", "-")),
        "symbol": row["symbol"],
        "kind": row["type"],
        "number": row["number"],
        "year": int(row["year"]) if row["year"] else None,
        **names(row, "subject"),
        **{column: row[column] for column in ("topic", "nature")},
        "provenance": provenance(row, "source", "title_provenance"),
    }


def region(row: Row) -> Values:
    """Return the values of one region."""
    return {"code": row["code"], "parent_id": row["parent"] or None, **names(row), "provenance": row["provenance"]}


def states() -> Iterator[Values]:
    """Yield the States, each with the time zone of its seat of government."""
    zones = {row["iso3"]: row["time_zone"] for row in read("time_zones")}
    for row in read("states"):
        yield {**state(row), "time_zone": zones[row["iso3"]]}


def state(row: Row) -> Values:
    """Return the values of one State."""
    return {
        **{column: row[column] for column in ("slug", "kind", "iso2", "iso3", "m49", "provenance")},
        **names(row),
        "region_id": row["region"],
        "latitude": float(row["latitude"]),
        "longitude": float(row["longitude"]),
    }


def load_pinyin() -> Count:
    """Set the sound of the Chinese names that are those of the list; a name changed by hand has another sound."""
    count = Count("Chinese order")
    sounds = {(row["slug"], row["name_zh"]): row["pinyin"] for row in read("pinyin")}
    for one in Organisation.objects.exclude(name_zh_hans=None).exclude(name_zh_hans=""):
        name: str = getattr(one, in_language("name", "zh-hans"))
        sound, before = sounds.get((one.slug, name)), one.pinyin
        if sound is None:
            continue
        changed = update(one, {"pinyin": sound})
        count.created += changed and not before
        count.updated += changed and bool(before)
        count.unchanged += not changed
    return count


def load_other_names() -> Count:
    """Add the former and usual names of States that are missing; names added by hand stay."""
    states = dict(Organisation.objects.states().exclude(iso3="").values_list("iso3", "pk"))
    languages = {wire: code for code, wire in ON_THE_WIRE.items()}
    rows = [
        OtherName(
            organisation_id=states[row["iso3"]],
            language=languages[row["language"]],
            name=row["name"],
            provenance=row["provenance"],
        )
        for row in read("other_names")
    ]
    known = set(OtherName.objects.values_list("organisation", "language", "name"))
    new = [row for row in rows if (row.organisation_id, row.language, row.name) not in known]
    OtherName.objects.bulk_create(new)
    return Count("other names", created=len(new), unchanged=len(rows) - len(new))


def slug_of(acronym: str) -> str:
    """Return the slug of an organization with this acronym."""
    return slugify(re.sub("[/&()]", " ", acronym))


def body(row: Row) -> Values:
    """Return the values that entities and partners have in common."""
    return {
        "slug": slug_of(row["acronym"]),
        **names({**row, "acronym_en": row["acronym"]}, "acronym"),
        **names(row),
        "website": row["website"],
        "category": row["kind"],
    }


def compact_entity(row: Row) -> Values:
    """Return the values of an entity; the Security Council's bodies in the Compact keep their own kind."""
    in_council = row["kind"] == "Security Council body"
    return {
        **body(row),
        "kind": Kind.SECURITY_COUNCIL_BODY if in_council else Kind.COMPACT_ENTITY,
        "in_compact": True,
        "areas": row["ct_areas"],
        "iati_ref": row["iati_ref"],
        "provenance": provenance(row, "evidence", "name_provenance", "acronym_provenance", "iati_provenance"),
    }


def partners() -> Iterator[Values]:
    """Yield the partners; their region is set only where the source uses the exact M49 name."""
    regions = {row["name_en"]: row["code"] for row in read("regions")}
    for row in read("partners"):
        yield {
            **body(row),
            "kind": Kind.PARTNER,
            "region_id": regions.get(row["region"]),
            "areas": row["region"],
            "provenance": provenance(row, "evidence", "name_provenance", "acronym_provenance"),
        }


def working_group(row: Row) -> Values:
    """Return the values of one working group; a pillar not given as a number is kept as a note."""
    digit = row["pillar"][:1]
    plain = row["pillar"] in (*NO_PILLAR, digit)
    remarks = [row["note"], "" if plain else f"Pillar as published: {row['pillar']}"]
    return {
        "slug": slugify(row["code"]),
        **names(row),
        "pillar_id": ROMAN.get(digit),
        "chairs": "; ".join(filter(None, [row["chair"], row["vice_chairs"]])),
        "note": "; ".join(filter(None, remarks)),
        "provenance": provenance(row, "name_source", "name_provenance", "chair_source"),
    }


def load_working_groups() -> Count:
    """Load the groups; the chair of a new one is its first member. Later chairs and members are maintained by hand."""
    known = set(WorkingGroup.objects.values_list("slug", flat=True))
    rows = map(working_group, read("working_groups"))
    count = load("working groups", WorkingGroup, rows, GROUP_OF_WORKING_GROUP, once=("chairs",))
    by_acronym = {getattr(one, in_language("acronym", "en")): one for one in Organisation.objects.compact()}
    for group in WorkingGroup.objects.exclude(slug__in=known).exclude(chairs=""):
        acronyms = re.split(r"\W*;\W*", group.chairs.split("(")[0].strip())
        group.members.add(*[by_acronym[acronym] for acronym in acronyms if acronym in by_acronym])
    return count


def programme(row: Row) -> Values:
    """Return the values of one programme, its texts as published."""
    return {
        "code": row["code"],
        "name": row["name_en"],
        "name_en": row["name_en"],
        "name_ar": row["name_ar"],
        **{column: row[column] for column in ("lead", "partners", "start", "beneficiaries", "donors", "note")},
        "capacity_consultations": row["cted_capacity_consultations"] == "yes",
        "provenance": row["source"],
    }


def load_programmes() -> Count:
    """Load programmes and set the themes of each."""
    rows = list(read("programmes"))
    count = load("programmes", Programme, map(programme, rows))
    kept = {one.pk: one for one in Programme.objects.prefetch_related("themes")}
    for row in rows:
        wanted = set(filter(None, row["theme_codes"].split(";")))
        if wanted != {theme.pk for theme in kept[row["code"]].themes.all()}:
            kept[row["code"]].themes.set(Theme.objects.filter(pk__in=wanted))
    return count


def load_programme_parts() -> Count:
    """Load the part of each organization in a programme, for the programmes whose parts are known."""
    by_slug = Organisation.objects.in_bulk(field_name="slug")
    kept = {(one.programme_id, one.organisation_id): one for one in ProgrammePart.objects.all()}
    count = Count("programme parts")
    for row in read("programme_parts"):
        own = by_slug[slug_of(row["organisation"])]
        values = {"role": row["role"], "provenance": row["source"]}
        one = kept.get((row["programme"], own.pk))
        if one is None:
            ProgrammePart.objects.create(programme_id=row["programme"], organisation=own, **values)
            count.created += 1
        else:
            changed = update(one, values)
            count.updated += changed
            count.unchanged += not changed
    return count


def load_holidays() -> Count:
    """Add the holidays of years that have none yet; a year that has one is kept by the coordinators of UNOCT."""
    rows = [Holiday(day=date.fromisoformat(row["day"]), **names(row)) for row in read("holidays")]
    kept = {day.year for day in Holiday.objects.dates("day", "year")}
    new = [row for row in rows if row.day.year not in kept]
    Holiday.objects.bulk_create(new)
    return Count("holidays", created=len(new), unchanged=len(rows) - len(new))
