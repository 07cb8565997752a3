"""Addresses of the designer: everything under /thiet-ke/."""

from __future__ import annotations

from django.urls import path

from motcua.designer.views import approvals, bundles, checks, editors, files, history, money, pages, plain, trials

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
    path(f"{_D}tep/<path:file>", files.raw, name="file"),
    path(f"{_D}sua-tep/<path:file>", files.edit, name="edit_file"),
    path(f"{_D}xoa-tep/<path:file>", files.remove, name="remove_file"),
    path(f"{_D}loi-van/", plain.texts, name="texts"),
    path(f"{_D}cau-hoi/", plain.questions, name="questions"),
    path(f"{_D}thoi-han/", plain.term, name="term"),
    path(f"{_D}giay-to/", plain.papers, name="papers"),
    path(f"{_D}phi/", money.fees, name="fees"),
    path(f"{_D}buoc/", money.steps, name="steps"),
    path(f"{_D}so-do/", editors.bpmn, name="bpmn"),
    path(f"{_D}bang/<str:decision>/", editors.dmn, name="dmn"),
    path(f"{_D}bieu-mau/", editors.form, name="form"),
    path(f"{_D}gop-y/", editors.comments, name="comments"),
    path(f"{_D}gop-y/ghi/", editors.comment, name="comment"),
    path(f"{_D}gop-y/<uuid:comment_uuid>/", editors.resolve, name="resolve"),
    path(f"{_D}kiem-tra/", checks.check, name="check"),
    path(f"{_D}ho-so-mau/", checks.golden, name="golden"),
    path(f"{_D}ho-so-mau/them/", checks.add_golden, name="add_golden"),
    path(f"{_D}ho-so-mau/nhan/", checks.accept_golden, name="accept_golden"),
    path(f"{_D}so-sanh/", checks.diff, name="diff"),
    path(f"{_D}xem-thu/", trials.preview, name="preview"),
    path(f"{_D}xem-thu/can-bo/", trials.preview_office, name="preview_office"),
    path(f"{_D}mo-phong/", trials.simulation, name="simulation"),
    path(f"{_D}xuat/", bundles.export, name="export"),
    path("nhap/", bundles.import_, name="import"),
    path("thu-tuc/<str:code>/chuyen/", trials.migration, name="migration"),
    path(f"{_D}trinh-duyet/", approvals.submit, name="submit"),
    path(f"{_D}trinh-duyet/rut/", approvals.withdraw, name="withdraw"),
    path("thu-tuc/<str:code>/so-sanh/<int:old>/<int:new>/", checks.versions_diff, name="versions_diff"),
    path("thu-tuc/<str:code>/ban-hanh-lai/", approvals.republish, name="republish"),
    path("phe-duyet/", approvals.approvals, name="approvals"),
    path("phe-duyet/<uuid:submission_uuid>/", approvals.approval, name="approval"),
    path("phe-duyet/<uuid:submission_uuid>/dong-y/", approvals.approve, name="approve"),
    path("phe-duyet/<uuid:submission_uuid>/tra-lai/", approvals.return_, name="return"),
]
