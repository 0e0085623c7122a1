"""The datatrove step: the clean text and the way back in each Document, failures apart."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

import cleanup
from tests.conftest import OTHER, PAGE, ROOT

pytest.importorskip("datatrove", reason="datatrove is not installed: pip install 'hanzi-cleanup[datatrove]'")


@pytest.fixture
def documents() -> list[Any]:
    from datatrove.data import Document

    seeds = [path.read_text("utf-8")[:600] for path in sorted((ROOT / "seeds").glob("*.txt"))]
    texts = [PAGE, *seeds, " \n", OTHER]
    return [Document(text=text, id=f"d{number}", metadata={"from": "here"}) for number, text in enumerate(texts)]


def test_each_document_has_its_clean_text_and_leads_back(documents: list[Any]) -> None:
    from cleanup.datatrove import Cleaning

    before = {item.id: item.text for item in documents}
    step = Cleaning(cleanup.Options(spacing="keep"))
    done = {item.id: item for item in step(iter(documents))}
    assert done.keys() == before.keys() - {"d6"}
    for name, item in done.items():
        expected = cleanup.clean(before[name], options=cleanup.Options(spacing="keep"))
        assert item.text == expected.text
        about = item.metadata["cleanup"]
        assert item.metadata["from"] == "here"
        assert about["titles"] == [article.title for article in expected.articles]
        assert cleanup.Document.from_json(about["document"].encode()).undo().decode() == before[name]
    assert step.stats["dropped"].total == 1


def test_it_runs_in_an_executor_with_readers_and_writers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleanup.datatrove import Cleaning

    monkeypatch.setenv("PYTHONPATH", os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", ""))))
    rows = [{"id": "a", "text": PAGE}, {"id": "b", "text": OTHER}, {"id": "d", "text": "\0" * 9}]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    failed = JsonlWriter(str(tmp_path / "failed"), compression=None)
    LocalPipelineExecutor(
        pipeline=[
            JsonlReader(str(tmp_path / "in"), id_key="id"),
            Cleaning(exclusion_writer=failed),
            JsonlWriter(str(tmp_path / "out"), compression=None),
        ],
        logging_dir=str(tmp_path / "logs"),
    ).run()
    done, lost = (
        [json.loads(line) for path in (tmp_path / place).glob("*.jsonl") for line in path.open(encoding="utf-8")]
        for place in ("out", "failed")
    )
    assert {row["id"]: row["text"] for row in done} == {"a": cleanup.clean(PAGE).text, "b": cleanup.clean(OTHER).text}
    assert [(row["id"], row["metadata"]["cleanup"]["failure"][:8]) for row in lost] == [("d", "not text")]
