"""How a line is worded tells a headline from text, and never one line of a headline from another."""

from __future__ import annotations

from cleanup import markers
from cleanup.assembly.role_witnesses import ALIKE, groups
from cleanup.assembly.roles import LABEL, load_weights


def test_the_lines_of_a_headline_share_one_weight_for_their_wording() -> None:
    known = markers.load()
    tables = dict(zip((group.name for group in groups(known)), load_weights(known).groups, strict=True))
    for group, labels in ALIKE.items():
        alike = [LABEL[label] for label in labels]
        others = [number for number in LABEL.values() if number not in alike]
        assert tables[group].any()
        assert (tables[group][:, alike] == tables[group][:, alike[:1]]).all()
        assert not tables[group][:, others].any()
