"""Addresses of the vault: /kho-giay-to/ for residents, /giay-to-chia-se/ for those to whom a paper was lent."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "vault"
urlpatterns: list[URLPattern] = []
