"""What every deployment of the delivery service must do, as tests to inherit."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from miniprogram.seams.cloud_provider import DeliveryDeployment, DeploymentStatus, PlanningDeployment
from miniprogram.testing.contract import Contract, needs

DEPLOYING = "deploying"
LOGS = "logs"


class DeliveryDeploymentContract(Contract):
    """Inherit, and override `make_deployment`. Give your fake cloud a delivery service that can be deployed.

    The tests deploy and destroy; leave nothing behind when a test failed in between. `cannot` may name `deploying`
    (there is a store only, somebody else serves it) and `logs`.
    """

    can_be_missing = (DEPLOYING, LOGS)

    def make_deployment(self) -> DeliveryDeployment:
        """The deployment of this test's environment. Called again, it finds what was deployed before."""
        raise NotImplementedError

    def attempts(self, missing: str) -> Sequence[Callable[[], object]]:
        deployment = self.make_deployment()
        if missing == DEPLOYING:
            return [lambda: deployment.deploy(silent)]
        return [lambda: list(deployment.logs(since_s=60, follow=False))]

    def test_nothing_is_deployed_at_first(self) -> None:
        deployment = self.make_deployment()

        status = deployment.status()

        assert status.name
        assert (status.exists, dict(status.outputs)) == (False, {})
        assert list(deployment.plan_destroy()) == []

    def test_destroying_nothing_is_fine(self) -> None:
        self.make_deployment().destroy(silent)

        assert not self.make_deployment().status().exists

    @needs(DEPLOYING)
    def test_a_deployment_says_how_it_is_reached(self) -> None:
        said: list[str] = []

        deployed = self.make_deployment().deploy(said.append)

        try:
            self._assert_reachable(deployed)
            assert said
            assert self.make_deployment().status() == deployed
        finally:
            self._destroy()

    @needs(DEPLOYING)
    def test_deploying_twice_gives_the_same(self) -> None:
        first = self.make_deployment().deploy(silent)

        try:
            assert self.make_deployment().deploy(silent) == first
        finally:
            self._destroy()

    @needs(DEPLOYING)
    def test_what_a_deploy_would_do_is_told_before_and_not_done(self) -> None:
        if not isinstance(self.make_deployment(), PlanningDeployment):
            return  # it need not be able to

        planned = list(self._planning().plan_deploy())

        assert planned
        assert all(line.strip() and "\n" not in line for line in planned)
        assert not self.make_deployment().status().exists
        self.make_deployment().deploy(silent)
        try:
            assert list(self._planning().plan_deploy()) == []
        finally:
            self._destroy()

    def _planning(self) -> PlanningDeployment:
        deployment = self.make_deployment()
        assert isinstance(deployment, PlanningDeployment)
        return deployment

    @needs(DEPLOYING)
    def test_what_would_be_destroyed_is_told_before_and_gone_afterwards(self) -> None:
        self.make_deployment().deploy(silent)

        planned = list(self.make_deployment().plan_destroy())
        self._destroy()

        assert planned
        assert all(line.strip() and "\n" not in line for line in planned)
        assert not self.make_deployment().status().exists
        assert list(self.make_deployment().plan_destroy()) == []

    def _destroy(self) -> None:
        self.make_deployment().destroy(silent)

    def _assert_reachable(self, status: DeploymentStatus) -> None:
        assert status.exists
        assert status.outputs["BackendApiBaseUrl"].endswith("/api/")
        assert status.outputs["HealthUrl"].startswith(("http://", "https://"))
        assert all(name and value for name, value in status.outputs.items())


def silent(line: str) -> None:
    """Progress for nobody."""
    del line
