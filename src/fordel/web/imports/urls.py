"""Addresses of imports."""

from django.urls import path

from fordel.web.imports import views

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("ny/", views.begin, name="begin"),
    path("eksempel/<slug:kind>.<slug:form>", views.example, name="example"),
    path("<int:import_id>/", views.one, name="import"),
    path("<int:import_id>/bekraeft/", views.confirm, name="confirm"),
    path("<int:import_id>/drop/", views.discard, name="discard"),
    path("<int:import_id>/fortryd/", views.undo, name="undo"),
]
