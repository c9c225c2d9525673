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
# The regions of the OECD DAC, by the names it gives them.
DAC_REGION_NAMES: Mapping[str, str] = {
    "88": "States Ex-Yugoslavia unspecified", "89": "Europe, regional", "189": "North of Sahara, regional",
    "289": "South of Sahara, regional", "298": "Africa, regional", "380": "West Indies, regional",
    "389": "North and Central America, regional", "489": "South America, regional", "498": "America, regional",
    "589": "Middle East, regional", "619": "Central Asia, regional", "679": "South Asia, regional",
    "689": "South and Central Asia, regional", "789": "Far East Asia, regional", "798": "Asia, regional",
    "889": "Oceania, regional", "998": "Developing countries, unspecified",
}  # fmt: skip

# BudgetType: a revised budget replaces the original one of the same time. BudgetStatus: indicative (1, unless said) or committed.
REVISED_BUDGET, COMMITTED_BUDGET = "2", "2"

# Areas with a code of ISO 3166 that are no States in the portal, by the names the United Nations uses (M49).
PLACES: Mapping[str, str] = {
    "XK": "Kosovo (Security Council resolution 1244 (1999))", "TW": "Taiwan Province of China",
    "HK": "China, Hong Kong Special Administrative Region", "MO": "China, Macao Special Administrative Region",
    "EH": "Western Sahara", "FK": "Falkland Islands (Malvinas)", "GI": "Gibraltar", "AI": "Anguilla", "BM": "Bermuda",
    "AQ": "Antarctica", "AS": "American Samoa", "AW": "Aruba", "AX": "Åland Islands", "BL": "Saint Barthélemy",
    "BQ": "Bonaire, Sint Eustatius and Saba", "BV": "Bouvet Island", "CC": "Cocos (Keeling) Islands", "CK": "Cook Islands",
    "CW": "Curaçao", "CX": "Christmas Island", "FO": "Faroe Islands", "GF": "French Guiana", "GG": "Guernsey",
    "GL": "Greenland", "GP": "Guadeloupe", "GS": "South Georgia and the South Sandwich Islands", "GU": "Guam",
    "HM": "Heard Island and McDonald Islands", "IM": "Isle of Man", "IO": "British Indian Ocean Territory", "JE": "Jersey",
    "KY": "Cayman Islands", "MF": "Saint Martin (French Part)", "MP": "Northern Mariana Islands", "MQ": "Martinique",
    "MS": "Montserrat", "NC": "New Caledonia", "NF": "Norfolk Island", "NU": "Niue", "PF": "French Polynesia",
    "PM": "Saint Pierre and Miquelon", "PN": "Pitcairn", "PR": "Puerto Rico", "RE": "Réunion", "SH": "Saint Helena",
    "SJ": "Svalbard and Jan Mayen Islands", "SX": "Sint Maarten (Dutch part)", "TC": "Turks and Caicos Islands",
    "TF": "French Southern Territories", "TK": "Tokelau", "UM": "United States Minor Outlying Islands",
    "VG": "British Virgin Islands", "VI": "United States Virgin Islands", "WF": "Wallis and Futuna Islands", "YT": "Mayotte",
}  # fmt: skip

# What of an activity is read: the attributes of each element, and the elements within it. The rest is left out and noted.
READ: Mapping[str, tuple[set[str], set[str]]] = {
    "iati-identifier": (set(), set()),
    "reporting-org": ({"ref"}, {"narrative"}),
    "title": (set(), {"narrative"}),
    "description": ({"type"}, {"narrative"}),
    "participating-org": ({"ref", "role"}, {"narrative"}),
    "activity-status": ({"code"}, set()),
    "activity-date": ({"type", "iso-date"}, set()),
    "recipient-country": ({"code"}, set()),
    "recipient-region": ({"code", "vocabulary"}, set()),
    "budget": ({"type", "status"}, {"period-start", "period-end", "value"}),
}
