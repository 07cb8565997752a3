from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "motcua.cases"
    label = "cases"

    def ready(self) -> None:
        import motcua.cases.tasks  # noqa: F401  registers the periodic job
