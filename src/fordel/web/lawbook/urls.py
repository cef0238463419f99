"""Addresses of the law book."""

from django.urls import path, re_path

from fordel.web.lawbook import views

app_name = "lawbook"
urlpatterns = [
    path("", views.parameters, name="parameters"),
    re_path(r"^(?P<name>[a-z_]+\.[a-z0-9_]+)/$", views.parameter, name="parameter"),
]
