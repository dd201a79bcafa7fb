"""Which tests stay together on one worker, and which begin first."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep a file's tests on one worker, for they share fixtures; the examples of each document go alone.

    The long ones begin first, so that no worker is left with them at the end (``pytest -n auto --dist loadgroup``).
    """
    for item in items:
        alone = item.name.startswith("test_examples_run[")
        item.add_marker(pytest.mark.xdist_group(item.nodeid if alone else item.path.name))
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
