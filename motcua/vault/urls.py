"""Addresses of the vault: /kho-giay-to/ for residents, /giay-to-chia-se/ for those to whom a paper was lent."""

from __future__ import annotations

from django.urls import path

from motcua.vault.views import deletions, papers, shares

app_name = "vault"
urlpatterns = [
    path("kho-giay-to/", papers.vault, name="vault"),
    path("kho-giay-to/xuat/", papers.export, name="export"),
    path("kho-giay-to/xoa-tat-ca/", deletions.delete_all, name="delete_all"),
    path("kho-giay-to/yeu-cau-xoa/<uuid:deletion_uuid>/", deletions.certificate, name="certificate"),
    path("kho-giay-to/yeu-cau-xoa/<uuid:deletion_uuid>/hoan-tac/", deletions.undo, name="undo"),
    path("kho-giay-to/<uuid:paper_uuid>/", papers.paper, name="paper"),
    path("kho-giay-to/<uuid:paper_uuid>/xem/", papers.download, name="download"),
    path("kho-giay-to/<uuid:paper_uuid>/chia-se/", shares.share, name="share"),
    path("kho-giay-to/<uuid:paper_uuid>/chia-se/<uuid:share_uuid>/thu-hoi/", shares.revoke, name="revoke"),
    path("kho-giay-to/<uuid:paper_uuid>/xoa/", deletions.delete_paper, name="delete_paper"),
    path("giay-to-chia-se/<str:token>/", shares.lent, name="lent"),
]
