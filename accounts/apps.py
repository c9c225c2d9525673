"""The person: who signs in, how, and how word reaches them."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
