from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "motcua.exchange"
    label = "exchange"

    def ready(self) -> None:
        from motcua.exchange import tasks  # noqa: F401  registers the periodic jobs
