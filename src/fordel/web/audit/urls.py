"""Addresses of the audit log."""

from django.urls import path

from fordel.web.audit import views

app_name = "audit"
urlpatterns = [path("", views.events, name="events"), path("eksport/", views.export, name="export")]
