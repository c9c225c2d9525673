"""The components, form fields, dates and styles, as far as they can be checked without a browser."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.formats import number_format
from django.utils.functional import SimpleLazyObject
from django.utils.html import strip_tags

from assistance import registry
from entities.models import Organisation
from web.dates import in_words
from web.markup import ICONS, TONES

BASE = Path(settings.BASE_DIR)
STATIC = BASE / "web/static/web"
SHEETS = [STATIC / name for name in ("portal.css", "components.css", "forms.css", "print.css")]
TEMPLATES = sorted(path for path in (BASE / "templates").rglob("*.html") if "mail" not in path.parts)

WHOLE = {
    "heading": 'heading "t"',
    "badge": 'badge "l"',
    "icon": 'icon "x"',
    "stepper": "stepper rows",
    "timeline": "timeline rows",
    "who_sees": "who_sees who",
    "filter_bar": "filter_bar form",
    "table_head": "table_head rows",
    "empty": 'empty "t"',
    "pager": 'pager next_url="?2"',
    "action_button": "action_button action",
    "coverage": "coverage 1 2 3",
    "coverage_line": "coverage_line 1 2 3",
    "pillar_balance": "pillar_balance rows",
    "funnel": "funnel rows",
    "text_in": 'text_in "t" "ar"',
    "original": 'original row "name"',
    "written": 'written "t"',
    "ltr": 'ltr "t"',
    "error_summary": "error_summary form",
}


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def words(source: str, **context: object) -> str:
    return " ".join(strip_tags(render(source, **context)).split())


# ── Declared arguments ───────────────────────────────────────────────────────
@pytest.mark.parametrize("tag", WHOLE.values(), ids=WHOLE)
def test_an_unknown_argument_is_an_error_when_the_template_is_read(tag: str) -> None:
    Template("{% load ui %}{% " + tag + " %}")
    with pytest.raises(TemplateSyntaxError, match="nonsense"):
        Template("{% load ui %}{% " + tag + " nonsense=1 %}")


@pytest.mark.parametrize("name", [name for name in WHOLE if name != "pager"])
def test_a_missing_argument_is_an_error_when_the_template_is_read(name: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="did not receive value"):
        Template("{% load ui %}{% " + name + " %}")


@pytest.mark.parametrize("tag", ['badge "l" tone="purple"', 'badge "l" icon="unicorn"', 'icon "unicorn"'])
def test_an_unknown_tone_or_icon_is_an_error_when_rendered(tag: str) -> None:
    with pytest.raises(ValueError, match=r"unicorn|purple"):
        render("{% " + tag + " %}")


def test_every_tone_brings_an_icon_of_the_sprite() -> None:
    assert set(TONES.values()) <= ICONS


@pytest.mark.parametrize("state", registry.styles())
def test_every_state_has_a_badge_with_icon_and_word(state: str) -> None:
    tone, icon = registry.styles()[state]
    html = render("{% badge label tone=tone icon=icon %}", label="In words", tone=tone, icon=icon)
    assert f"sprite.svg#{icon}" in html and "In words" in html


# ── What the components say ──────────────────────────────────────────────────
def test_a_coverage_bar_stays_inside_its_frame_and_is_told_in_words() -> None:
    html = render("{% coverage 140 60 None %}")
    assert re.findall(r'class="bar-\w+" width="(\d+)"', html) == ["100", "100", "60", "0"]
    assert words("{% coverage 80 60 20 %}") == "80% reported as delivered 60% confirmed 20% verified 40% open"


def test_bars_are_lengths_of_whole_numbers_whatever_the_language() -> None:
    rows = [{"label": "I", "count": 1500, "url": "?s=a"}, SimpleNamespace(label="II", count=5, url="")]
    with translation.override("fr"):
        html = render("{% funnel rows %}", rows=rows)
    assert re.findall(r' width="(\d+)" height="12"/>', html) == ["100", "0"]
    assert 'href="?s=a"' in html


def test_an_empty_funnel_and_an_empty_timeline_are_no_error() -> None:
    assert "svg" not in render("{% funnel rows %}", rows=[])
    assert "No events yet" in words("{% timeline rows %}", rows=[])


def test_the_stepper_says_where_it_is_to_those_who_cannot_see_it() -> None:
    steps = [{"label": "Agreed", "state": "done"}, {"label": "Shared", "state": "here"}, {"label": "Met"}]
    html = render("{% stepper steps %}", steps=steps)
    wide, narrow = html.split('class="stepper-narrow"')  # of the two only one is displayed
    assert wide.count('aria-current="step"') == narrow.count('aria-current="step"') == 1
    said = "Agreed (done) 2 Shared (now) 3 Met (to come)"
    assert words("{% stepper steps %}", steps=steps) == f"{said} Step 2 of 3: Shared All steps {said}"


def test_the_stepper_says_when_a_step_was_done_and_since_when_the_present_one_lasts() -> None:
    day = dt.datetime(2026, 11, 7, tzinfo=dt.UTC)
    steps = [
        {"label": "Draft", "state": "done", "at": day},
        {"label": "Put", "state": "here", "at": day, "hint": "Agree."},
    ]
    said = words("{% stepper steps %}", steps=steps)
    assert "Draft (done) 7 Nov 2026" in said and "Put (now) since 7 Nov 2026 Agree." in said


def test_a_text_of_another_language_is_marked_with_its_language_and_direction() -> None:
    with translation.override("en"):
        html = render('{% text_in "حاجة" "ar" %}')
        assert '<span lang="ar" dir="rtl">حاجة</span>' in html and "Arabic" in html
        assert "language-mark" not in render('{% text_in "need" "en" %}')
    with translation.override("zh-hans"):
        assert "language-mark" not in render('{% text_in "需要" "zh" %}')


@pytest.mark.parametrize(
    ("text", "reader", "mark"),
    [("أرسلت اليوم", "en", "Arabic"), ("Отложено", "en", "Russian"), ("下周", "fr", "Chinois"), ("下周", "zh-hans", ""),
     ("Reporté", "en", ""), ("Phase 2 из 3", "en", ""), ("", "en", "")],
)  # fmt: skip
def test_a_text_without_a_stored_language_is_marked_by_its_letters(text: str, reader: str, mark: str) -> None:
    with translation.override(reader):
        html = render("{% written text %}", text=text)
    assert ("language-mark" in html) is bool(mark) and mark.lower() in html.lower()
    assert ('dir="rtl"' in html) is (text == "أرسلت اليوم")


def test_an_unknown_language_leaves_the_direction_to_the_browser() -> None:
    html = render('{% text_in "?" "xx" %}')
    assert 'dir="auto"' in html and "language-mark" not in html


def test_a_field_that_fell_back_names_the_language_it_fell_back_to() -> None:
    with translation.override("en"):
        html = render('{% original row "name" %}', row=Organisation(name_en="", name_fr="Nom"))
    assert '<span lang="fr" dir="ltr">Nom</span>' in html and "French" in html


def test_what_people_write_is_escaped_everywhere() -> None:
    bad = "<b>x</b>"
    entry = {"at": dt.datetime(2026, 3, 7, tzinfo=dt.UTC), "actor": bad, "text": bad, "reason": bad}
    tags = "{% heading bad %}{% badge bad %}{% ltr bad %}{% text_in bad 'fr' block=True %}{% timeline rows %}{% empty bad %}"
    assert bad not in render(tags, bad=bad, rows=[entry])


def test_the_pager_is_silent_when_there_is_one_page() -> None:
    assert render("{% pager next_url=None previous_url='' %}").strip() == ""


def test_filters_work_without_a_script_and_each_can_be_taken_off() -> None:
    class Filters(forms.Form):
        q = forms.CharField(required=False)

    html = render("{% filter_bar form chips=chips %}", form=Filters(), chips=[{"label": "State: X", "url": "?p=2"}])
    assert 'method="get"' in html and '<button class="btn btn-outline-primary" type="submit">' in html
    assert '<a class="chip" href="?p=2">' in html
    assert 'hx-target="#results"' in html and 'hx-push-url="true"' in html


# ── Forms ────────────────────────────────────────────────────────────────────
class Entry(forms.Form):
    """A form with one field of every kind, and an error of the whole form."""

    title = forms.CharField(help_text="One line.")
    note = forms.CharField(required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    day = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    file = forms.FileField(required=False)
    sure = forms.BooleanField(required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("As a whole it does not fit.")


def test_a_field_says_in_words_whether_it_is_required() -> None:
    html = str(Entry())
    assert re.search(r'<label for="id_title">Title\s+<span class="field-word">\(required\)', html)
    assert re.search(r'<label for="id_note">Note\s+<span class="field-word">\(optional\)', html)
    assert 'class="form-control"' in html and 'class="form-check-input"' in html
    assert '<fieldset id="id_kind_group"' in html and re.search(r"<legend>Kind\s", html)


def test_an_error_is_tied_to_its_field_and_linked_from_the_summary() -> None:
    html = str(Entry({"note": "kept"}))
    assert re.search(
        r'name="title"[^>]*aria-invalid="true"[^>]*aria-describedby="id_title_helptext id_title_error"', html
    )
    assert 'id="id_title_error"' in html and 'id="id_title_helptext"' in html
    assert '<a href="#id_title">' in html and '<a href="#id_kind_group">' in html
    assert html.count("As a whole it does not fit.") == 1
    assert "kept" in html


def test_the_error_summary_is_shown_once_though_the_page_asks_for_it_too() -> None:
    html = render("{% error_summary form %}{{ form }}", form=Entry({}))
    assert html.count('class="error-summary"') == 1


# ── Dates and numbers ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("language", "long", "number"),
    [
        ("ar", "7 آذار/مارس 2026", "1\xa0234.5"),
        ("en", "7 March 2026", "1,234.5"),
        ("es", "7 de marzo de 2026", "1\xa0234,5"),
        ("fr", "7 mars 2026", "1\xa0234,5"),
        ("ru", "7 марта 2026 года", "1\xa0234,5"),
        ("zh-hans", "2026年3月7日", "1\xa0234.5"),
    ],
)
def test_dates_and_numbers_are_written_as_the_language_writes_them(language: str, long: str, number: str) -> None:
    with translation.override(language):
        assert in_words(dt.date(2026, 3, 7)) == long
        assert number_format(1234.5, use_l10n=True, force_grouping=True) == number
        assert forms.DateField().clean("2026-03-07") == dt.date(2026, 3, 7)


# ── Rules of the styles ──────────────────────────────────────────────────────
def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours `#rrggbb`, as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def tokens(theme: str) -> dict[str, str]:
    """Return the colours of one theme; dark inherits from light what it does not define."""
    css = (STATIC / "portal.css").read_text("utf-8")
    blocks = re.findall(r'^(?::root, )?\[data-bs-theme="(\w+)"\] \{(.*?)^\}', css, re.DOTALL | re.MULTILINE)
    found: dict[str, str] = {}
    for name, body in blocks:
        if name in ("light", theme):
            found |= dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", body))
    return found


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_text_colour_can_be_read_on_every_ground_it_meets(theme: str) -> None:
    colour = tokens(theme)
    pairs = [(ink, ground) for ink in ("ink", "ink-soft", "accent-strong") for ground in ("paper", "ground", "hover")]
    pairs += [(f"{tone}-ink", f"{tone}-paper") for tone in TONES] + [("on-accent", "accent-strong")]
    poor = {pair: round(ratio(colour[pair[0]], colour[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in poor.items() if value < 4.5} == {}
    assert ratio(colour["line-strong"], colour["paper"]) >= 3


def test_style_sheets_know_start_and_end_but_not_left_and_right() -> None:
    sided = re.compile(
        r"(?:margin|padding|border)-(?:left|right)|[\s;{](?:left|right):|(?:float|text-align): (?:left|right)"
    )
    assert {sheet.name: sided.findall(sheet.read_text("utf-8")) for sheet in SHEETS} == {s.name: [] for s in SHEETS}


INLINE = re.compile(
    r"""\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*(?:\ssrc=|type="application/json"))""", re.IGNORECASE
)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(BASE / "templates")))
def test_a_template_holds_no_inline_script_or_style_and_is_short(path: Path) -> None:
    source = path.read_text("utf-8")
    assert INLINE.search(source) is None
    assert source.count("\n") <= 150


def test_icons_named_in_templates_exist() -> None:
    named = {name for path in TEMPLATES for name in re.findall(r'{% icon "([^"]+)"', path.read_text("utf-8"))}
    assert named <= ICONS


def test_what_others_made_comes_with_its_licence_and_without_source_maps() -> None:
    vendor = STATIC / "vendor"
    for folder in (path for path in vendor.iterdir() if path.is_dir()):
        assert [path for path in folder.iterdir() if re.match(r"LICENSE|OFL", path.name)], folder.name
    for path in vendor.rglob("*.[cj]s*"):
        assert "sourceMappingURL" not in path.read_text("utf-8")


# ── The page frame ───────────────────────────────────────────────────────────
@pytest.fixture
def frame() -> Iterator[dict[str, object]]:
    place = SimpleNamespace(url="/needs/", label="Needs", current=True)
    user = SimpleNamespace(is_authenticated=True, pk="42")
    actor = SimpleNamespace(appointments=["Focal point, Carana"])
    with translation.override("en"):
        yield {"user": user, "actor": actor, "places": [place], "unread": 3, "demo": True, "csrf_token": "t"}


def test_the_frame_shows_a_signed_in_person_where_they_are_and_as_whom(frame: dict[str, object]) -> None:
    html = render_to_string("base.html", frame)
    assert '<html lang="en" dir="ltr">' in html and "bootstrap.min.css" in html
    assert '<a href="/needs/" aria-current="page">Needs</a>' in html
    assert "Focal point, Carana" in html and "Demonstration" in html and 'data-person="42"' in html


def test_the_frame_is_mirrored_in_arabic(frame: dict[str, object]) -> None:
    with translation.override("ar"):
        html = render_to_string("base.html", frame)
    assert '<html lang="ar" dir="rtl">' in html and "bootstrap.rtl.min.css" in html


@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_the_bell_counts_in_every_language_even_when_the_count_is_lazy(frame: dict[str, object], language: str) -> None:
    with translation.override(language):
        html = render_to_string("base.html", frame | {"unread": SimpleLazyObject(lambda: 120)})
        silent = render_to_string("base.html", frame | {"unread": SimpleLazyObject(lambda: 0)})
    assert ">99+</span>" in html and "bell-count" not in silent


def test_the_frame_shows_a_stranger_nothing_of_the_inside() -> None:
    html = render_to_string("base.html", {})
    assert not re.search(r'class="(places|menu|topbar-search|btn btn-quiet bell)"|data-person|data-sign-out', html)


@pytest.mark.parametrize(
    "name",
    ["400.html", "500.html", *(f"errors/{status}.html" for status in (403, 404, 413, 422, 503))],
)
def test_an_error_page_stands_without_any_context(name: str) -> None:
    html = render_to_string(name)
    assert "<h1>" in html and 'href="/"' in html


def test_a_stale_save_shows_both_texts_and_keeps_the_form() -> None:
    row = {"label": "Title", "yours": "my words", "theirs": "their words"}
    html = render_to_string("errors/409.html", {"rows": [row], "form": Entry({"title": "my words"}), "back_url": "/n/"})
    assert (
        "my words</td>" in html and "their words</td>" in html and 'value="my words"' in html and 'href="/n/"' in html
    )


def test_a_refused_transition_says_why_once_and_leads_to_the_record() -> None:
    html = render_to_string("errors/409.html", {"message": "It is closed.", "record_url": "/needs/1/"})
    assert html.count("It is closed.") == 1 and 'href="/needs/1/"' in html and "Open the record" in html


def test_a_refusal_says_who_can_do_it_and_leads_to_the_record() -> None:
    html = render_to_string("errors/403.html", {"message": "No.", "who": "CTED", "record_url": "/needs/1/"})
    assert "Authorized: CTED." in html and 'href="/needs/1/"' in html and "No." not in html
