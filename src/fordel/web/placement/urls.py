"""Addresses of placement."""

from django.urls import path

from fordel.web.placement import views

app_name = "placement"
urlpatterns = [
    path("", views.searches, name="searches"),
    path("ny/", views.ask, name="ask"),
    path("<int:search_id>/", views.search, name="search"),
    path("<int:search_id>/annuller/", views.cancel, name="cancel"),
]
