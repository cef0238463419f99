"""The address of the front page."""

from django.urls import path

from fordel.web.overview import views

app_name = "overview"
urlpatterns = [path("", views.overview, name="overview")]
