"""Where an activity is: States and regions of the portal by their codes, and names the United Nations uses for others.

The publisher's own name of a place is never kept: it may differ from the one the United Nations uses. It serves only to
find a State whose code is wrong.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from lxml.etree import _Element as Element

from assistance.projects.iati.codes import DAC_REGION_NAMES, DAC_REGIONS, M49_REGIONS, PLACES
from assistance.projects.iati.findings import Findings
from web.folding import fold


@dataclass(frozen=True)
class Gazetteer:
    """The places known to the portal: keys of States by ISO 3166 code and by folded name, and M49 codes of regions."""

    states: dict[str, object]
    names: dict[str, UUID]
    regions: frozenset[str]


@dataclass(frozen=True)
class Places:
    """Where an activity is: keys of States, codes of regions, and names of other places."""

    states: tuple[object, ...]
    regions: tuple[str, ...]
    named: tuple[str, ...]


def read_places(activity: Element, known: Gazetteer, found: Findings) -> Places:
    """Return the places of an activity; a code that is not known is noted, and nothing of it is kept."""
    states, regions, named = [], [], []
    for element in _elements(activity, "recipient-country"):
        code = element.get("code", "").strip()
        if code in known.states:
            states.append(known.states[code])
        elif code in PLACES:
            named.append(PLACES[code])
            found.note(element, "place", f"“{code}” is no State here; kept by the name the United Nations uses")
        elif state := _by_name(element, known):
            states.append(state)
            found.note(element, "place", f"“{code}” is no country code of ISO 3166; the State was found by its name")
        else:
            found.note(element, "unknown code", f"“{code}” is no country code of ISO 3166; left out")
    for element in _elements(activity, "recipient-region"):
        vocabulary, code = element.get("vocabulary", DAC_REGIONS).strip(), element.get("code", "").strip()
        if vocabulary == M49_REGIONS and code.zfill(3) in known.regions:  # publishers drop leading zeros
            regions.append(code.zfill(3))
        elif vocabulary == DAC_REGIONS and code in DAC_REGION_NAMES:
            named.append(DAC_REGION_NAMES[code])
            found.note(element, "place", f"“{code}” is a region of the OECD DAC; kept by name, not linked")
        else:
            found.note(
                element, "unknown code", f"“{code}” is no region of vocabulary {vocabulary} known here; left out"
            )
    return Places(*(tuple(dict.fromkeys(one)) for one in (states, regions, named)))


def _by_name(element: Element, known: Gazetteer) -> UUID | None:
    """Return the State that one of the publisher's names for a place means, or None."""
    names = [str(narrative.text or "") for narrative in element.findall("narrative")] or [str(element.text or "")]
    return next((known.names[fold(name)] for name in names if fold(name) in known.names), None)


def _elements(activity: Element, tag: str) -> Iterator[Element]:
    """Yield the elements that name a place, each code once: those of the activity, or else of its transactions."""
    once: dict[tuple[str | None, str | None], Element] = {}
    for element in activity.findall(tag) or activity.findall(f"transaction/{tag}"):
        once.setdefault((element.get("vocabulary"), element.get("code")), element)
    yield from once.values()
