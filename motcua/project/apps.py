from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "motcua.project"
    label = "project"

    def ready(self) -> None:
        from motcua.project import checks  # noqa: F401  registers the refusals of production
