"""The smallest parts of pages, written in Python: in a list of fifty rows they stand four hundred times.

The tags of their names (`web/templatetags/ui.py`) and the cells of lists (`web/cells.py`) return them.
"""

import functools
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext, pgettext

from web.languages import NAMES
from web.lists import comma
from web.phrases import label_pattern, percent

SPRITE = "web/vendor/bootstrap-icons/sprite.svg"
ICONS = frozenset(re.findall(r'<symbol id="([\w-]+)"', (Path(__file__).parent / "static" / SPRITE).read_text("utf-8")))
# Tone → the icon shown when the caller names none, so that no status is shown by colour alone.
TONES = {
    "neutral": "circle",
    "info": "info-circle",
    "accent": "arrow-right",
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "danger": "x-octagon",
}
# Icons that point in reading direction and are mirrored in right-to-left languages.
DIRECTED = frozenset({"arrow-right", "chevron-left", "chevron-right", "box-arrow-right", "send", "arrow-back"})


@functools.cache
def icon(name: str) -> SafeString:
    """Return one icon of the sprite as decoration. Raises ValueError if the sprite lacks it."""
    if name not in ICONS:
        raise ValueError(f"no icon {name!r} in {SPRITE}")
    css = "icon icon-directed" if name in DIRECTED else "icon"
    return format_html(
        '<svg class="{}" width="16" height="16" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>',
        css,
        static(SPRITE),
        name,
    )


def badge(label: Any, tone: str = "neutral", symbol: str = "") -> SafeString:
    """Return a status, priority or consent as icon, word and colour together. Raises ValueError for an unknown tone."""
    if tone not in TONES:
        raise ValueError(f"unknown tone {tone!r}; known: {', '.join(TONES)}")
    return format_html('<span class="tag tone-{}">{}<span>{}</span></span>', tone, icon(symbol or TONES[tone]), label)


def ltr(value: Any) -> SafeString:
    """Return a reference, number or Latin name, isolated so that Arabic around it does not reorder it."""
    return format_html('<bdi dir="ltr">{}</bdi>', "" if value is None else value)


def labelled(label: str, value: Any = "") -> SafeString:
    """Return a label and its value as one phrase; without a value the label with the sign after it."""
    return format_html(label_pattern(), label=label, value=value)


def share(value: Any) -> SafeString:
    """Return a share in per cent, the number and its sign kept on one line."""
    return format_html('<span class="atom">{}</span>', percent(value))


def text_in(text: Any, lang: str, *, direction: str = "", reader: str = "") -> SafeString:
    """Return a text in its own language, marked when that is not the reader's; without a line break at its end.

    An unknown language code gives the text without a mark and lets the browser find its direction.
    """
    facts = facts_of(lang, reader)
    found = format_html(
        '<span{} dir="{}">{}</span>',
        format_html(' lang="{}"', facts["lang"]) if facts["lang"] else "",
        direction or facts["dir"],
        text,
    )
    if not (text and facts["foreign"]):
        return found
    label = labelled(pgettext("label", "Language"))
    mark = '{} <span class="language-mark"><span class="visually-hidden">{}</span>{}</span>'
    return format_html(mark, found, label, facts["name"])


class Named(Protocol):
    """A record named in words: its title with the language of a text of its own, facts, and its reference."""

    @property
    def title(self) -> Any: ...
    @property
    def language(self) -> str: ...
    @property
    def facts(self) -> Sequence[Any]: ...
    @property
    def reference(self) -> str: ...


def matter(named: Named, url: str, text: Any = "") -> SafeString:
    """Return a record named in words as a link: title, what is said of it, facts, and its reference last."""
    title = text_in(named.title, named.language) if named.language else format_html("<bdi>{}</bdi>", named.title)
    facts = [format_html("<bdi>{}</bdi>", fact) for fact in named.facts]
    parts = [*([text] if text else []), *facts, *([ltr(named.reference)] if named.reference else [])]
    return format_html(
        '<div class="matter"><p class="matter-title"><a href="{}">{}</a></p> <p class="matter-facts">{}</p></div>',
        url,
        title,
        format_html_join(" ", "<span>{}</span>", ((part,) for part in parts)),
    )


def facts_of(lang: str, reader: str = "") -> dict[str, Any]:
    """Return code, direction and name of a language, and whether it is another than the reader's."""
    code = {"zh": "zh-hans"}.get(lang, lang)
    read = {"zh": "zh-hans"}.get(reader, reader) or get_language() or ""
    try:
        info, name = get_language_info(code), str(NAMES[code])
    except KeyError:
        return {"lang": lang, "dir": "auto", "foreign": False, "name": ""}
    foreign = info["code"].split("-")[0] != read.split("-")[0]
    return {"lang": info["code"], "dir": "rtl" if info["bidi"] else "ltr", "foreign": foreign, "name": name}


def coverage_line(confirmed: int, verified: int) -> SafeString:
    """Return the coverage of a need as one line of a list: a thin bar, and the confirmed share unless it is zero."""
    said = gettext("%(share)s%% confirmed") % {"share": confirmed}
    number: str | SafeString = ""
    if confirmed:
        number = format_html('<span class="coverage-number">{}</span>', share(confirmed))
        said = f"{said}{comma()}{gettext('%(share)s%% verified') % {'share': verified}}"
    return format_html(
        '<div class="coverage-line"><svg class="coverage-bar" viewBox="0 0 100 6" width="56" height="6"'
        ' preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="bar-open" width="100" height="6"/><rect class="bar-confirmed" width="{}" height="6"/>'
        '<rect class="bar-verified" width="{}" height="6"/></svg>{}<span class="visually-hidden">{}</span></div>',
        str(confirmed),
        str(verified),
        number,
        said,
    )
