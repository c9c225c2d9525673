"""The invented organisations of the demonstration: three States, two partners and a working group."""

from typing import Any

from entities.models import Kind, Organisation, WorkingGroup

MARK = "Demonstration: invented."
LANGUAGES = ("en", "ar", "es", "fr", "ru", "zh_hans")

STATES: tuple[dict[str, Any], ...] = (
    # Located in the open ocean, far from any land; with ISO 3166 codes from the user-assigned ranges.
    {
        "slug": "carana", "iso2": "XC", "iso3": "XCA", "region_id": "011", "latitude": -3.0, "longitude": -17.0,
        "names": ("Carana", "كارانا", "Carana", "Carana", "Карана", "卡拉纳"),
    },
    {
        "slug": "sumora", "iso2": "XS", "iso3": "XSU", "region_id": "035", "latitude": -11.0, "longitude": 86.0,
        "names": ("Sumora", "سومورا", "Sumora", "Sumora", "Сумора", "苏莫拉"),
    },
    {
        "slug": "katasi", "iso2": "XT", "iso3": "XKT", "region_id": "014", "latitude": -31.0, "longitude": 64.0,
        "names": ("Katasi", "كاتاسي", "Katasi", "Katasi", "Катаси", "卡塔西"),
    },
)  # fmt: skip
PARTNERS: tuple[dict[str, Any], ...] = (
    {
        "slug": "demo-fund", "is_donor": True, "acronym": "MFSB",
        "names": (
            "Meridian Fund for Safer Borders", "صندوق ميريديان لحدود أكثر أمنا",
            "Fondo Meridian para Fronteras más Seguras", "Fonds Meridian pour des frontières plus sûres",
            "Фонд «Меридиан» за безопасные границы", "子午线边境安全基金",
        ),
    },
    {
        "slug": "demo-institute", "is_donor": False, "acronym": "HLI",
        "names": (
            "Harbour Lane Institute", "معهد هاربر لين", "Instituto Harbour Lane", "Institut Harbour Lane",
            "Институт Харбор-Лейн", "港湾巷研究所",
        ),
    },
)  # fmt: skip
GROUP = "demo-borders"
GROUP_NAMES = (
    "Demonstration group on borders", "فريق الحدود (للعرض)", "Grupo de demostración sobre fronteras",
    "Groupe de démonstration sur les frontières", "Демонстрационная группа по границам", "边境问题演示小组",
)  # fmt: skip
GROUP_MEMBERS = ("unodc", "iom", "interpol")


def establish() -> None:
    """Create the invented organisations and the working group, whose members are real entities."""
    for row in STATES:
        Organisation.objects.establish(kind=Kind.MEMBER_STATE, is_demo=True, provenance=MARK, **_fields(row))
    for row in PARTNERS:
        Organisation.objects.establish(kind=Kind.PARTNER, is_demo=True, provenance=MARK, **_fields(row))
    group = WorkingGroup.objects.establish(
        slug=GROUP, pillar_id="II", note=MARK, provenance=MARK, **_fields({"names": GROUP_NAMES})
    )
    group.members.set(Organisation.objects.filter(slug__in=GROUP_MEMBERS))


def _fields(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row of the tables above, with its names as one column for each language."""
    fields = {name: value for name, value in row.items() if name != "names"}
    names = {f"name_{code}": name for code, name in zip(LANGUAGES, row["names"], strict=True)}
    return {"name": row["names"][0], **names, **fields}
