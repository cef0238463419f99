"""Addresses of comparisons."""

from django.urls import path

from fordel.web.comparisons import views

app_name = "comparisons"
urlpatterns = [
    path("", views.compare, name="compare"),
    path("aarsager/", views.find_causes, name="find-causes"),
    path("tabel.csv", views.csv, name="csv"),
]
