"""The pages of documents."""

from django.urls import URLPattern, path

from assistance.documents import views

urlpatterns: list[URLPattern] = [
    path("documents/new/<slug:kind>/<uuid:pk>/", views.DocumentAdd.as_view(), name="document-add"),
    path("documents/<uuid:pk>/", views.DocumentPage.as_view(), name="document"),
    path("documents/<uuid:pk>/file/", views.DocumentFile.as_view(), name="document-file"),
    path("documents/<uuid:pk>/versions/<int:number>/", views.DocumentFile.as_view(), name="document-version"),
    path("documents/<uuid:pk>/replace/", views.DocumentReplace.as_view(), name="document-replace"),
    path("documents/<uuid:pk>/remove/", views.DocumentRemove.as_view(), name="document-remove"),
]
