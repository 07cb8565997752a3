from __future__ import annotations

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from motcua.identity.actions.second_factor import ensure_demo_totp, has_totp
from motcua.identity.models import User
from motcua.identity.queries.backend import find_user
from motcua.identity.tests.factories import make_official
from motcua.kernel import clock

pytestmark = pytest.mark.django_db


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def test_the_operator_makes_an_account(agency_id: int) -> None:
    arguments = ("Lan.Nguyen", "--name", "Nguyễn Thị Lan", "--role", "leader", "--agency", "H29.999")
    printed = run("create_official", *arguments)
    password = re.search(r"Mật khẩu đầu tiên: (\S+)", printed)
    assert password is not None
    user = User.objects.get(username="lan.nguyen")
    assert user.check_password(password[1])
    found = find_user(user.pk, on=clock.local_date(clock.now()))
    assert found is not None
    assert [(g.role, g.agency_id) for g in found.identity.grants] == [("leader", agency_id)]
    with pytest.raises(CommandError, match="đã có người dùng"):
        run("create_official", *arguments)
    with pytest.raises(CommandError, match="Không có cơ quan"):
        run("create_official", "x", "--name", "X", "--role", "leader", "--agency", "H29.000")


def test_the_operator_frees_a_lost_telephone() -> None:
    official = make_official()
    ensure_demo_totp(official.user_id)
    assert official.full_name in run("reset_second_factor", official.username)
    assert not has_totp(official.user_id)
    with pytest.raises(CommandError):
        run("reset_second_factor", "không-ai")
