"""Addresses of jobs."""

from django.urls import path, re_path

from fordel.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("ny/", views.ask, name="ask"),
    re_path(r"^gentag/(?P<run_id>[0-9a-f]{64})/$", views.repeat, name="repeat"),
    path("<int:job_id>/", views.job, name="job"),
    path("<int:job_id>/annuller/", views.cancel, name="cancel"),
    path("<int:job_id>/igen/", views.ask_again, name="ask-again"),
]
