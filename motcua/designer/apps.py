from django.apps import AppConfig


class DesignerConfig(AppConfig):
    name = "motcua.designer"
    label = "designer"
