"""Addresses of practices."""

from django.urls import path, re_path

from fordel.web.practices import views

app_name = "practices"
urlpatterns = [
    path("", views.practices, name="practices"),
    re_path(r"^(?P<practice_id>\d{6})/$", views.practice, name="practice"),
]
