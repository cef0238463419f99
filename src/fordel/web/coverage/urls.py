"""Addresses of coverage."""

from django.urls import path

from fordel.web.coverage import views

app_name = "coverage"
urlpatterns = [
    path("", views.coverage, name="coverage"),
    path("kort.svg", views.coverage_map, name="map"),
    path("kort.json", views.map_places, name="places"),
    path("kommuner.csv", views.municipalities_csv, name="csv"),
    path("hvis/", views.what_if, name="what-if"),
]
