"""An invented month of money: people pay in every way, the gateway and the bank write their own files.

Two sides that never look at each other: what is told to us goes through the face of payments; what the gateway and
the bank saw goes into files. A fault is something that happens on one side only, or wrongly: nothing says its name.
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.utils.module_loading import import_string

from motcua.audit.public import Actor
from motcua.kernel.clock import HCM
from motcua.payments.public import (
    CallbackRefused,
    ChargeInfo,
    ChargeLine,
    Payer,
    PaymentEvent,
    PaymentInfo,
    Way,
    WayNotOffered,
    close_till,
    get_driver,
    hear,
    open_till,
    raise_charge,
    refuse_callback,
    sign_notice,
    start_payment,
    take_cash,
    till_code,
)

AMOUNTS = (8_000, 15_000, 75_000, 100_000, 160_000, 500_000, 1_000_000, 2_500_000)
GATEWAY_FEE = 1_100  # what the gateway keeps of each payment
CASHIER = Actor(kind="official", id="thu-ngan", name="Thu ngân trình diễn")
FAULTS = (
    "double", "amount", "late", "forged", "lost", "charge_back", "no_reference", "over", "vanished", "fee", "wrong_sum",
    "clock",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Movement:
    """What one of the other sides wrote down."""

    number: str
    on: date
    amount_vnd: int
    text: str
    kind: str = "payment"


@dataclass(slots=True)
class World:
    """The bank's and the gateway's own books."""

    bank: list[Movement] = field(default_factory=list)
    gateway: list[Movement] = field(default_factory=list)
    serial: int = 0

    def next_number(self, on: date) -> str:
        self.serial += 1
        return f"{on:%y%m%d}{self.serial:06d}"


def play_month(
    folder: Path, *, month: date, agency_code: str, seed: int = 5, payments_a_day: int = 4, faulty: bool = False
) -> tuple[list[Path], list[Path]]:
    """Play a month and write its files; return (bank's, gateway's). The same seed plays the same month."""
    chance, world = random.Random(seed), World()
    last = calendar.monthrange(month.year, month.month)[1]
    days = [date(month.year, month.month, day) for day in range(1, last - 1)]  # the last two: transfers still arrive
    plan = dict(zip(days[2::2], FAULTS, strict=False)) if faulty else {}
    for on in days:
        _play_day(world, on, chance, agency_code, payments_a_day)
        if on in plan:
            _plant(world, plan[on], on, agency_code)
        _end_day(world, on, agency_code)
    return _write_files(world, folder, month)


def _play_day(world: World, on: date, chance: random.Random, agency_code: str, count: int) -> None:
    till = open_till(agency_code=agency_code, cashier_id=1, cashier_name=CASHIER.name, now=_at(on, 8))
    cash = 0
    for number in range(count):
        moment = _at(on, 8 + number * 2, chance.randrange(60))
        way: Way = chance.choice(("vietqr", "vnpay", "cash"))
        charge = _charge(agency_code, chance.choice(AMOUNTS), moment, f"{on:%m%d}-{number}")
        if way == "cash":
            take_cash(
                charge.uuid,
                till_uuid=till.uuid,
                amount_vnd=charge.due_vnd,
                key=str(charge.uuid),
                actor=CASHIER,
                now=moment,
            )
            cash += charge.due_vnd
            continue
        payment = start_payment(charge.uuid, way=way, key="1", now=moment)
        _pay(world, payment, moment + timedelta(minutes=chance.randrange(1, 10)))
    close_till(till.uuid, counted_vnd=cash, note="", actor=CASHIER, now=_at(on, 17))
    if cash:
        words = f"NOP TIEN MAT {till_code(till.uuid)}"
        world.bank.append(Movement(world.next_number(on), on + timedelta(days=1), cash, words))


def _pay(world: World, payment: PaymentInfo, moment: datetime, *, amount_vnd: int = 0, is_told: bool = True) -> str:
    """Let the payer pay: the other side writes it down and, as a rule, tells us."""
    on, amount = moment.astimezone(HCM).date(), amount_vnd or payment.amount_vnd
    number = world.next_number(on)
    if payment.way == "vietqr":
        world.bank.append(Movement(number, on, amount, f"MBVCB {payment.reference} nop le phi"))
        name = f"bank:{number}"
    else:
        world.gateway.append(Movement(number, on, amount, payment.reference))
        name = f"vnpay:{number}"
    if is_told:
        event = PaymentEvent(kind="paid", external_id=name, amount_vnd=amount, happened_at=moment)
        hear(payment.reference, event, source="callback", raw={}, now=moment)
    return number


def _plant(world: World, fault: str, on: date, agency_code: str) -> None:
    """Let something go wrong on one side only."""
    moment = _at(on, 10, 30)
    of_bank = {"no_reference": (120_000, "Nguyen Thi Thu nop le phi"), "fee": (-22_000, "PHI DICH VU SMS THANG")}
    if fault in of_bank:
        world.bank.append(Movement(world.next_number(on), on, *of_bank[fault]))
        return
    charge = _charge(agency_code, 100_000, moment, f"{on:%m%d}-x")
    way: Way = "vnpay" if fault in ("charge_back", "late") else "vietqr"
    payment = start_payment(charge.uuid, way=way, key="1", now=moment)
    if fault == "double":
        _pay(world, start_payment(charge.uuid, way="vnpay", key="2", now=moment), moment + timedelta(minutes=2))
    if fault != "forged":
        amount = {"amount": 60_000, "over": 110_000}.get(fault, 0)
        paid_at = moment + timedelta(minutes=40 if fault == "late" else 0)
        number = _pay(world, payment, paid_at, amount_vnd=amount, is_told=fault not in ("lost", "clock"))
        _write_wrongly(world, fault, number, payment)
    if fault in ("forged", "clock"):
        _tell_wrongly(payment, moment, is_forged=fault == "forged")


def _write_wrongly(world: World, fault: str, number: str, payment: PaymentInfo) -> None:
    """Let the other side's own books say something else than it told."""
    if fault in ("vanished", "wrong_sum"):
        written = next(each for each in world.bank if each.number == number)
        world.bank.remove(written)
        if fault == "wrong_sum":
            world.bank.append(replace(written, amount_vnd=90_000))
    elif fault == "charge_back":
        paid = next(each for each in world.gateway if each.number == number)
        world.gateway.append(Movement(number, paid.on, payment.amount_vnd, payment.reference, "chargeback"))


def _tell_wrongly(payment: PaymentInfo, moment: datetime, *, is_forged: bool) -> None:
    """Somebody without the key tells us of money that never was; or the bank's clock is an hour before ours."""
    body = (
        f'{{"id": "1", "amount": {payment.amount_vnd}, "content": "{payment.reference}", "at": "{moment.isoformat()}"}}'
    )
    driver, sent_at = _bank(), int(moment.timestamp()) + 3_600
    secret = "not the key" if is_forged else driver.secret
    signature = sign_notice(body.encode(), sent_at=sent_at, secret=secret)
    try:
        headers = {"X-Signature": f"t={sent_at},v1={signature}"}
        driver.read_callback({}, body=body.encode(), headers=headers, now=moment)
    except CallbackRefused as refusal:
        raw = {"vnp_TxnRef": payment.reference}
        refuse_callback("vietqr", reason=refusal.reason, raw=raw, is_clock=refusal.is_clock, now=moment)


def _bank() -> Any:
    """Return the driver that hears the bank; where the month is played without a way to pay, the simulated one."""
    try:
        return get_driver("vietqr")
    except WayNotOffered:
        path = "motcua.payments.adapters.vietqr.VietqrDriver"
        return import_string(path)(**settings.SIMULATED_DRIVERS[path])


def _end_day(world: World, on: date, agency_code: str) -> None:
    """The gateway hands over the day's money on the next day, what was taken back and its own fee taken off."""
    of_day = [each for each in world.gateway if each.on == on and each.kind != "settlement"]
    total = sum(-each.amount_vnd if each.kind == "chargeback" else each.amount_vnd for each in of_day)
    fee = GATEWAY_FEE * sum(each.kind == "payment" for each in of_day)
    if total > fee:
        world.gateway.append(Movement(f"PH{on:%Y%m%d}", on, fee, "", "fee"))
        total -= fee
        batch, following = f"QT{on:%Y%m%d}", on + timedelta(days=1)
        world.gateway.append(Movement(batch, following, total, "", "settlement"))
        world.bank.append(Movement(world.next_number(on), following, total, f"VNPAY {batch} {agency_code}"))
    if on.isoweekday() == 5:
        came = sum(each.amount_vnd for each in world.bank if on - timedelta(days=7) < each.on <= on)
        if came > 0:
            world.bank.append(Movement(world.next_number(on), on, -min(came, 1_000_000), "NOP NSNN phi le phi"))


def _charge(agency_code: str, amount_vnd: int, moment: datetime, number: str) -> ChargeInfo:
    line = ChargeLine(label="Lệ phí trình diễn", amount_vnd=amount_vnd, legal_ref="Trình diễn")
    payer = Payer(name="Người nộp trình diễn", party_kind="person")
    return raise_charge(
        uuid4(), case_code=f"{agency_code}-{moment:%y%m%d}-{number}", agency_code=agency_code, payer=payer,
        lines=[line], now=moment,
    )  # fmt: skip


def _at(on: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(on, time(hour, minute), HCM)


def _write_files(world: World, folder: Path, month: date) -> tuple[list[Path], list[Path]]:
    """The bank sends a file every ten days, each time in another of the forms that banks use."""
    folder.mkdir(parents=True, exist_ok=True)
    writers = ((_csv, 10, "csv"), (_mt940, 20, "mt940"), (_camt, 99, "xml"))
    bank, first = [], 0
    for write, last, ending in writers:
        part = [each for each in world.bank if first < (each.on - month.replace(day=1)).days + 1 <= last]
        path = folder / f"sao-ke-{month:%Y-%m}-{first + 1:02d}.{ending}"
        path.write_text(write(part), encoding="utf-8")
        bank.append(path)
        first = last
    report = folder / f"bao-cao-cong-{month:%Y-%m}.csv"
    rows = [f"{each.number},{each.kind},{each.text},{each.amount_vnd},{each.on}" for each in world.gateway]
    report.write_text("\n".join(["id,type,order,amount,date", *rows]) + "\n", encoding="utf-8")
    return bank, [report]


def _csv(rows: Iterable[Movement]) -> str:
    lines = [f"{each.on:%d/%m/%Y};{each.number};{each.amount_vnd};{each.text}" for each in rows]
    return "\n".join(["Ngày;Mã giao dịch;Số tiền;Nội dung", *lines]) + "\n"


def _mt940(rows: Iterable[Movement]) -> str:
    lines = [":20:MOTCUA", ":25:970415/0011001932418", ":28C:1/1"]
    opened = False
    for each in rows:
        if not opened:
            lines.append(f":60F:C{each.on:%y%m%d}VND0,")
            opened = True
        mark = "D" if each.amount_vnd < 0 else "C"
        lines += [
            f":61:{each.on:%y%m%d}{each.on:%m%d}{mark}{abs(each.amount_vnd)},NTRFNONREF//{each.number}",
            f":86:{each.text}",
        ]
    return "\n".join(lines) + "\n"


def _camt(rows: Iterable[Movement]) -> str:
    entries = "".join(
        f'<Ntry><Amt Ccy="VND">{abs(each.amount_vnd)}</Amt>'
        f"<CdtDbtInd>{'DBIT' if each.amount_vnd < 0 else 'CRDT'}</CdtDbtInd>"
        f"<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{each.on}</Dt></BookgDt><AcctSvcrRef>{each.number}</AcctSvcrRef>"
        f"<NtryDtls><TxDtls><RmtInf><Ustrd>{each.text}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        for each in rows
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><Stmt><Id>1</Id>{entries}</Stmt></BkToCstmrStmt></Document>"
    )
