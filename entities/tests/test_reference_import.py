"""The reference lists: complete, unchanged by a second import, and with nothing that is not in the source."""

import re

import pytest
from django.utils.translation import override

from accounts.models.user import known_time_zones
from entities.collation import in_language
from entities.groups import STANDING
from entities.models import (
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
from entities.models.vocabulary import TREATY
from entities.reference_import import load_all, read
from web.folding import fold

pytestmark = pytest.mark.usefixtures("reference_lists", "db")
SIX = ("ar", "en", "es", "fr", "ru", "zh_hans")


def test_all_members_and_observers_have_names_in_six_languages() -> None:
    assert Organisation.objects.filter(kind=Kind.MEMBER_STATE).count() == 193
    observers = Organisation.objects.filter(kind=Kind.OBSERVER_STATE)
    assert set(observers.values_list("iso3", flat=True)) == {"VAT", "PSE"}
    for state in Organisation.objects.states():
        assert all(getattr(state, f"name_{code}") for code in SIX), state.slug
        assert len(state.iso3) == 3 and len(state.iso2) == 2 and len(state.m49) == 3
        assert state.region_id and state.latitude is not None and state.longitude is not None
        assert "hdx-python-country" in state.provenance


def test_a_correction_in_a_list_is_taken_over_and_the_rest_is_left_alone() -> None:
    Organisation.objects.rewrite(False).filter(slug="kenya").update(name_en="Kenja", name="Kenja", is_donor=True)
    Organisation.objects.establish(slug="our-own", kind=Kind.PARTNER, name_en="Ours")
    states = next(count for count in load_all() if count.label == "states")
    assert (states.created, states.updated, states.unchanged) == (0, 1, 194)
    kenya = Organisation.objects.get(slug="kenya")
    assert kenya.name_en == "Kenya" and kenya.is_donor
    assert Organisation.objects.filter(slug="our-own").exists()


def test_members_of_a_working_group_are_kept_by_hand() -> None:
    group = WorkingGroup.objects.get(slug="rmme")
    assert set(group.members.values_list("slug", flat=True)) == {"unoct", "cted", "unodc"}
    group.members.set(Organisation.objects.filter(slug="iom"))
    load_all()
    assert set(group.members.values_list("slug", flat=True)) == {"iom"}


def test_counts_of_the_other_lists() -> None:
    found = {model: model.objects.count() for model in (Pillar, Theme, Instrument, Programme, WorkingGroup, Region)}
    assert found == {Pillar: 4, Theme: 33, Instrument: 81, Programme: 24, WorkingGroup: 8, Region: 30}
    assert Organisation.objects.compact().count() == 33
    assert Organisation.objects.filter(kind=Kind.PARTNER).count() == 50
    assert set(Organisation.objects.exclude(iati_ref="").values_list("slug", "iati_ref")) == {
        ("iom", "XM-DAC-47066"),
        ("unoct", "XM-DAC-41305"),
    }


def test_every_organisation_and_working_group_has_its_own_group_besides_the_standing_ones() -> None:
    ids = [*Organisation.objects.values_list("group_id", flat=True)]
    ids += WorkingGroup.objects.values_list("group_id", flat=True)
    assert len(ids) == len(set(ids)) and not set(ids) & set(STANDING)


def test_slugs_of_organisations_and_working_groups_never_meet() -> None:
    organisations = set(Organisation.objects.values_list("slug", flat=True))
    assert not organisations & set(WorkingGroup.objects.values_list("slug", flat=True))
    assert {"kenya", "cote-divoire", "turkiye", "cted", "unoct", "unodc", "un-women"} <= organisations


def test_pillars_of_themes_and_working_groups() -> None:
    assert Theme.objects.get(code="gender").pillar is None
    assert Theme.objects.get(code="cft").pillar_id == "II"
    victims = WorkingGroup.objects.get(slug="hrrlvt")
    assert victims.pillar_id == "IV" and "4 (victims: 1)" in victims.note
    assert WorkingGroup.objects.get(slug="gs").pillar is None
    assert list(Pillar.objects.values_list("code", flat=True)) == ["I", "II", "III", "IV"]


def test_regions_hang_together_and_states_hang_in_the_narrowest() -> None:
    kenya = Organisation.objects.select_related("region__parent__parent").get(slug="kenya")
    assert [kenya.region.name, kenya.region.parent.name, kenya.region.parent.parent.name] == [
        "Eastern Africa",
        "Sub-Saharan Africa",
        "Africa",
    ]


def test_an_unknown_name_stays_empty_and_falls_back_to_english() -> None:
    Organisation.objects.establish(slug="our-own", kind=Kind.PARTNER, name_en="Ours")
    with override("ru"):
        assert Organisation.objects.get(slug="our-own").name == "Ours"
        assert Organisation.objects.get(slug="kenya").name == "Кения"
    with override("ar"):
        assert Pillar.objects.get(code="II").label == "منع الإرهاب ومكافحته"
    assert Instrument.objects.get(symbol="CT-11").label.startswith("International Convention for the Suppression")


def test_pillars_and_working_groups_have_names_in_six_languages() -> None:
    for pillar in Pillar.objects.all():
        assert all(0 < len(getattr(pillar, f"short_{code}")) <= 60 for code in SIX), pillar.code
    for group in WorkingGroup.objects.all():
        assert all(getattr(group, f"name_{code}") for code in SIX), group.slug
        assert "es:K" in group.provenance


def test_no_state_has_a_straight_apostrophe_and_both_are_found() -> None:
    assert not [row["slug"] for row in read("states") if any("'" in row[f"name_{code}"] for code in ("en", "es", "fr"))]
    assert Organisation.objects.get(slug="cote-divoire").name_fr == "Côte d’Ivoire"
    for term in ("Côte d'Ivoire", "Côte d’Ivoire", "cote d'ivoire"):
        assert [one.slug for one in Organisation.objects.named_like(term)] == ["cote-divoire"]


LATIN = re.compile("[A-Za-z]")


@pytest.mark.parametrize("language", ["ar", "ru", "zh-hans"])
def test_no_region_or_treaty_is_named_in_english_where_letters_are_not_latin(language: str) -> None:
    with override(language):
        names = [region.name for region in Region.objects.all()]
        names += [treaty.label for treaty in Instrument.objects.filter(kind=TREATY)]
    assert len(names) == 30 + 19
    assert [name for name in names if LATIN.search(name)] == []


@pytest.mark.parametrize("language", ["es", "fr"])
def test_every_region_and_treaty_has_a_name_of_its_own_in_spanish_and_french(language: str) -> None:
    rows: list[Region | Instrument] = [*Region.objects.all(), *Instrument.objects.filter(kind=TREATY)]
    field = {Region: "name", Instrument: "subject"}
    assert [row for row in rows if not getattr(row, f"{field[type(row)]}_{language}")] == []


def test_every_row_says_where_the_names_in_other_languages_come_from() -> None:
    for row in read("regions"):
        assert all(code in row["provenance"] for code in ("ar", "es", "fr", "ru", "zh")), row["code"]
    titled = [row for row in read("instruments") if row["subject_ar"]]
    assert len(titled) == 19 and all(row["title_provenance"] for row in titled)


def test_no_list_has_a_key_twice_or_a_name_with_stray_marks() -> None:
    for name in ("states", "regions", "compact_entities", "partners", "themes", "instruments", "programmes"):
        rows = list(read(name))
        keys = [next(iter(row.values())) for row in rows]
        assert len(keys) == len(set(keys))
        assert not [value for row in rows for value in row.values() if set(value) & set("\n\r\t\x00\u200e\u200f")]


@pytest.mark.parametrize(
    ("language", "first", "last"),
    [
        ("en", "Afghanistan", "Zimbabwe"),
        ("fr", "Afghanistan", "Zimbabwe"),
        ("es", "Afganistán", "Zimbabwe"),
        ("ru", "Австралия", "Япония"),
        ("ar", "الاتحاد الروسي", "اليونان"),
    ],
)
def test_states_sort_as_a_reader_of_the_language_expects(language: str, first: str, last: str) -> None:
    with override(language):
        names = [state.name for state in Organisation.objects.filter(kind=Kind.MEMBER_STATE).by_name()]
    assert (names[0], names[-1]) == (first, last)
    if language == "fr":
        assert names.index("Égypte") < names.index("Fidji")


def test_states_sort_by_pronunciation_in_chinese() -> None:
    with override("zh-hans"):
        names = [state.name for state in Organisation.objects.filter(kind=Kind.MEMBER_STATE).by_name()]
    assert names[:3] == ["阿尔巴尼亚", "阿尔及利亚", "阿富汗"]
    in_order = (
        "巴西",
        "贝宁",
        "秘鲁",
        "不丹",
        "德国",
        "法国",
        "肯尼亚",
        "老挝人民民主共和国",
        "瑙鲁",
        "尼泊尔",
        "乍得",
        "中国",
    )
    order = [names.index(name) for name in in_order]  # 秘 is read bì there, and 瑙 is a rare character
    assert order == sorted(order)


def test_every_chinese_name_has_its_sound() -> None:
    silent = Organisation.objects.exclude(name_zh_hans=None).exclude(name_zh_hans="").filter(pinyin="")
    assert not silent.exists()
    for row in read("pinyin"):
        letters = [letter for letter in row["name_zh"] if "\u4e00" <= letter <= "\u9fff"]
        assert len(letters) == len(row["pinyin"].split()), row
    Organisation.objects.filter(slug="peru").update(name_zh_hans="秘鲁共和国", pinyin="bi4 lu3 gong4 he2 guo2")
    load_all()
    assert Organisation.objects.get(slug="peru").pinyin == "bi4 lu3"


def test_every_state_has_a_time_zone_that_is_kept_by_hand_afterwards() -> None:
    assert {state.time_zone for state in Organisation.objects.states()} <= known_time_zones()
    Organisation.objects.filter(slug="kiribati").update(time_zone="Pacific/Kiritimati")
    load_all()
    assert Organisation.objects.get(slug="kiribati").time_zone == "Pacific/Kiritimati"


@pytest.mark.parametrize(
    ("term", "slug"),
    [
        ("Turkey", "turkiye"), ("turquie", "turkiye"), ("swaziland", "eswatini"), ("Vietnam", "viet-nam"), ("Burma", "myanmar"),
        ("Czech Republic", "czechia"), ("Ivory Coast", "cote-divoire"), ("Cape Verde", "cabo-verde"),
        ("Macedonia", "north-macedonia"), ("Бирма", "myanmar"), ("Russia", "russian-federation"),
        ("叙利亚", "syrian-arab-republic"), ("سوريا", "syrian-arab-republic"),
        ("zaire", "democratic-republic-of-the-congo"), ("Belorussia", "belarus"), ("英国", None), ("Great Britain", None),
    ],
)  # fmt: skip
def test_former_and_usual_names_are_found(term: str, slug: str | None) -> None:
    slug = slug or Organisation.objects.get(iso3="GBR").slug
    assert slug in {organisation.slug for organisation in Organisation.objects.named_like(term)}


def test_no_other_name_is_the_name_of_another_state() -> None:
    for row in OtherName.objects.select_related("organisation"):
        now = Organisation.objects.states().filter(**{f"{in_language('name', row.language)}__folded": fold(row.name)})
        assert set(now) <= {row.organisation}, row.name


def test_names_without_a_text_in_the_language_sort_last_where_letters_differ() -> None:
    for language in ("ar", "ru", "zh-hans"):
        rows = [one for one in Organisation.objects.by_name(language) if not one.is_state]
        own = [bool(getattr(one, in_language("name", language))) for one in rows]
        assert own == sorted(own, reverse=True) and not all(own)


@pytest.mark.parametrize(
    ("term", "slug"),
    [
        ("kenya", "kenya"), ("KENYA", "kenya"), ("كينيا", "kenya"), ("Кения", "kenya"), ("肯尼亚", "kenya"),
        ("cote d", "cote-divoire"), ("Égypte", "egypt"), ("egypte", "egypt"), ("الاردن", "jordan"), ("الأردن", "jordan"),
        ("unodc", "unodc"), ("drogas", None), ("ecole", None), ("%", None), ("KEN", "kenya"), ("100%", None),
    ],
)  # fmt: skip
def test_search_finds_in_any_language_whatever_case_and_accents(term: str, slug: str | None) -> None:
    found = {organisation.slug for organisation in Organisation.objects.named_like(term)}
    assert (slug in found) if slug else not found


def test_the_four_programmes_of_the_source_have_their_parts_in_four_roles(db: None) -> None:
    load_all()
    parts = set(ProgrammePart.objects.values_list("programme", "organisation__slug", "role"))
    assert {("CT-TRAVEL", "unoct", "lead"), ("TAC-NEXUS", "unodc", "lead"), ("VT", "cted", "in_consultation")} <= parts
    assert ("FUSION", "acsrt-caert", "partner") in parts and len(parts) == 22
    assert "not in seed 003" in ProgrammePart.objects.get(programme="CT-TRAVEL", organisation__slug="iom").provenance
    (count,) = [one for one in load_all() if one.label == "programme parts"]
    assert (count.created, count.updated, count.unchanged) == (0, 0, 22)
