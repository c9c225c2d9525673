"""Registers the translated texts: those that a model names in `translated`."""

from django.apps import apps
from modeltranslation.translator import TranslationOptions, translator

for model in apps.get_app_config("assistance").get_models():
    if fields := getattr(model, "translated", ()):
        translator.register(model, type(f"{model.__name__}Translation", (TranslationOptions,), {"fields": fields}))
