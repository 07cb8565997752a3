"""Make people, organisations and accounts; let a resident in on the provider's word."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from motcua.audit.public import Actor, record_decision
from motcua.identity.models import Organisation, Person, User
from motcua.identity.queries.officials import to_official_info
from motcua.identity.queries.parties import get_person, to_party, to_person_info
from motcua.identity.types import (
    IdentityClaims,
    IdentityTaken,
    InvalidIdentityData,
    NotFound,
    OfficialInfo,
    Party,
    PersonInfo,
    Sex,
    SignInRefused,
    UserKind,
)
from motcua.kernel.codes import check_personal_id, check_phone, check_tax_code, normalise_phone
from motcua.kernel.text import clean_line, fold, name_sort_key

FACTS = ("full_name", "birth_on", "sex", "phone", "email", "address", "area_code")


def create_person(
    full_name: str,
    *,
    now: datetime,
    personal_id: str | None = None,
    birth_on: date | None = None,
    sex: str = "",
    phone: str = "",
    email: str = "",
    address: str = "",
    area_code: str = "",
    with_account: bool = False,
) -> PersonInfo:
    """Register a person, with an account if asked. Raises: InvalidIdentityData, IdentityTaken, CodeRefused."""
    person = Person(personal_id=_clean_personal_id(personal_id) if personal_id else None, created_at=now)
    stored_phone = normalise_phone(phone) if phone else ""
    _set_facts(person, full_name, birth_on, sex, stored_phone, email, address, area_code)
    with _taken(_("Số định danh cá nhân này đã thuộc về người khác trong hệ thống. Hãy kiểm tra lại số.")):
        if with_account:
            person.user = _create_account(UserKind.RESIDENT, full_name=person.full_name, now=now)
        person.save()
    return to_person_info(person)


def create_organisation(
    name: str,
    *,
    tax_code: str,
    now: datetime,
    address: str = "",
    area_code: str = "",
    phone: str = "",
    email: str = "",
    legal_representative_id: int | None = None,
) -> Party:
    """Register an organisation. Raises: InvalidIdentityData, IdentityTaken."""
    checked = check_tax_code(tax_code)
    if not checked.ok:
        raise InvalidIdentityData("identity.tax_code_invalid", checked.message)
    name = clean_line(name)
    organisation = Organisation(
        tax_code=checked.value,
        name=name,
        name_folded=fold(name),
        address=clean_line(address),
        area_code=area_code,
        phone=phone,
        email=email,
        legal_representative_id=legal_representative_id,
        created_at=now,
    )
    with _taken(_("Mã số thuế này đã thuộc về tổ chức khác trong hệ thống. Hãy kiểm tra lại mã.")):
        organisation.save()
    return to_party(organisation)


def create_official(username: str, *, full_name: str, now: datetime, password: str | None = None) -> OfficialInfo:
    """Make an official's account; without a password it can sign in only by the demonstration's button.

    Raises: IdentityTaken; django.core.exceptions.ValidationError for a weak password.
    """
    username = clean_line(username).lower()
    if password is not None:
        validate_password(password, User(username=username, full_name=full_name))
    with _taken(_("Tên đăng nhập này đã có người dùng. Hãy chọn tên khác.")):
        user = _create_account(
            UserKind.OFFICIAL, full_name=clean_line(full_name), now=now, username=username, password=password
        )
    return to_official_info(user)


def is_password(user_id: int, *, password: str) -> bool:
    """Say whether this is the account's password."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user is not None and user.check_password(password)


def check_new_password(user_id: int, *, password: str) -> None:
    """Raise django.core.exceptions.ValidationError for a password that is too weak for this account."""
    validate_password(password, User.objects.get(pk=user_id))


def set_password(user_id: int, *, password: str, actor: Actor, now: datetime) -> User:
    """Give an account another password: its other sessions end with their next request.

    Raises: django.core.exceptions.ValidationError for a weak password.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user_id, is_active=True)
        validate_password(password, user)
        user.set_password(password)
        user.save(update_fields=["password"])
        record_decision(actor, subject=f"user:{user.uuid}", action="identity.set_password", details={}, now=now)
    return user


def ensure_resident_account(person_id: int, *, now: datetime) -> int:
    """Return the account of the person, made if there is none yet. Raises: NotFound."""
    with transaction.atomic():
        person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
        if person is None:
            return get_person(person_id).id  # raises NotFound with its sentence
        if person.user_id is None:
            person.user = _create_account(UserKind.RESIDENT, full_name=person.full_name, now=now)
            person.save(update_fields=["user"])
        assert person.user_id is not None
        return person.user_id


def admit_resident(claims: IdentityClaims, *, now: datetime) -> int:
    """Find or make the person of the provider's claims and return the account; facts follow the provider.

    Raises: SignInRefused when the claims carry no usable personal number or name.
    """
    checked = check_personal_id(claims.personal_id)
    full_name = clean_line(claims.full_name)
    if not checked.ok or len(checked.value) != 12 or not full_name:
        raise SignInRefused(
            "identity.claims_incomplete",
            _("Tài khoản định danh chưa cho biết họ tên và số định danh cá nhân. Hãy cập nhật VNeID rồi thử lại."),
        )
    with transaction.atomic():
        person, is_new = Person.objects.get_or_create(
            personal_id=checked.value,
            defaults={
                "full_name": full_name,
                "name_folded": fold(full_name),
                "sort_key": name_sort_key(full_name),
                "created_at": now,
            },
        )
        _set_facts(
            person,
            full_name,
            claims.birth_on or person.birth_on,
            claims.sex or person.sex,
            _usable_phone(claims.phone) or person.phone,
            claims.email or person.email,
            claims.address or person.address,
            claims.area_code or person.area_code,
        )
        person.save(update_fields=[*FACTS, "name_folded", "sort_key"])
        user_id = ensure_resident_account(person.pk, now=now)
        User.objects.filter(pk=user_id).exclude(full_name=full_name).update(full_name=full_name)
    return user_id


def disable_account(user_id: int, *, actor: Actor, now: datetime) -> None:
    """Lock an account: its sessions end with their next request. Raises: NotFound."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id).first()
        if user is None:
            raise NotFound("identity.account_not_found", _("Không tìm thấy tài khoản này."))
        user.is_active = False
        user.save(update_fields=["is_active"])
        record_decision(actor, subject=f"user:{user.uuid}", action="identity.disable_account", details={}, now=now)


def _create_account(
    kind: UserKind, *, full_name: str, now: datetime, username: str = "", password: str | None = None
) -> User:
    return User.objects.create(
        kind=kind,
        username=username or f"{kind}-{uuid4()}",
        full_name=full_name,
        password=make_password(password),
        created_at=now,
    )


def _set_facts(
    person: Person,
    full_name: str,
    birth_on: date | None,
    sex: str,
    phone: str,
    email: str,
    address: str,
    area_code: str,
) -> None:
    person.full_name = clean_line(full_name)
    if not person.full_name:
        raise InvalidIdentityData("identity.name_missing", _("Hãy ghi họ và tên."))
    person.name_folded = fold(person.full_name)
    person.sort_key = name_sort_key(person.full_name)
    person.birth_on = birth_on
    person.sex = sex if sex in tuple(Sex) else ""
    person.phone = phone
    person.email = clean_line(email)
    person.address = clean_line(address)
    person.area_code = area_code if len(area_code) == 5 and area_code.isascii() and area_code.isdigit() else ""


def _usable_phone(text: str) -> str:
    """Return the provider's phone number as stored; one we cannot read must not keep anybody out."""
    checked = check_phone(text)
    return checked.value if checked.ok else ""


def _clean_personal_id(text: str) -> str:
    checked = check_personal_id(text)
    if not checked.ok or len(checked.value) != 12:
        message = checked.message or _("Hãy ghi số định danh cá nhân gồm 12 chữ số, ghi trên thẻ căn cước.")
        raise InvalidIdentityData("identity.personal_id_invalid", message)
    return checked.value


@contextmanager
def _taken(sentence: str) -> Iterator[None]:
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise IdentityTaken("identity.taken", sentence) from error
