"""Every role marker fires on its own examples and keeps quiet on what it says it keeps."""

from __future__ import annotations

import pytest

from cleanup import markers


@pytest.mark.parametrize("marker", markers.load(), ids=lambda marker: marker.id)
def test_a_marker_knows_its_examples(marker: markers.Marker) -> None:
    assert marker.examples
    assert marker.keeps
    assert [e for e in marker.examples if marker.find.fullmatch(e) is None] == []
    assert [k for k in marker.keeps if marker.find.fullmatch(k) is not None] == []
