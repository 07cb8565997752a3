from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "motcua.audit"
    label = "audit"

    def ready(self) -> None:
        from motcua.audit import tasks  # noqa: F401  registers the periodic job
