"""What the web server calls."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

if "FORDEL_HOME" not in os.environ:
    raise RuntimeError("FORDEL_HOME must name the folder of the installation. Try: fordel serve --home FOLDER")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fordel.web.settings")
application = get_wsgi_application()
# Load every page now, not when the first is asked for: processes that are forked from this one then have them all.
_ = get_resolver().url_patterns
