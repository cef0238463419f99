"""All addresses: one line per app. The test of all addresses reads this; an address without a row in it fails."""

from django.urls import include, path

from fordel.web import views
from fordel.web.api.etags import PREFIX
from fordel.web.api.main import api, open_to_programs

_api, _app, _space = api.urls

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("sprog/", views.choose_language, name="language"),
    path("om/tilgaengelighed/", views.accessibility, name="accessibility"),
    path("", include("fordel.web.overview.urls")),
    path("konto/", include("fordel.web.accounts.urls")),
    path("kladder/", include("fordel.web.drafts.urls")),
    path("brugere/", include("fordel.web.accounts.managing_urls")),
    path("omraader/", include("fordel.web.areas.urls")),
    path("praksis/", include("fordel.web.practices.urls")),
    path("daekning/", include("fordel.web.coverage.urls")),
    path("placering/", include("fordel.web.placement.urls")),
    path("koersler/sammenlign/", include("fordel.web.comparisons.urls")),
    path("koersler/", include("fordel.web.runs.urls")),
    path("import/", include("fordel.web.imports.urls")),
    path("opgaver/", include("fordel.web.jobs.urls")),
    path("lov/", include("fordel.web.lawbook.urls")),
    path("log/", include("fordel.web.audit.urls")),
    path("programmer/", include("fordel.web.api.urls")),
    path(PREFIX.removeprefix("/"), (open_to_programs(_api), _app, _space)),
]
handler400 = "fordel.web.views.bad_request"
handler403 = "fordel.web.views.forbidden"
handler404 = "fordel.web.views.not_found"
handler500 = "fordel.web.views.server_error"
