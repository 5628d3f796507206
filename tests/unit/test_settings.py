"""Settings: documented, forgiving of empty values, silent about secrets."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.settings import Settings, load_settings, local_now, shown
from vectorstore.errors import SettingsError

EXAMPLE = Path(__file__).parents[2] / ".env.example"
TOKEN = "123456:" + "A" * 35


def test_the_example_file_explains_every_setting_and_no_other() -> None:
    text = EXAMPLE.read_text("utf-8")
    variables = re.findall(r"^#?([A-Z_]+)=", text, re.M)
    fields = Settings.model_fields.values()
    assert variables == [field.validation_alias for field in fields]
    assert all(f"# {field.description}" in text for field in fields)


def test_an_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "")
    monkeypatch.setenv("TELEGRAM_ALLOWED_IDS", "")
    settings = load_settings()
    assert settings.embedding_model is None
    assert settings.telegram_allowed_ids == frozenset()


@pytest.mark.parametrize("written", ["1,-1002", "1, -1002", " 1 ;-1002,"])
def test_allowed_ids_are_numbers_with_commas(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    monkeypatch.setenv("TELEGRAM_ALLOWED_IDS", written)
    assert load_settings().telegram_allowed_ids == {1, -1002}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_ALLOWED_IDS", "me"),
        ("TELEGRAM_BOT_TOKEN", "sesame"),
        ("TELEGRAM_API_URL", "ftp://x"),
        ("CHROMA_URL", "localhost:8000"),
        ("CHROMA_URL", "http://eva:sec/ret@localhost"),
        ("BELEG_LOG_LEVEL", "loud"),
        ("BELEG_TIMEZONE", "Astervelde"),
        ("BELEG_TIMEZONE", "../../etc/passwd"),
        ("BELEG_TIMEZONE", "/etc/localtime"),
        ("BELEG_TIMEZONE", "Pacific"),
    ],
)
def test_nonsense_is_refused_by_name_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=name) as caught:
        load_settings()
    assert f" {value}" not in str(caught.value)


def test_now_is_told_in_the_zone_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELEG_TIMEZONE", "Asia/Tokyo")
    zone = load_settings().timezone
    assert zone == "Asia/Tokyo"
    assert local_now(zone).utcoffset() == timedelta(hours=9)


def test_without_a_zone_now_is_told_in_the_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BELEG_TIMEZONE", "")
    zone = load_settings().timezone
    assert zone is None
    assert local_now(zone).utcoffset() is not None


def test_what_is_shown_masks_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    settings = load_settings()
    assert TOKEN not in str(shown(settings)) + repr(settings)
    assert shown(settings)["TELEGRAM_BOT_TOKEN"] == "**********"


def test_a_chroma_server_is_shown_without_its_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMA_URL", "https://eva:geheim@chroma.example:8000")
    settings = load_settings()
    assert settings.chroma_url is not None
    assert settings.chroma_url.credentials == ("eva", "geheim")
    assert "geheim" not in str(shown(settings)) + repr(settings)
    assert shown(settings)["CHROMA_URL"] == "https://***@chroma.example:8000"


def test_without_a_chroma_server_none_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMA_URL", "")
    assert load_settings().chroma_url is None
