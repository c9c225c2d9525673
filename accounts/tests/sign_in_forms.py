"""Sign-in for tests: posts the forms as a browser does, and computes the codes of an authenticator app."""

import time
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from accounts.models import User

LOGIN = "/accounts/login/"
PASSWORD = "correct horse"


def sign_in(
    email: str = "amal@example.org", password: str = PASSWORD, client: Client | None = None, **more: Any
) -> Any:
    """Post the sign-in form; return the response, whose `client` is the test client."""
    browser = client or Client(headers={"User-Agent": "Test browser"})
    answer = browser.post(LOGIN, {"login": email, "password": password}, **more)
    answer.browser = browser
    return answer


def is_in(browser: Client) -> bool:
    """Return whether this client can open a page of the portal."""
    return browser.get("/me/").status_code == 200


def with_app(user: User) -> str:
    """Give a user an authenticator app; return its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code(secret: str, at: float | None = None) -> str:
    """Return the code for this secret at this time."""
    return format_hotp_value(hotp_value(secret, int(at or time.time()) // 30))
