"""Settings: checked as a whole, secrets never repeated."""

from pathlib import Path

import pytest

from ledger.settings import SettingRefused, Settings


def test_defaults_need_nothing() -> None:
    """An empty environment gives the embedded ledger."""
    settings = Settings.from_env({})
    assert settings.database_url == f"sqlite:///{Path('var') / 'ledger.db'}"
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.chain_url == "embedded:"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ONECODE_PORT", "80a"),
        ("ONECODE_PORT", "８０"),
        ("CHAIN_ID", "-1"),
        ("ONECODE_ORIGIN", "Has Space"),
        ("ONECODE_TENANT", "../x"),
        ("ONECODE_DATABASE_URL", "mysql://u:secret@h/d"),
        ("ONECODE_SIGNER_URL", "http://127.0.0.1:9000"),
    ],
)
def test_a_value_that_cannot_be_used_is_refused(name: str, value: str) -> None:
    """The error names the variable and does not repeat a password."""
    with pytest.raises(SettingRefused) as found:
        Settings.from_env({name: value})
    assert found.value.name == name
    assert "secret" not in str(found.value)
