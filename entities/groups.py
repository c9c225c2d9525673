"""The standing groups: data only. Nobody is put into them, they follow from where and how a person is appointed.

Their primary keys are fixed, so no statement is spent on looking them up, and negative, so no sequence gives them out.
"""

COMPACT, STATES, DONORS, MEMBERS = -1, -2, -3, -4
STANDING = {
    COMPACT: "standing: Compact focal points",
    STATES: "standing: Member State focal points",
    DONORS: "standing: donors",
    MEMBERS: "standing: every member",
}
