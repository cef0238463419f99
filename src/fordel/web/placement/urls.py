"""Addresses of placement."""

from django.urls import path

from fordel.web.placement import plans, views

app_name = "placement"
urlpatterns = [
    path("", views.searches, name="searches"),
    path("ny/", views.ask, name="ask"),
    path("sammenlign/<str:search_ids>/", plans.compare, name="compare"),
    path("sammenlign/<str:search_ids>/kort/", plans.compare_map, name="compare-map"),
    path("<int:search_id>/", views.search, name="search"),
    path("<int:search_id>/annuller/", views.cancel, name="cancel"),
    path("<int:search_id>/igen/", views.ask_again, name="ask-again"),
    path("<int:search_id>/kort/", plans.plan_map, name="map"),
    path("<int:search_id>/steder.csv", plans.plan_csv, name="csv"),
    path("<int:search_id>/steder.geojson", plans.plan_geojson, name="geojson"),
    path("<int:search_id>/sted/<str:site>/", plans.place, name="place"),
]
