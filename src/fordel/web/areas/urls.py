"""Addresses of areas."""

from django.urls import path

from fordel.web.areas import views

app_name = "areas"
urlpatterns = [
    path("", views.areas, name="areas"),
    path("<slug:area_id>/", views.area, name="area"),
]
