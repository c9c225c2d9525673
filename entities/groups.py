"""The standing groups, data only; membership follows from where and how a user is appointed.

Their primary keys are fixed, so no statement is needed to look them up, and negative, so no sequence generates them.
"""

COMPACT, STATES, DONORS, MEMBERS = -1, -2, -3, -4
STANDING = {
    COMPACT: "standing: Compact focal points",
    STATES: "standing: Member State focal points",
    DONORS: "standing: donors",
    MEMBERS: "standing: every member",
}
