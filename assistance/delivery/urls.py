"""The page of a provider's deliveries; those about one match stand with the match (`assistance/needs/urls.py`)."""

from django.urls import URLPattern, path

from assistance.delivery import views

urlpatterns: list[URLPattern] = [path("deliveries/", views.Deliveries.as_view(), name="deliveries")]
