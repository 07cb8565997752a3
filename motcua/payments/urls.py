"""Addresses of payments: notices from outside, receipts, the office's money."""

from __future__ import annotations

from django.urls import path

from motcua.payments.views import callbacks, matching, office, receipt_office, receipts

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
    path("hoan-tra/khoan/<uuid:refund_uuid>/phieu-chi.pdf", office.cash_voucher, name="cash_voucher"),
    path("doi-soat/", matching.matching, name="matching"),
    path("doi-soat/gan-tien/", matching.identify, name="identify"),
    path("doi-soat/xu-ly/", matching.resolve, name="resolve"),
    path("doi-soat/xu-ly/<uuid:resolution_uuid>/", matching.decide, name="decide_resolution"),
    path("doi-soat/hoan-nop-trung/", matching.give_back_doubles, name="give_back_doubles"),
    path("bien-lai-quan-ly/", receipt_office.receipts, name="receipt_office"),
    path("bien-lai-quan-ly/<uuid:receipt_uuid>/", receipt_office.change, name="receipt_change"),
    path("bien-lai-quan-ly/de-nghi/<uuid:change_uuid>/", receipt_office.decide_change, name="decide_receipt_change"),
]
