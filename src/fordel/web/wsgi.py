"""What the web server calls."""

import os
from threading import Thread

from django.core.wsgi import get_wsgi_application

if "FORDEL_HOME" not in os.environ:
    raise RuntimeError("FORDEL_HOME must name the folder of the installation. Try: fordel serve --home FOLDER")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fordel.web.settings")
application = get_wsgi_application()

from fordel.web.coverage.queries import warm  # noqa: E402 - once Django is set up

# Measuring coverage takes a second; whoever asks first shall not wait for it.
Thread(target=warm, daemon=True).start()
