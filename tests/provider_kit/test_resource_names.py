"""Names of things on a cloud."""

from __future__ import annotations

import pytest

from miniprogram.provider_kit.resource_names import delivery_name, slug


@pytest.mark.parametrize(
    ("environment", "expected"),
    [("prod", "prod"), ("Team A_1", "team-a-1"), ("--x--", "x"), ("Ümlaut", "mlaut"), ("__", "default")],
)
def test_a_name_is_made_of_what_every_cloud_takes(environment: str, expected: str) -> None:
    assert slug(environment) == expected
    assert delivery_name(environment) == f"mini-program-cloud-{expected}"
