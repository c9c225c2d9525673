"""A file in the IATI standard with many made-up activities, for the import."""

from pathlib import Path

COUNTRIES = ("KE", "NG", "JO", "PH", "KZ", "ML", "TN", "IQ")
ACTIVITY = """<iati-activity default-currency="USD" xml:lang="en">
<iati-identifier>XM-BENCH-{number}</iati-identifier>
<reporting-org ref="XM-BENCH" type="40"><narrative>A publisher</narrative></reporting-org>
<title><narrative>Training of analysts {number}</narrative><narrative xml:lang="fr">Formation {number}</narrative></title>
<description><narrative>Five years of training in screening of passengers.</narrative></description>
<participating-org role="1" type="10"><narrative>A donor</narrative></participating-org>
<participating-org role="4" type="40"><narrative>An implementer</narrative></participating-org>
<activity-status code="2"/>
<activity-date type="1" iso-date="2024-01-01"/><activity-date type="3" iso-date="2026-12-31"/>
<recipient-country code="{country}"/>
<sector vocabulary="1" code="15220"/>
<budget type="1" status="2"><period-start iso-date="2024-01-01"/><period-end iso-date="2024-12-31"/>
<value currency="USD" value-date="2024-01-01">{amount}.00</value></budget>
</iati-activity>
"""


def write(path: Path, number: int) -> Path:
    """Write a file of so many activities and return it."""
    activities = (
        ACTIVITY.format(number=one, country=COUNTRIES[one % len(COUNTRIES)], amount=1000 + one)
        for one in range(1, number + 1)
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<iati-activities version="2.03">\n'
    path.write_text(f"{head}{''.join(activities)}</iati-activities>\n", encoding="utf-8")
    return path
