"""From a person's words to a plan of search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.procedures.queries.data import load_lexicon, load_life_events
from motcua.procedures.rules.search import MAX_ALTERNATIVES, correct, fold_words, make_vocabulary, plan_search, spell


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Đăng ký khai sinh", "dang ki khai sinh"),
        ("ĐĂNG KÍ  khai-sinh/lại!", "dang ki khai sinh lai"),
        ("Ðăng ký", "dang ki"),
        ("hoà, hòa", "hoa hoa"),
        ("Quy định", "qui dinh"),
        ("ngày tháng", "ngay thang"),
        ("???", ""),
    ],
)
def test_words_are_folded(text: str, folded: str) -> None:
    assert fold_words(text) == folded


@pytest.mark.parametrize(
    ("text", "understood"),
    [
        ("lam giay khai sinh cho con", "đăng ký khai sinh"),
        ("Giấy khai sinh", "đăng ký khai sinh"),
        ("cấp lại bằng lái xe", "cấp lại giấy phép lái xe"),
        ("doi bang lai", "đổi giấy phép lái xe"),
        ("tôi muốn mở quán ăn", "đăng ký thành lập hộ kinh doanh"),
        ("ly hon", "ghi vào sổ hộ tịch việc ly hôn"),
        ("xin nhập hộ khẩu cho con", "đăng ký thường trú"),
        ("lam can cuoc", "thẻ căn cước"),
        ("làm passport đi nước ngoài", "cấp hộ chiếu phổ thông"),
        ("đăng kí kết hôn", ""),
        ("ĐKKS", "đăng ký khai sinh"),
        ("dkkh", "đăng ký kết hôn"),
        ("XNTTHN", "xác nhận tình trạng hôn nhân"),
        ("đkkd", "đăng ký thành lập hộ kinh doanh"),
        ("GPXD", "cấp giấy phép xây dựng nhà ở riêng lẻ"),
        ("LLTP", "phiếu lý lịch tư pháp"),
        ("GCN QSDĐ", "giấy chứng nhận quyền sử dụng đất"),
        ("đổi CCCD", "cấp đổi thẻ căn cước"),
        ("GPLX", "giấy phép lái xe"),
        ("ATVSTP", "an toàn thực phẩm"),
    ],
)
def test_peoples_words_are_understood(text: str, understood: str) -> None:
    plan = plan_search(text, load_lexicon())
    assert (plan.understood_as[0] if plan.understood_as else "") == understood


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.004222", "1.004222"),
        (" 1004222 ", "1.004222"),
        ("mã 1.004222", "1.004222"),
        ("1.004222 - Đăng ký thường trú", "1.004222"),
        ("Đăng ký thường trú (1.004222)", "1.004222"),
        ("11.004222", ""),
        ("1.0042220", ""),
        ("192.168.1.004222.5", ""),
        ("2026", ""),
        ("khai sinh 1", ""),
    ],
)
def test_a_code_is_recognised(text: str, code: str) -> None:
    assert plan_search(text, load_lexicon()).code == code


@pytest.mark.slow
@given(st.text(max_size=400))
def test_any_text_makes_a_bounded_plan_of_plain_words(text: str) -> None:
    plan = plan_search(text, load_lexicon())
    assert len(plan.alternatives) <= MAX_ALTERNATIVES
    assert all(word.isascii() and word.isalnum() for words in plan.alternatives for word in words)
    assert plan.is_empty == (not plan.alternatives)


@pytest.mark.slow
@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold_words(fold_words(text)) == fold_words(text)


def test_a_slip_of_the_keyboard_is_mended_by_the_commonest_word() -> None:
    vocabulary = make_vocabulary({"khai": 40, "sinh": 30, "khi": 2}, load_lexicon())
    found = correct(["khia", "sinh", "xyzzy"], vocabulary, load_lexicon())
    assert found.words == ("khai", "sinh", "xyzzy")
    assert found.known == ("sinh", "khai")
    assert found.is_changed


def test_words_typed_without_a_blank_are_parted() -> None:
    vocabulary = make_vocabulary({"khai": 40, "sinh": 30, "ket": 9, "hon": 9}, load_lexicon())
    assert correct(["khaisinh"], vocabulary, load_lexicon()).words == ("khai", "sinh")
    assert correct(["kethon", "xyzkethon"], vocabulary, load_lexicon()).words == ("ket", "hon", "xyzkethon")


def test_a_word_that_exists_is_left_alone() -> None:
    vocabulary = make_vocabulary({"khai": 40, "khi": 2}, load_lexicon())
    assert not correct(["khi"], vocabulary, load_lexicon()).is_changed


@given(st.text("abcdeghik", min_size=2, max_size=8))
def test_every_spelling_is_one_slip_away(word: str) -> None:
    assert word in spell(word)
    assert all(abs(len(each) - len(word)) <= 1 for each in spell(word))


def test_the_data_files_are_whole() -> None:
    lexicon = load_lexicon()
    assert all(synonym.say and synonym.mean for synonym in lexicon.synonyms)
    codes = [event.code for event in load_life_events()]
    assert len(codes) == len(set(codes)) >= 10
