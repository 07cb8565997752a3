"""Addresses of the designer: everything under /thiet-ke/."""

from __future__ import annotations

from django.urls import path

from motcua.designer.views import editors, files, history, pages

app_name = "designer"

_D = "ban-thao/<uuid:draft_uuid>/"
urlpatterns = [
    path("", pages.home, name="home"),
    path("thu-tuc/", pages.procedures, name="procedures"),
    path("thu-tuc/<str:code>/", pages.procedure, name="procedure"),
    path("thu-tuc/<str:code>/mo/", pages.open_, name="open"),
    path(f"{_D}", pages.draft, name="draft"),
    path(f"{_D}bo/", pages.discard, name="discard"),
    path(f"{_D}lay-lai/", pages.reopen, name="reopen"),
    path(f"{_D}lich-su/", history.history, name="history"),
    path(f"{_D}lich-su/<int:save_id>/", history.save, name="save"),
    path(f"{_D}lich-su/<int:save_id>/dung-lai/", history.restore, name="restore"),
    path(f"{_D}tep/", files.listing, name="files"),
    path(f"{_D}tep/<path:name>", files.raw, name="file"),
    path(f"{_D}sua-tep/<path:name>", files.edit, name="edit_file"),
    path(f"{_D}xoa-tep/<path:name>", files.remove, name="remove_file"),
    path(f"{_D}so-do/", editors.bpmn, name="bpmn"),
    path(f"{_D}bang/<str:decision>/", editors.dmn, name="dmn"),
    path(f"{_D}bieu-mau/", editors.form, name="form"),
    path(f"{_D}gop-y/", editors.comment, name="comment"),
    path(f"{_D}gop-y/<uuid:comment_uuid>/", editors.resolve, name="resolve"),
]
