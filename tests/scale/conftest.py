"""A Ray cluster on this machine with two worker processes, for the tests that need one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the folder in which the workers leave their traces."""
    return tmp_path_factory.mktemp("traces")


@pytest.fixture(scope="session")
def cluster(place: Path) -> Iterator[Any]:
    """Start Ray with two cores and little memory for objects; end it afterwards."""
    ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'hanzi-cleanup[ray]'")
    variables = {"CLEANUP_TEST_PLACE": str(place), "PYTHONPATH": os.pathsep.join((str(ROOT), *_given()))}
    ray.init(
        num_cpus=2,
        object_store_memory=200_000_000,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="error",
        runtime_env={"env_vars": variables},
    )
    from ray.data import DataContext

    DataContext.get_current().enable_progress_bars = False
    yield ray
    ray.shutdown()


def _given() -> list[str]:
    return [path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path]
