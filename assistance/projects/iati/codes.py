"""What the codes of IATI 2.03 mean in the portal: data only. Source: its code lists, https://iatistandard.org."""

from collections.abc import Mapping

from assistance.projects.states import PartyRole, ProjectStatus

VERSIONS = ("2.01", "2.02", "2.03")  # minor versions of the standard are backward compatible

# ActivityStatus. "Finalisation" (3), with only the accounts open, counts as completed.
STATUSES: Mapping[str, str] = {
    "1": ProjectStatus.PLANNED,
    "2": ProjectStatus.ONGOING,
    "3": ProjectStatus.COMPLETED,
    "4": ProjectStatus.COMPLETED,
    "5": ProjectStatus.CANCELLED,
    "6": ProjectStatus.SUSPENDED,
}

# OrganisationRole
ROLES: Mapping[str, str] = {
    "1": PartyRole.FUNDING,
    "2": PartyRole.ACCOUNTABLE,
    "3": PartyRole.EXTENDING,
    "4": PartyRole.IMPLEMENTING,
}

# ActivityDateType
DATES: Mapping[str, str] = {"1": "planned_start", "2": "actual_start", "3": "planned_end", "4": "actual_end"}
PERIODS = (("planned_start", "planned_end"), ("actual_start", "actual_end"))

# RegionVocabulary. The regions of the first (OECD DAC, the default) contain other States than those of M49.
DAC_REGIONS, M49_REGIONS = "1", "2"

# BudgetType: a revised budget replaces the original one of the same period.
REVISED_BUDGET = "2"

# Places with a code used by publishers that are no States in the portal; names as used by the United Nations.
PLACES: Mapping[str, str] = {"XK": "Kosovo (Security Council resolution 1244 (1999))"}

LANGUAGES: Mapping[str, str] = {"ar": "ar", "en": "en", "es": "es", "fr": "fr", "ru": "ru", "zh": "zh-hans"}
