"""What every cloud provider must do, as tests to inherit."""

from __future__ import annotations

import json

from miniprogram.seams.abilities import ALL, WINDOWS, AdmissionCounting
from miniprogram.seams.checks import Check
from miniprogram.seams.cloud_provider import CloudProvider, DeliveryDeployment
from miniprogram.testing.contract import needs
from miniprogram.testing.delivery_deployment import DEPLOYING, DeliveryDeploymentContract, silent


class CloudProviderContract(DeliveryDeploymentContract):
    """Inherit, and override `make_provider`. What deployments must do comes with it.

    `cannot` may name `deploying` (the provider is a store only) and `logs`. What its *delivery* cannot do a
    provider says itself, in `abilities`.
    """

    def make_provider(self) -> CloudProvider:
        """The provider of this test's environment. Called again, it finds what was stored and deployed before."""
        raise NotImplementedError

    def make_deployment(self) -> DeliveryDeployment:
        return self.make_provider().deployment()

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

    def test_checks_report_instead_of_raising(self) -> None:
        checks = list(self.make_provider().checks())

        assert checks
        assert all(isinstance(check, Check) and check.label and check.summary for check in checks)
        assert "\n" not in "".join(check.summary for check in checks)

    @needs(DEPLOYING)
    def test_what_to_keep_can_be_stored(self) -> None:
        provider = self.make_provider()
        status = provider.deployment().deploy(silent)

        try:
            settings = dict(provider.settings_to_keep(status))
            assert json.loads(json.dumps(settings)) == settings
        finally:
            self._destroy()

    @needs(DEPLOYING)
    def test_destroying_leaves_what_was_published(self) -> None:
        provider = self.make_provider()
        provider.store().put("metadata/catalog/shop.json", b"{}")
        provider.deployment().deploy(silent)

        self._destroy()

        assert self.make_provider().store().get("metadata/catalog/shop.json") is not None
