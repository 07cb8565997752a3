from __future__ import annotations

from django.urls import path

from motcua.identity.views.demo import demo_sign_in
from motcua.identity.views.pages import after_sign_in, inactive, resident_sign_in, sign_out
from motcua.identity.views.staff import change_password, enrol, recovery_codes, second_factor, staff_sign_in, step_up

app_name = "identity"
urlpatterns = [
    path("", resident_sign_in, name="resident_sign_in"),
    path("can-bo/", staff_sign_in, name="staff_sign_in"),
    path("can-bo/ma-xac-thuc/", second_factor, name="second_factor"),
    path("can-bo/cai-dat-ma/", enrol, name="enrol"),
    path("can-bo/ma-du-phong/", recovery_codes, name="recovery_codes"),
    path("can-bo/mat-khau/", change_password, name="change_password"),
    path("xac-nhan/", step_up, name="step_up"),
    path("xong/", after_sign_in, name="after_sign_in"),
    path("da-khoa/", inactive, name="inactive"),
    path("dang-xuat/", sign_out, name="sign_out"),
    path("demo/", demo_sign_in, name="demo_sign_in"),
]
