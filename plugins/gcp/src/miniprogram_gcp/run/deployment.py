"""A program of ours on Cloud Run: put up without a build, and given traffic once it answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import cached_property

from miniprogram.errors import MiniProgramError
from miniprogram.provider_kit.gradual_shift import DEFAULT_STEP_MINUTES, Shift, ShiftPlan, Traffic
from miniprogram.provider_kit.health import ask
from miniprogram.provider_kit.log_following import follow as follow_log
from miniprogram.provider_kit.resource_names import delivery_name
from miniprogram.seams.cloud_provider import DeploymentStatus, Progress, ProviderContext
from miniprogram_gcp.run.functions import Functions, wanted_function
from miniprogram_gcp.run.logs import ServiceLog
from miniprogram_gcp.run.plan import RunPlan, shortened
from miniprogram_gcp.run.program import RunFiles, base_image_of, run_files
from miniprogram_gcp.run.revision_health import RevisionHealth
from miniprogram_gcp.run.revisions import RunRevisions
from miniprogram_gcp.run.service_document import (
    DIGEST_LABEL,
    HEALTH_PATH,
    MANAGED_BY,
    PREVIOUS,
    Document,
    Service,
    all_traffic_to,
    shared_traffic,
    wanted_service,
    with_code,
)
from miniprogram_gcp.run.services import BuildNeededError, RunServices
from miniprogram_gcp.run.standing import is_as_wanted, is_on_its_way, revision_name, who_gets_what
from miniprogram_gcp.run_settings import RunSettings

STAGE = "run"
SEVERAL_REGIONS = "global"
ANSWER_WAIT_S = 5.0
ANSWER_TRIES = 6
ANSWER_PAUSE_S = 2.0


class CloudRunDeployment:
    """A DeliveryDeployment, RollingBackDeployment and PlanningDeployment. Nothing connects before it is asked."""

    def __init__(
        self,
        settings: RunSettings,
        context: ProviderContext,
        plan: RunPlan,
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._settings, self._context, self._plan, self._sleep = settings, context, plan, sleep
        named = plan.service_name or settings.service_name
        self.name = named or shortened(delivery_name(context.environment))
        self.location = plan.regions[0] if len(plan.regions) == 1 else SEVERAL_REGIONS

    def deploy(self, progress: Progress) -> DeploymentStatus:
        before = self._found()
        files = run_files(self._plan.program, base_image_of(self._settings))
        wanted = self._wanted(files)
        if before is not None and is_as_wanted(before, wanted):
            self._require_answer(before.urls[0], before.newest)
            progress(f"{self.name} is as it is to be; nothing to change.")
            return self._status(before)
        if before is not None and is_on_its_way(before, wanted):
            progress(f"{before.newest} is there already; going on with it.")
            return self._status(self._shifted(before, before.newest, progress))
        if before is not None and before.is_function:
            return self._deploy_function(wanted, files, progress)
        try:
            return self._deploy_service(before, wanted, files, progress)
        except BuildNeededError as error:
            progress(f"{error}: deploying it as a function, which is built first. That takes minutes.")
        return self._deploy_function(wanted, files, progress)

    def _deploy_service(
        self, before: Service | None, wanted: Document, files: RunFiles, progress: Progress
    ) -> DeploymentStatus:
        progress(f"Sending {len(files.files)} files, {sum(map(len, files.files.values())) // 1024} KiB.")
        revision = revision_name(self.name, before, wanted)
        service = with_code(wanted, self._services.source(files.files, self.name), revision)
        serving = before.delivering if before is not None else None
        if before is None or serving is None:
            made = self._services.put(
                self.name, {**service, "traffic": all_traffic_to(revision)}, before, progress
            )
            self._require_answer(made.urls[0], revision)
            return self._status(made)
        changed = {
            **service,
            "annotations": before.annotations,
            "traffic": shared_traffic(serving, revision),
        }
        made = self._services.put(self.name, changed, before, progress)
        return self._status(self._shifted(made, revision, progress))

    def _deploy_function(self, wanted: Document, files: RunFiles, progress: Progress) -> DeploymentStatus:
        if len(self._plan.regions) > 1:
            raise MiniProgramError(
                f"{self._plan.project} takes no code without a build, and a function is in one region only",
                hint=f"Say one --run-region with `miniprogram env configure {self._context.environment}`.",
            )
        if self._settings.shift_step:
            progress("A function cannot be shifted to: hosts get new code at once, whatever --shift-step says.")
        labels = {**wanted["labels"], DIGEST_LABEL: wanted["template"]["labels"][DIGEST_LABEL]}
        function = wanted_function(self._settings, self._plan.program, files, labels)
        self._functions.put(self.name, function, self._plan.program.as_function(files.files), progress)
        self._services.make_public(self.name)
        made = self._services.find(self.name)
        if made is None:
            raise MiniProgramError(f"{self.name} is still missing after it was deployed")
        self._require_answer(made.urls[0], self.name)
        return self._status(made)

    def plan_deploy(self) -> Iterator[str]:
        """What `deploy` would do, which Cloud Run has checked and not done."""
        before = self._found()
        files = run_files(self._plan.program, base_image_of(self._settings))
        wanted = self._wanted(files)
        if before is not None and is_as_wanted(before, wanted):
            return
        if before is not None and before.is_function:
            yield f"have the function {self.name} in {self.location} built again, which takes minutes"
            return
        steps = "".join(f"{percent} %, then " for percent in self._settings.shift_step)
        if before is not None and is_on_its_way(before, wanted):
            yield f"go on to move the traffic from {before.serving} to {before.newest}: {steps}all of it"
            return
        revision = revision_name(self.name, before, wanted)
        source: Document = {"inlinedSource": {"sources": [{"filename": "main.py", "content": "pass\n"}]}}
        service = {**with_code(wanted, source, revision), "traffic": all_traffic_to(revision)}
        try:
            self._services.check(self.name, service, before)
        except BuildNeededError:
            yield f"have a function {self.name} in {self.location} built, which takes minutes"
            return
        where = ", ".join(self._plan.regions)
        verb = "make the service" if before is None else "change the service"
        yield f"{verb} {self.name} in {where}, project {self._plan.project}"
        yield f"send {len(files.files)} files, to run in {files.base_image}"
        if before is not None and before.serving:
            how = f": {steps}all of it" if steps else ""
            yield f"move the traffic from {before.serving} to {revision} when that answers{how}"

    def roll_back(self, progress: Progress) -> DeploymentStatus:
        service = self._found()
        if service is None or service.serving is None:
            raise MiniProgramError(f"{self.name} is not deployed, so there is nothing to go back to")
        candidate = service.traffic.candidate
        if candidate is not None:
            progress(f"Taking {candidate} back, which had {service.traffic.percent} % of requests")
            revisions = RunRevisions(self._services, service, self._require_answer, progress)
            revisions.send(Traffic(service.serving))
            return self._status(revisions.service)
        previous = service.annotations.get(PREVIOUS, "")
        if not previous or service.is_function:
            raise MiniProgramError(
                f"{self.name} keeps nothing that ran before, so there is nothing to go back to",
                hint="Install the version of miniprogram you want, and deploy.",
            )
        if not self._services.has_revision(self.name, previous):
            raise MiniProgramError(
                f"the revision {previous} is gone, so that {self.name} cannot go back to it",
                hint="Install the version of miniprogram you want, and deploy.",
            )
        progress(f"Going back to {previous}")
        annotations = {**service.annotations, PREVIOUS: service.serving}
        return self._status(
            self._services.direct_traffic(service, all_traffic_to(previous), annotations, progress)
        )

    def service(self) -> Service | None:
        """What stands in Cloud Run under this name, whoever put it there."""
        return self._services.find(self.name)

    def status(self) -> DeploymentStatus:
        service = self.service()
        if service is None:
            return DeploymentStatus(self.name, STAGE, exists=False)
        return self._status(service)

    def logs(self, *, since_s: float, follow: bool) -> Iterator[str]:
        if self._services.find(self.name) is None:
            raise MiniProgramError(
                f"{self.name} is not deployed, so it has no logs",
                hint=f"Run `miniprogram {self._plan.commands} deploy --env {self._context.environment}`.",
            )
        source = ServiceLog(self._context, self._plan.project, self.name)
        return follow_log(source, since_s=since_s, goes_on=follow)

    def plan_destroy(self) -> Iterator[str]:
        service = self._services.find(self.name)
        if service is not None:
            yield f"the service {self.name} in {', '.join(self._plan.regions)}, with all its revisions"

    def destroy(self, progress: Progress) -> None:
        """The bucket and everything in it stay."""
        service = self._found()
        if service is None:
            progress(f"{self.name} is not there.")
            return
        if service.is_function:
            self._functions.delete(self.name, progress)
        else:
            self._services.delete(service, progress)
        progress(f"Removed {self.name}.")

    @cached_property
    def _services(self) -> RunServices:
        environ, environment = self._context.environ, self._context.environment
        return RunServices(environ, self._plan.project, self.location, environment, sleep=self._sleep)

    @cached_property
    def _functions(self) -> Functions:
        environ, environment = self._context.environ, self._context.environment
        return Functions(environ, self._plan.project, self.location, environment, sleep=self._sleep)

    def _wanted(self, files: RunFiles) -> Document:
        plan = self._plan
        return wanted_service(
            self._settings, plan.identity, plan.program, files, plan.regions, is_public=plan.is_public
        )

    def _found(self) -> Service | None:
        """The service, when it is this environment's. Raises MiniProgramError when it is anything else."""
        service = self._services.find(self.name)
        if service is None or self._plan.identity.labels.items() <= service.labels.items():
            return service
        is_ours = service.labels.get(MANAGED_BY) == "miniprogram"
        whose = "another environment or mini-program" if is_ours else "something else"
        raise MiniProgramError(
            f"the service {self.name} in {self.location} belongs to {whose}",
            hint=f"Choose another name with `miniprogram env configure {self._context.environment} "
            f"{self._plan.name_option} NAME`.",
        )

    def _shifted(self, made: Service, revision: str, progress: Progress) -> Service:
        """`made` with all traffic at `revision`. When that does ill, hosts get what they had before."""
        settings = self._settings
        revisions = RunRevisions(self._services, made, self._require_answer, progress)
        asking = None if self._is_closed else revisions.ask
        health = RevisionHealth(self._context, self._plan, self.name, ask=asking, progress=progress)
        plan = ShiftPlan(settings.shift_step, settings.shift_minutes or DEFAULT_STEP_MINUTES)
        Shift(revisions, health, sleep=self._sleep).bring(revision, plan, progress)
        if plan.steps and not health.saw_hosts:
            progress(f"No request of hosts to {revision} was counted: it was judged by its answers to us alone.")
        return revisions.service

    def _require_answer(self, url: str, revision: str) -> None:
        """Raises MiniProgramError unless the program answers, and finds its store well.

        One that only a load balancer reaches cannot be asked from here.
        """
        if self._is_closed:
            return
        told: str | None = None
        for attempt in range(ANSWER_TRIES):
            if attempt:
                self._sleep(ANSWER_PAUSE_S)  # a new address is not known everywhere at once
            found = ask(url + self._plan.probe_path, timeout_s=ANSWER_WAIT_S)
            if found.status_code is not None and found.status_code < 500:
                return
            told = found.error
        account = self._settings.service_account or "the project's default service account"
        raise MiniProgramError(
            f"{revision} does not answer well: {told}",
            hint=f"Let {account} reach {self._plan.store_name} ({self._plan.role}), or see "
            f"`miniprogram {self._plan.commands} logs --env {self._context.environment}`.",
        )

    @property
    def _is_closed(self) -> bool:
        return self._settings.ingress == "load-balancer"

    def _status(self, service: Service) -> DeploymentStatus:
        url = service.urls[0] if service.urls else ""
        outputs = {
            "ArtifactBucketName": self._plan.store_name.removeprefix("gs://"),
            "BackendApiBaseUrl": url and f"{url}/api/",
            "HealthUrl": "" if self._is_closed else url and f"{url}{HEALTH_PATH}",
            "ServiceName": self.name,
            "ServiceRegions": ", ".join(self._plan.regions),
            "ServiceRevision": service.serving or "",
            "CandidateRevision": service.traffic.candidate or "",
            "CandidatePercent": str(service.traffic.percent or ""),
            "BaseImage": service.base_image,
        }
        known = {name: value for name, value in outputs.items() if value}
        return DeploymentStatus(
            self.name,
            STAGE,
            exists=True,
            status=service.status,
            status_reason=service.reason or who_gets_what(service),
            outputs=known,
        )
