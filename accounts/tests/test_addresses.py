"""One normal form of addresses: each spelling of a mailbox finds its person, and no look-alike finds anybody."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client

from accounts.addresses import normal_address, same_address
from accounts.mail.account_messages import ACCOUNT_LOCKED, PASSWORD_RESET
from accounts.models import Delivery, User
from accounts.tests.sign_in_forms import PASSWORD, is_in, sign_in

pytestmark = pytest.mark.django_db
RESET = "/accounts/password/reset/"
# ı, ſ, K (Kelvin), İ fold to ASCII letters in PostgreSQL, Python or both; full-width letters by NFKC.
LOOK_ALIKES = (
    "ſilvia.kim@example.org", "sılvia.kim@example.org", "silvia.\u212aim@example.org", "sİlvia.kim@example.org",
    "\uff53ilvia.kim@example.org", "silvia.kim\u200b@example.org", "s\u0456lvia.kim@example.org", "silvia.kim@examp1e.org",
    "silvia\u3002kim@example.org", "silvia.kim@ex\u0430mple.org", "silviakim@example.org", "silvia.kim+a@example.org",
    "silvia.kim\x00@example.org", "silvia.kim@example.org\nx", "", "@", "silvia.kim@", "@example.org",
)  # fmt: skip
SPELLINGS = (
    "SILVIA.KIM@EXAMPLE.ORG", " silvia.kim@example.org ", "silvia.kim@example.org.", "silvia.kim@EXAMPLE.org",
    "silvia.kim@\uff45xample\u3002org",
)  # fmt: skip


@pytest.fixture
def silvia(rings: object) -> User:
    cache.clear()
    return User.objects.create_user("Silvia.Kim@Example.org", PASSWORD, name="Silvia")


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("A@XN--BCHER-KVA.example.", "a@xn--bcher-kva.example"),
        ("a@BÜCHER.example", "a@xn--bcher-kva.example"),
        ("a@bu\u0308cher.example", "a@xn--bcher-kva.example"),
        ("O'Neil+x@example.org", "o'neil+x@example.org"),
    ],
)
def test_a_domain_is_one_in_letters_and_in_punycode(written: str, normal: str) -> None:
    assert normal_address(written) == normal == normal_address(normal)


@pytest.mark.parametrize(
    "written", ["a@faß.example", "a@ς.example", "a@x\u200dy.example", "a@.", "a@x..y", "a@" + "x" * 70]
)
def test_a_domain_that_could_be_two_is_refused(written: str) -> None:
    with pytest.raises(ValidationError):
        normal_address(written)
    assert same_address(written) == ""


@pytest.mark.parametrize("lookup", ["email", "email__exact", "email__iexact"])
def test_each_spelling_finds_the_person_and_no_look_alike_does(silvia: User, lookup: str) -> None:
    for spelling in SPELLINGS:
        assert User.objects.filter(**{lookup: spelling}).get() == silvia
    for other in LOOK_ALIKES:
        assert not User.objects.filter(**{lookup: other}).exists(), other


def test_every_spelling_signs_in_and_no_look_alike_does(silvia: User) -> None:
    for spelling in SPELLINGS:
        assert is_in(sign_in(spelling).browser), spelling
    for other in LOOK_ALIKES:
        assert not is_in(sign_in(other).browser), other


def test_a_new_password_is_sent_for_the_mailbox_only(silvia: User) -> None:
    for other in LOOK_ALIKES:
        Client().post(RESET, {"email": other})
        assert not Delivery.objects.exists(), other
    Client().post(RESET, {"email": SPELLINGS[-1]})
    assert Delivery.objects.get(message=PASSWORD_RESET).recipient == silvia


def test_all_spellings_are_counted_together_and_locked_with_one_letter(silvia: User) -> None:
    for n in range(10):
        sign_in(SPELLINGS[n % len(SPELLINGS)], "wrong")
    assert not is_in(sign_in("silvia.kim@example.org").browser)
    assert Delivery.objects.filter(message=ACCOUNT_LOCKED).count() == 1


def test_a_look_alike_locks_nobody_and_tells_nobody(silvia: User) -> None:
    for _n in range(11):
        sign_in("ſilvia.kim@example.org", "wrong")
    assert is_in(sign_in("silvia.kim@example.org").browser) and not Delivery.objects.exists()


def test_no_second_account_is_made_of_one_mailbox(db: None) -> None:
    User.objects.create_user("a@bücher.example", name="A")
    for again in ("a@xn--bcher-kva.example", "A@Bücher.example.", "a@BU\u0308CHER.example"):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create_user(again, name="Again")


@pytest.mark.parametrize("other", [one for one in LOOK_ALIKES if not one.isascii()])
def test_a_look_alike_is_refused_or_another_person(silvia: User, other: str) -> None:
    try:
        made = User.objects.create_user(other, name="Other")
    except ValidationError:
        return
    assert made.pk != silvia.pk and made.email != silvia.email


def test_the_database_takes_no_other_form(silvia: User) -> None:
    for stored in ("Silvia.Kim@example.org", "ſ@example.org", "a b@example.org", ""):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE accounts_user SET email = %s WHERE id = %s", [stored, silvia.pk])
