from __future__ import annotations

import socket
from argparse import ArgumentParser
from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand

from motcua.kernel.clock import now
from motcua.project.demo_city.build import build_city
from motcua.project.management.commands.serve import use_port


class Command(BaseCommand):
    help = "Dựng thành phố trình diễn (nếu chưa có), in các lối đăng nhập, rồi chạy máy chủ trên máy này."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--dossiers", type=int, default=200, help="số hồ sơ trình diễn")
        parser.add_argument("--no-serve", action="store_true", help="chỉ dựng dữ liệu")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("Lệnh này chỉ chạy ở chế độ trình diễn, không chạy với cấu hình vận hành.")
        use_port(options["port"])
        call_command("migrate", verbosity=0)
        build_city(now=now(), tell=self._tell, dossiers=options["dossiers"])
        call_command("govstack_demo", stdout=StringIO())  # what the public GovStack suite looks for, as it was
        self._tell(SIGN_IN.format(base=f"http://localhost:{options['port']}"))
        if not options["no_serve"]:
            port = options["port"]
            simulators = {"simulator_port": find_simulator_port(port), "national_port": find_national_port(port)}
            call_command("serve", port=port, **simulators)

    def _tell(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()


def find_simulator_port(port: int) -> int:
    """Return where the payment simulator may listen beside the site; 0 when an operator runs one, or none is free."""
    if settings.MOTCUA_PAYMENT_SIMULATOR or settings.PAYMENT_DRIVERS:
        return 0
    return _find_free(port + 100)


def find_national_port(port: int) -> int:
    """Return where the national simulator may listen beside the site; 0 when a platform is named, or none is free."""
    return 0 if settings.MOTCUA_NATIONAL_URL else _find_free(port + 200)


def _find_free(first: int) -> int:
    for candidate in range(first, first + 5):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", candidate)):
                return candidate
    return 0


SIGN_IN = """
Một Cửa, thành phố trình diễn (mọi người và mọi hồ sơ đều là hư cấu)
  Trang chủ cho người dân          {base}/
  Đăng nhập một chạm, chọn vai     {base}/dang-nhap/demo/
  Đăng nhập như qua VNeID (giả)    {base}/dang-nhap/
  Việc của tôi (cán bộ)            {base}/viec/
  Tổng quan của lãnh đạo           {base}/tong-quan/
  Thiết kế quy trình (chọn vai)    {base}/dang-nhap/demo/?q=thanhpho&next=/thiet-ke/
  Tra cứu hồ sơ theo mã            {base}/tra-cuu/
  Kiểm tra một kết quả             {base}/xac-minh/
  Tra cứu biên lai theo mã         {base}/bien-lai/
  Liên thông quốc gia (người vận hành) {base}/lien-thong/
  Giao diện GovStack (bộ kiểm thử)  {base}/data/registryname/111
"""
