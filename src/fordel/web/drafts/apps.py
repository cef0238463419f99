"""The app of drafts."""

from django.apps import AppConfig


class DraftsConfig(AppConfig):
    """Named `drafts` in the database."""

    name = "fordel.web.drafts"
    label = "drafts"

    def ready(self) -> None:
        """Look for drafts whenever somebody signs in, by whichever way."""
        from django.contrib.auth.signals import user_logged_in  # noqa: PLC0415 - once the apps are there

        from fordel.web.drafts.queries import look_for_drafts  # noqa: PLC0415 - likewise

        user_logged_in.connect(look_for_drafts, dispatch_uid="fordel.web.drafts")
