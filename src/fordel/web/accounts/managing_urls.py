"""Addresses of the pages with which an administrator manages accounts."""

from django.urls import path

from fordel.web.accounts import managing

app_name = "users"
urlpatterns = [
    path("", managing.users, name="users"),
    path("ny/", managing.new, name="new"),
    path("opret/", managing.make, name="make"),
    path("<int:account_id>/", managing.user, name="user"),
    path("<int:account_id>/ret/", managing.change, name="change"),
    path("<int:account_id>/slaa-fra/", managing.switch_off, name="switch-off"),
    path("<int:account_id>/slaa-til/", managing.switch_on, name="switch-on"),
    path("<int:account_id>/adgangskode/", managing.new_password, name="new-password"),
    path("<int:account_id>/andet-trin/", managing.take_second_step_away, name="take-second-step-away"),
    path("<int:account_id>/login-udbyder/", managing.forget_provider, name="forget-provider"),
]
