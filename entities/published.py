"""Names stored as published, in lists separated by “;”: shown in the reader's language where an organisation has them."""

import re
from collections.abc import Iterable, Mapping

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from entities.collation import in_language
from entities.models import Organisation, OtherName
from web.folding import fold
from web.lists import enumerated

WITH_YEAR = re.compile(r"(.*?)( \(\d{4}\))?", re.DOTALL)


def known(rows: Iterable[Organisation]) -> dict[str, Organisation]:
    """Return the organisations by their English acronym and names, folded. Two statements."""
    found = {one.pk: one for one in rows}
    others = OtherName.objects.filter(organisation__in=found, language="en").values_list("organisation", "name")
    names = {fold(name): found[pk] for pk, name in others}
    for one in found.values():
        texts = (getattr(one, in_language(field, "en")) for field in ("name", "acronym"))
        names |= {fold(text): one for text in texts if text}
    return names


def names(text: str, found: Mapping[str, Organisation]) -> SafeString:
    """Return the list as its reader writes one; what is no organisation's name stays in English and is marked so."""
    pieces = [piece.strip() for piece in text.split(";") if piece.strip()]
    return format_html_join(enumerated(("", "")), "{}", ((_name(piece, found),) for piece in pieces))


def _name(piece: str, found: Mapping[str, Organisation]) -> SafeString:
    """Return one name, also with a year behind it; of joint names, as UNOCT/UNCCT, each part by itself."""
    plain, year = WITH_YEAR.fullmatch(piece).groups(default="")  # type: ignore[union-attr]
    if one := found.get(fold(plain)):
        return format_html("<bdi>{}{}</bdi>", one.short, year)
    parts = piece.split("/")
    if any(fold(part) in found for part in parts):
        shown = (found[fold(part)].short if fold(part) in found else part for part in parts)
        return format_html("<bdi>{}</bdi>", "/".join(shown))
    return format_html('<bdi lang="en">{}</bdi>', piece)
