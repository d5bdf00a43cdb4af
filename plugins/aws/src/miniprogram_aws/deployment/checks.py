"""What `cloud doctor` looks at beside the store: permissions, quotas, and the stack as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.checks import looked_at
from miniprogram.provider_kit.health import ask
from miniprogram.seams.checks import Check
from miniprogram_aws.deployment.admission_table import BRING_BACK, is_there, table_name
from miniprogram_aws.deployment.deployment import AwsDeployment
from miniprogram_aws.deployment.permissions import missing_actions
from miniprogram_aws.sdk.client import AwsClients
from miniprogram_aws.sdk.errors import mapped
from miniprogram_aws.settings import AwsSettings
from miniprogram_aws.stacks.stacks import Stacks
from miniprogram_aws.traffic.live_alias import LiveAlias

_CHANGED_BY_DEPLOYS = {"MiniProgramDeliveryAlias": ("/FunctionVersion", "/RoutingConfig")}
FEW_AT_ONCE = 20
"""Functions that may run at once, for the whole account: with fewer, hosts are soon refused."""
DRIFT_WAIT_S = 20.0
HEALTH_TIMEOUT_S = 5.0


def deployment_checks(settings: AwsSettings, clients: AwsClients, deployment: AwsDeployment) -> Iterator[Check]:
    """Each on its own; none raises."""
    yield looked_at(
        "AWS permissions", lambda: _permissions(settings, clients, deployment.stack_name), otherwise="skipped"
    )
    yield looked_at("Lambda quota", lambda: _quota(clients), otherwise="skipped")
    yield from stack_checks(clients, deployment)
    if settings.admission_table:
        yield looked_at("Admission table", lambda: _table(clients, deployment), otherwise="skipped")


def stack_checks(clients: AwsClients, deployment: AwsDeployment) -> Iterator[Check]:
    label = "AWS cloud stack"
    try:
        status = deployment.status()
    except MiniProgramError as error:
        yield Check(label, "error", str(error), error.hint)
        return
    if not status.exists:
        yield Check(label, "warning", f"{status.name} is not deployed", "Run `miniprogram cloud deploy`.")
        return
    url = status.outputs.get("HealthUrl")
    health = ask(url, timeout_s=HEALTH_TIMEOUT_S) if url else None
    if health is None or not health.healthy:
        ill = health.error if health is not None and health.error else "it has no health URL"
        yield Check(label, "warning", f"{status.name} is {status.status}, but not healthy: {ill}")
    else:
        yield Check(label, "ok", f"{status.name} is {status.status} and healthy")
    yield looked_at("Live version", lambda: _live(clients, status.outputs["FunctionName"]), otherwise="skipped")
    if "DomainTarget" in status.outputs:
        yield _domain(status.outputs)
    yield looked_at("Changes by hand", lambda: _drift(clients, status.name), otherwise="skipped")


def _live(clients: AwsClients, function: str) -> Check:
    """A deploy that broke off, or was taken back, is nowhere else to be seen."""
    label, alias = "Live version", LiveAlias(clients, function)
    traffic = alias.traffic()
    if traffic.candidate is not None:
        halfway = (
            f"{traffic.percent} % of requests go to version {traffic.candidate}, the others to {traffic.version}"
        )
        return Check(label, "warning", halfway, "Run `miniprogram cloud deploy`, and it goes on.")
    if traffic.version is None:
        return Check(label, "warning", "none was published yet", "Run `miniprogram cloud deploy`.")
    if not alias.is_deployed_code_live():
        return Check(
            label,
            "warning",
            f"{traffic.version}, which is not the code that was deployed last",
            "Run `miniprogram cloud deploy`, or with --rollback.",
        )
    return Check(label, "ok", traffic.version)


def _domain(outputs: Mapping[str, str]) -> Check:
    """Whether the name of one's own leads here, which is nothing that a stack can see to."""
    url, target = outputs["BackendApiBaseUrl"], outputs["DomainTarget"]
    name = urlsplit(url).hostname or ""
    health = ask(f"https://{name}/health", timeout_s=HEALTH_TIMEOUT_S)
    if health.healthy:
        return Check("Domain", "ok", name)
    said = health.error or "not healthy"
    return Check("Domain", "warning", f"{name} does not answer: {said}", f"Point the name {name} to {target}.")


def _permissions(settings: AwsSettings, clients: AwsClients, stack_name: str) -> Check:
    missing = missing_actions(settings, clients, stack_name)
    if missing:
        return Check("AWS permissions", "error", f"not allowed: {', '.join(missing)}", _ASK_FOR_THEM)
    return Check("AWS permissions", "ok", "all that publishing and deploying need")


def _quota(clients: AwsClients) -> Check:
    with mapped("read the quotas of Lambda", resource="Lambda", region=clients.region):
        limit = clients.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    if limit < FEW_AT_ONCE:
        return Check(
            "Lambda quota",
            "warning",
            f"only {limit} functions may run at once in {clients.region}",
            "Ask AWS for more under Service Quotas, Lambda, Concurrent executions.",
        )
    return Check("Lambda quota", "ok", f"{limit} functions may run at once")


def _drift(clients: AwsClients, stack_name: str) -> Check:
    changed = Stacks(clients).drifted(stack_name, wait_s=DRIFT_WAIT_S, ours=_CHANGED_BY_DEPLOYS)
    if changed is None:
        return Check("Changes by hand", "skipped", f"AWS takes longer than {DRIFT_WAIT_S:.0f} s to tell")
    if changed:
        return Check(
            "Changes by hand",
            "warning",
            f"changed or removed outside of {stack_name}: {', '.join(changed)}",
            "Change it back; or remove the stack with `miniprogram cloud destroy --yes` and deploy again.",
        )
    return Check("Changes by hand", "ok", "none")


def _table(clients: AwsClients, deployment: AwsDeployment) -> Check:
    label, name = "Admission table", table_name(deployment.stack_name)
    if "AdmissionTableName" not in deployment.status().outputs:
        return Check(
            label, "warning", "not deployed, so that windows admit nobody", "Run `miniprogram cloud deploy`."
        )
    if not is_there(deployment.stack_name, clients):
        return Check(label, "error", f"{name} was removed, so that windows admit nobody", BRING_BACK)
    return Check(label, "ok", name)


_ASK_FOR_THEM = "Ask whoever manages the account to allow these actions to the user or role you are signed in as."
