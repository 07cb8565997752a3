from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "motcua.portal"
    label = "portal"

    def ready(self) -> None:
        import motcua.portal.tasks  # noqa: F401  registers the periodic job
