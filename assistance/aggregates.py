"""The list of aggregates, in order: each is a package of this app with a `registration` module."""

AGGREGATES = (
    "visits",
    "offers",
    "needs",
    "delivery",
    "consents",
    "projects",
    "documents",
    "requests",
    "assessments",
    "recommendations",
    "consultations",
    "plans",
    "dues",
    "spreadsheets",
)
