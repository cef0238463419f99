"""Addresses of jobs."""

from django.urls import path

from fordel.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("ny/", views.ask, name="ask"),
    path("<int:job_id>/", views.job, name="job"),
    path("<int:job_id>/annuller/", views.cancel, name="cancel"),
    path("<int:job_id>/igen/", views.ask_again, name="ask-again"),
]
