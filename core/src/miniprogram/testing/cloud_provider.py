"""What every cloud provider must do, as tests to inherit."""

from __future__ import annotations

import json

from miniprogram.seams.abilities import ALL, WINDOWS, AdmissionCounting
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import CloudProvider, DeploymentStatus


class CloudProviderContract:
    """Inherit, and override `make_provider`. Give your fake cloud a delivery service that can be deployed.

    The tests deploy and destroy; leave nothing behind when a test failed in between.
    """

    def make_provider(self) -> CloudProvider:
        """The provider of this test's environment. Called again, it finds what was stored and deployed before."""
        raise NotImplementedError

    def test_the_address_names_the_store_and_where_things_are_in_it(self) -> None:
        address = self.make_provider().address

        assert address.bucket
        assert address.region
        for prefix in (address.artifacts_prefix, address.metadata_prefix):
            assert prefix == prefix.strip("/")
            assert all(part not in {"", ".", ".."} for part in prefix.split("/"))
        assert not (address.public_base_url or "").endswith("/")

    def test_it_says_what_its_delivery_can_do_and_why_not(self) -> None:
        provider = self.make_provider()

        assert set(provider.abilities) == set(ALL)
        assert all(reason is None or reason.strip() for reason in provider.abilities.values())
        counts = isinstance(provider, AdmissionCounting)
        assert counts or provider.abilities[WINDOWS] is not None, "windows need a ledger"

    def test_objects_are_found_by_whoever_opens_the_environment_next(self) -> None:
        self.make_provider().store().put("metadata/catalog/shop.json", b"{}")

        found = self.make_provider().store().get("metadata/catalog/shop.json")

        assert found is not None
        assert found.body == b"{}"

    def test_nothing_is_deployed_at_first(self) -> None:
        deployment = self.make_provider().deployment()

        status = deployment.status()

        assert status.name
        assert (status.exists, dict(status.outputs)) == (False, {})
        assert list(deployment.plan_destroy()) == []

    def test_destroying_nothing_is_fine(self) -> None:
        self.make_provider().deployment().destroy(_silent)

        assert not self.make_provider().deployment().status().exists

    def test_checks_report_instead_of_raising(self) -> None:
        checks = list(self.make_provider().checks())

        assert checks
        assert all(isinstance(check, Check) and check.label and check.summary for check in checks)
        assert "\n" not in "".join(check.summary for check in checks)

    def test_a_deployment_says_how_it_is_reached(self) -> None:
        said: list[str] = []

        deployed = self.make_provider().deployment().deploy(said.append)

        try:
            self._assert_reachable(deployed)
            assert said
            assert self.make_provider().deployment().status() == deployed
        finally:
            self._destroy()

    def test_deploying_twice_gives_the_same(self) -> None:
        first = self.make_provider().deployment().deploy(_silent)

        try:
            assert self.make_provider().deployment().deploy(_silent) == first
        finally:
            self._destroy()

    def test_what_to_keep_can_be_stored(self) -> None:
        provider = self.make_provider()
        status = provider.deployment().deploy(_silent)

        try:
            settings = dict(provider.settings_to_keep(status))
            assert json.loads(json.dumps(settings)) == settings
        finally:
            self._destroy()

    def test_destroying_leaves_what_was_published(self) -> None:
        provider = self.make_provider()
        provider.store().put("metadata/catalog/shop.json", b"{}")
        provider.deployment().deploy(_silent)

        assert list(provider.deployment().plan_destroy())
        self._destroy()

        assert not self.make_provider().deployment().status().exists
        assert list(self.make_provider().deployment().plan_destroy()) == []
        assert self.make_provider().store().get("metadata/catalog/shop.json") is not None

    def _destroy(self) -> None:
        self.make_provider().deployment().destroy(_silent)

    def _assert_reachable(self, status: DeploymentStatus) -> None:
        assert status.exists
        assert status.outputs["BackendApiBaseUrl"].endswith("/api/")
        assert status.outputs["HealthUrl"].startswith(("http://", "https://"))
        assert all(name and value for name, value in status.outputs.items())


def _silent(line: str) -> None:
    del line
