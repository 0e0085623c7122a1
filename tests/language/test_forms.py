"""The list of single forms that is shipped says what OpenCC says."""

from __future__ import annotations

import pytest

from cleanup.language.list_forms import forms_of
from cleanup.language.script import CONFIGURATIONS, convert, single_forms


@pytest.mark.parametrize("configuration", CONFIGURATIONS)
def test_the_list_is_what_the_installed_opencc_makes(configuration: str) -> None:
    listed = "".join(old + new for old, new in single_forms(configuration).items())
    assert listed == forms_of(configuration), "run python -m cleanup.language.list_forms and look at what has changed"


def test_a_listed_character_converts_alone() -> None:
    for old, new in list(single_forms("t2s").items())[::100]:
        assert convert(old, "t2s") == new
