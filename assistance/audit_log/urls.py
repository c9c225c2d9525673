"""The pages of the access log."""

from django.urls import URLPattern, path

from assistance.audit_log import views

urlpatterns: list[URLPattern] = [
    path("access-log/", views.AccessList.as_view(), name="access-log"),
    path("access-log/export/", views.AccessExport.as_view(), name="access-log-export"),
]
