"""Addresses of dossiers: residents under /ho-so/, officials under /mot-cua/."""

from __future__ import annotations

from django.urls import path

from motcua.dossiers.views import (
    counter,
    desk,
    draft,
    drafts,
    lateness,
    published,
    register,
    resident,
    review,
    supplement,
    task,
)

app_name = "dossiers"
urlpatterns = [
    path("thu-tuc/<str:code>/bieu-mau/<int:version_no>.schema.json", published.form_schema, name="form_schema"),
    path("thu-tuc/<str:code>/bieu-mau/<int:version_no>/in/", published.blank_form, name="print_form"),
    path("ho-so/", resident.dossier_list, name="list"),
    path("ho-so/bat-dau/<str:code>/", draft.start, name="start"),
    path("ho-so/ban-nhap/", drafts.drafts, name="drafts"),
    path("ho-so/tiep-tuc/", drafts.resume, name="resume"),
    path("ho-so/nhap/<uuid:draft_uuid>/", draft.overview, name="draft"),
    path("ho-so/nhap/<uuid:draft_uuid>/trang/<str:page_key>/", draft.page, name="page"),
    path("ho-so/nhap/<uuid:draft_uuid>/trang/<str:page_key>/luu/", draft.autosave, name="autosave"),
    path("ho-so/nhap/<uuid:draft_uuid>/tep/<uuid:file_uuid>/", drafts.draft_file, name="draft_file"),
    path("ho-so/nhap/<uuid:draft_uuid>/in/", published.filled_form, name="print_draft"),
    path("ho-so/nhap/<uuid:draft_uuid>/nguoi-nop/", review.applicant, name="applicant"),
    path("ho-so/nhap/<uuid:draft_uuid>/kiem-tra/", review.review, name="review"),
    path("ho-so/nhap/<uuid:draft_uuid>/nop/", review.submit, name="submit"),
    path("ho-so/nhap/<uuid:draft_uuid>/da-nop/", drafts.filed_draft, name="filed_draft"),
    path("ho-so/nhap/<uuid:draft_uuid>/xoa/", drafts.delete, name="delete"),
    path("ho-so/nhap/<uuid:draft_uuid>/khoi-phuc/", drafts.restore, name="restore"),
    path("ho-so/<str:dossier_no>/", resident.detail, name="detail"),
    path("ho-so/<str:dossier_no>/da-nop/", resident.filed, name="filed"),
    path("ho-so/<str:dossier_no>/giay-tiep-nhan.pdf", resident.receipt_pdf, name="receipt_pdf"),
    path("ho-so/<str:dossier_no>/phieu-<int:kind>.pdf", resident.slip_pdf, name="slip_pdf"),
    path("ho-so/<str:dossier_no>/ket-qua.pdf", resident.result_pdf, name="result_pdf"),
    path("ho-so/<str:dossier_no>/giay-to/<uuid:paper_uuid>/", resident.paper_file, name="paper_file"),
    path("ho-so/<str:dossier_no>/bo-sung/", supplement.supplement, name="supplement"),
    path("ho-so/<str:dossier_no>/rut/", resident.withdraw, name="withdraw"),
    path("mot-cua/viec/<uuid:task_uuid>/", task.task, name="task"),
    path("mot-cua/viec/<uuid:task_uuid>/ky/", task.sign, name="task_sign"),
    path("mot-cua/viec/<uuid:task_uuid>/<slug:outcome>/", task.act, name="task_act"),
    path("mot-cua/ho-so/<uuid:case_uuid>/", desk.case_page, name="case"),
    path("mot-cua/ho-so/<uuid:case_uuid>/da-xong/", task.after, name="task_after"),
    path("mot-cua/ho-so/<uuid:case_uuid>/giay-to/<uuid:paper_uuid>/", desk.paper_file, name="office_paper"),
    path("mot-cua/ho-so/<uuid:case_uuid>/phieu-<int:kind>.pdf", desk.slip_pdf, name="office_slip"),
    path("mot-cua/ho-so/<uuid:case_uuid>/du-thao.pdf", desk.draft_result_pdf, name="draft_result"),
    path("mot-cua/ho-so/<uuid:case_uuid>/ket-qua.pdf", desk.result_pdf, name="office_result"),
    path("mot-cua/ho-so/<uuid:case_uuid>/hen-lai/", lateness.apology, name="apology"),
    path("mot-cua/ho-so/<uuid:case_uuid>/dung/", lateness.stop, name="stop"),
    path("mot-cua/nop-thay/", counter.counter_file, name="counter_file"),
    path("mot-cua/da-nop/<str:dossier_no>/", counter.counter_filed, name="counter_filed"),
    path("mot-cua/so-theo-doi/", register.register, name="register"),
    path("mot-cua/so-theo-doi.pdf", register.register_pdf, name="register_pdf"),
]
