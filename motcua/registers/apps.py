from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "motcua.registers"
    label = "registers"

    def ready(self) -> None:
        from motcua.registers import tasks  # noqa: F401  registers the handlers and periodic jobs
