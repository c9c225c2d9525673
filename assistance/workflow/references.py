"""Reference numbers: short, unambiguous when spoken, and random, so that none discloses how many records exist."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 O 1 I L U, which are easily misread


def new_reference(prefix: str) -> str:
    """Return a reference such as ``N-7K3M-92QD``; 30^8 possibilities, unique by a database constraint."""
    code = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{prefix}-{code[:4]}-{code[4:]}"


def need_reference() -> str:
    """Return a new reference of a need."""
    return new_reference("N")


def offer_reference() -> str:
    """Return a new reference of an offer."""
    return new_reference("O")


def match_reference() -> str:
    """Return a new reference of a match."""
    return new_reference("M")


def project_reference() -> str:
    """Return a new reference of a project."""
    return new_reference("P")


def consent_reference() -> str:
    """Return a new reference of a consent."""
    return new_reference("C")


def document_reference() -> str:
    """Return a new reference of a document."""
    return new_reference("D")


def visit_reference() -> str:
    """Return a new reference of a visit."""
    return new_reference("V")


def section_reference() -> str:
    """Return a new reference of a report section; it does not show to which visit the section belongs."""
    return new_reference("S")


def correction_reference() -> str:
    """Return a new reference of a proposed correction."""
    return new_reference("U")


def plan_reference() -> str:
    """Return a new reference of a release plan."""
    return new_reference("R")
