"""Addresses of runs."""

from re import escape

from django.urls import path, re_path

from fordel.web.runs import views
from fordel.web.runs.downloads import DOWNLOADS
from fordel.web.runs.report import PAGES

app_name = "runs"
urlpatterns = [
    path("", views.runs, name="runs"),
    re_path(r"^(?P<run_id>[0-9a-f]{64})/$", views.run, name="run"),
    re_path(
        rf"^(?P<run_id>[0-9a-f]{{64}})/hent/(?P<name>{'|'.join(map(escape, DOWNLOADS))})$",
        views.download,
        name="download",
    ),
    re_path(rf"^(?P<run_id>[0-9a-f]{{64}})/rapport/(?P<page>{'|'.join(PAGES)})$", views.report, name="report"),
]
