"""Addresses of drafts."""

from django.urls import path

from fordel.web.drafts import views

app_name = "drafts"
urlpatterns = [
    path("<int:draft_id>/kasser/", views.discard, name="discard"),
]
