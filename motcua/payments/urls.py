"""Addresses of payments: notices from outside, receipts, the office's money."""

from __future__ import annotations

from django.urls import path

from motcua.payments.views import callbacks, office, receipts

app_name = "payments"
urlpatterns = [
    path("thanh-toan/bao/vnpay/", callbacks.vnpay_notice, name="vnpay_notice"),
    path("thanh-toan/bao/vietqr/", callbacks.vietqr_notice, name="vietqr_notice"),
    path("bien-lai/", receipts.search, name="receipt_search"),
    path("bien-lai/<str:code>/", receipts.receipt, name="receipt"),
    path("bien-lai/<str:code>/bien-lai.pdf", receipts.receipt_pdf, name="receipt_pdf"),
    path("bien-lai/<str:code>/bien-lai.xml", receipts.receipt_xml, name="receipt_xml"),
    path("thu-tien/", office.till, name="till"),
    path("thu-tien/mo-ca/", office.open_shift, name="open_shift"),
    path("thu-tien/chot-ca/", office.close_shift, name="close_shift"),
    path("thu-tien/<uuid:charge_uuid>/", office.take, name="take"),
    path("hoan-tra/", office.refunds, name="refunds"),
    path("hoan-tra/<uuid:charge_uuid>/de-nghi/", office.ask, name="ask_refund"),
    path("hoan-tra/khoan/<uuid:refund_uuid>/", office.move_refund, name="move_refund"),
    path("doi-soat/", office.matching, name="matching"),
    path("doi-soat/gan-tien/", office.identify, name="identify"),
]
