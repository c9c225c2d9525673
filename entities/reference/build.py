"""Writes states.csv and regions.csv again from the tables inside the packages hdx-python-country and Babel.

Needed only when a package publishes a correction; the portal itself never imports them. In an environment of its own:

    pip install -r requirements-reference.in && python entities/reference/build.py [states] [regions]

Names of States are those of UNTERM as the package carries them, with typographic apostrophes and a few corrections; what
it does not have stays empty.
Names of regions are those of CLDR, except where un_region_names.csv has the name that the United Nations uses.
"""

import csv
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
PACKAGE = "hdx-python-country"
TABLE = "Countries & Territories Taxonomy MVP - C&T Taxonomy.csv"
LANGUAGES = {"ar": "Arabic", "en": "English", "es": "Spanish", "fr": "French", "ru": "Russian", "zh": "Chinese"}
# Names the package misspells, by ISO 3166 code and language.
CORRECTIONS = {("NLD", "ar"): "هولندا (مملكة -)", ("TLS", "ar"): "تيمور - ليشتي"}
# Non-member observer States: the Holy See and the State of Palestine. The package has no column for this.
OBSERVERS = ("VAT", "PSE")
STATE_COLUMNS = (
    "slug", "kind", "iso2", "iso3", "m49", "region", *(f"name_{code}" for code in LANGUAGES),
    "latitude", "longitude", "provenance",
)  # fmt: skip
CLDR = "Babel"
CLDR_LOCALES = {"ar": "ar", "es": "es", "fr": "fr", "ru": "ru", "zh": "zh_Hans"}
REGION_COLUMNS = ("code", "parent", *(f"name_{code}" for code in LANGUAGES), "provenance")
LEVELS = ("Region", "Sub-region", "Intermediate Region")

Row = dict[str, str]


def source_rows() -> list[Row]:
    """Return the package's table. Exits with a message when the package is not installed."""
    spec = find_spec("hdx")
    folders = list(spec.submodule_search_locations or []) if spec else []
    tables = [table for folder in folders if (table := Path(folder) / "location" / TABLE).is_file()]
    if not tables:
        sys.exit(f"Install {PACKAGE} first; its table of countries is the source.")
    with tables[0].open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def slug(name: str) -> str:
    """Return an English short name as a slug: Côte d’Ivoire → cote-divoire."""
    plain = unicodedata.normalize("NFKD", re.sub("['’]", "", name)).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", plain.lower()).strip("-")


def m49(code: str) -> str:
    """Return an M49 code with its leading zeros; an empty code stays empty."""
    return code.zfill(3) if code else ""


def states(rows: Iterable[Row], provenance: str) -> Iterator[Row]:
    """Yield the members (those of the DGACM list) and the two observer States."""
    for row in rows:
        iso3 = row["ISO 3166-1 Alpha 3-Codes"]
        if row["Appears in DGACM list"] != "Y" and iso3 not in OBSERVERS:
            continue
        yield {
            "slug": slug(row["English Short"]),
            "kind": "observer_state" if iso3 in OBSERVERS else "member_state",
            "iso2": row["ISO 3166-1 Alpha 2-Codes"],
            "iso3": iso3,
            "m49": m49(row["m49 numerical code"]),
            "region": next(code for level in reversed(LEVELS) if (code := m49(row[f"{level} Code"]))),
            **{f"name_{code}": name(row, iso3, code) for code in LANGUAGES},
            "latitude": row["Latitude"],
            "longitude": row["Longitude"],
            "provenance": provenance,
        }


def name(row: Row, iso3: str, language: str) -> str:
    """Return the short name of a State, with the apostrophe of typeset texts: Côte d’Ivoire."""
    return CORRECTIONS.get((iso3, language)) or row[f"{LANGUAGES[language]} Short"].replace("'", "’")


def regions(rows: Iterable[Row], provenance: str) -> Iterator[Row]:
    """Yield each region once, with the wider region around it; the package names regions in English only."""
    given: set[str] = set()
    for row in rows:
        parent = ""
        for level in LEVELS:
            code = m49(row[f"{level} Code"])
            if code and code not in given:
                given.add(code)
                names = {f"name_{language}": "" for language in LANGUAGES} | {"name_en": row[f"{level} Name"]}
                yield {"code": code, "parent": parent, **names, "provenance": provenance}
            parent = code or parent


def translated(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the regions with their names in the other languages, and where each name comes from."""
    ours = {row["code"]: row for row in read(HERE / "un_region_names.csv")}
    babel = import_module("babel")
    locales = {code: babel.Locale.parse(name).territories for code, name in CLDR_LOCALES.items()}
    for row in rows:
        own = ours.get(row["code"], {})
        by_cldr = [code for code in locales if not own.get(f"name_{code}")]
        names = {f"name_{code}": own.get(f"name_{code}") or locales[code][row["code"]] for code in locales}
        sources = [f"{', '.join(by_cldr)}: CLDR ({CLDR} {version(CLDR)})"] if by_cldr else []
        if by_own := [code for code in locales if code not in by_cldr]:
            sources.append(f"{', '.join(by_own)}: {own['provenance']}")
        yield {**row, **names, "provenance": "; ".join([row["provenance"], *sources])}


def read(path: Path) -> list[Row]:
    """Return the rows of a table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Iterable[str], rows: Iterable[Row]) -> None:
    """Write rows sorted by their first column, so that a change of the source gives a readable diff."""
    columns = list(columns)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(sorted(rows, key=lambda row: row[columns[0]]))


def main(wanted: Iterable[str] = ()) -> None:
    """Write the tables named, or both, into the folder of this file; names of regions need Babel only."""
    wanted = set(wanted) or {"states", "regions"}
    if "states" in wanted:
        rows = source_rows()
        source = f"{PACKAGE} {version(PACKAGE)}"
        names = "UN short names (UNTERM), M49 and ISO 3166 codes"
        membership = "members: its DGACM list; observers: the two non-member observer States"
        write(HERE / "states.csv", STATE_COLUMNS, states(rows, f"{source}: {names}; {membership}"))
        write(HERE / "regions.csv", REGION_COLUMNS, regions(rows, f"{source}: M49 regions"))
    if "regions" in wanted:
        english = [{**row, "provenance": row["provenance"].partition(";")[0]} for row in read(HERE / "regions.csv")]
        write(HERE / "regions.csv", REGION_COLUMNS, translated(english))


if __name__ == "__main__":
    main(sys.argv[1:])
