"""Addresses of areas."""

from django.urls import path

from fordel.web.areas import views

app_name = "areas"
urlpatterns = [
    path("", views.areas, name="areas"),
    path("kort.svg", views.areas_map, name="map"),
    path("<slug:area_id>/kort.svg", views.area_map, name="area-map"),
    path("<slug:area_id>/", views.area, name="area"),
]
