from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "motcua.cases"
    label = "cases"
