"""Run background work: deliver events and run the periodic jobs, until told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from argparse import ArgumentParser
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections, connection

from motcua.kernel import clock
from motcua.outbox.public import DeliveryReport, deliver_pending, run_periodic_jobs

logger = logging.getLogger(__name__)
LOST_DATABASE_SECONDS = 1.0


class Command(BaseCommand):
    """`motcua run_worker [--once] [--idle-seconds S]`; SIGTERM lets the delivery at hand finish."""

    help = "Chạy việc nền: chuyển sự kiện đến nơi xử lý và chạy các việc định kỳ (hẹn giờ, niêm nhật ký)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="Làm hết việc đang chờ rồi dừng.")
        parser.add_argument("--idle-seconds", type=float, default=0.5, help="Nghỉ bao lâu khi không còn việc.")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            if threading.current_thread() is threading.main_thread():
                signal.signal(number, lambda *_: stop.set())
        total = DeliveryReport()

        def deliver() -> int:
            nonlocal total
            report = deliver_waiting(stop)
            total += report
            return report.total

        if options["once"]:
            run_periodic_jobs(now=clock.now())
            while deliver():
                run_periodic_jobs(now=clock.now())
        else:
            # Beside the deliveries, never between them: a job of minutes must not hold up somebody's dossier.
            with ThreadPoolExecutor(1) as beside:
                jobs = beside.submit(keep_at, lambda: run_periodic_jobs(now=clock.now()), stop, options["idle_seconds"])
                keep_at(deliver, stop, options["idle_seconds"])
            jobs.result()
        self.stdout.write(
            f"Đã chuyển {total.delivered} sự kiện; {total.failed} lần lỗi sẽ thử lại; {total.dead} không xử lý được."
        )


def keep_at(work: Callable[[], int], stop: threading.Event, idle_seconds: float) -> None:
    """Do the work again and again until told to stop, with a rest when there was none; outlive a lost database."""
    while not stop.is_set():
        try:
            if work():
                continue
            close_old_connections()
            stop.wait(idle_seconds)
        except (InterfaceError, OperationalError):
            logger.exception("outbox.worker.lost_database")  # what was open is rolled back and will be done again
            connection.close()
            stop.wait(max(idle_seconds, LOST_DATABASE_SECONDS))
        except BaseException:
            stop.set()  # half a worker would go unnoticed: the other half ends too, and whoever started us sees it
            raise
    connection.close()


def deliver_waiting(stop: threading.Event) -> DeliveryReport:
    """Deliver what is due now; look at the wish to stop between two small batches."""
    now = clock.now()
    total = DeliveryReport()
    while not stop.is_set():
        report = deliver_pending(now=now, limit=10)
        total += report
        if not report.total:
            break
    return total
