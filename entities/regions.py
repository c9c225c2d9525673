"""Regions and the wider regions that contain them, as in the UN's M49 standard."""

from entities.models import Region


def regions_around(region: Region | None) -> list[Region]:
    """Return a region and the wider ones that contain it, the narrowest first."""
    found: list[Region] = []
    while region is not None:
        found.append(region)
        region = region.parent
    return found
