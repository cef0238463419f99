"""Addresses of the pages for those who write programs, and of the API itself."""

from django.urls import path

from fordel.web.api import views

app_name = "programs"
urlpatterns = [
    path("", views.docs, name="docs"),
    path("noegle/", views.make_key, name="make-key"),
    path("noegle/<int:key_id>/tilbage/", views.revoke_key, name="revoke-key"),
]
