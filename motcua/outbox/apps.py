from django.apps import AppConfig


class OutboxConfig(AppConfig):
    name = "motcua.outbox"
    label = "outbox"

    def ready(self) -> None:
        import motcua.outbox.tasks  # noqa: F401  registers the periodic job
