"""Addresses of accounts."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from fordel.web.accounts import oidc_views, views
from fordel.web.drafts.keeping import form_stands_on

app_name = "accounts"
urlpatterns = [
    path("", views.account, name="account"),
    path("log-ind/", views.SignIn.as_view(), name="sign-in"),
    path("ekstern/", oidc_views.begin, name="oidc"),
    path("ekstern/retur/", oidc_views.back, name="oidc-back"),
    path("log-ud/", form_stands_on("overview:overview")(LogoutView.as_view()), name="sign-out"),
    path("bliv/", views.stay, name="stay"),
    path("adgangskode/", views.password, name="password"),
    path("andet-trin/", views.second_step_page, name="second-step"),
    path("andet-trin/opret/", views.set_up_second_step, name="second-step-set-up"),
]
