"""`publish --target cloud`: into the store of a named environment, whatever its provider."""

from __future__ import annotations

from collections.abc import Iterator

from miniprogram.cloud.session import CloudSession, open_session
from miniprogram.errors import MiniProgramError, PublishError
from miniprogram.publish.layouts.cloud import CloudPlace, cloud_layout
from miniprogram.publish.layouts.layout import Layout
from miniprogram.publish.target import PublishPlan, PublishReceipt, Release, TargetContext
from miniprogram.publish.to_store import Outcome, plan_to_store, publish_to_store
from miniprogram.state.env_file import LOCAL, require_env


class CloudTarget:
    """The store of an environment, in the cloud layout."""

    def __init__(self, session: CloudSession) -> None:
        self._session = session

    def plan(self, release: Release) -> PublishPlan:
        outcome = plan_to_store(self._session.store, self._layout(release), allow_older=release.allow_older)
        return PublishPlan(self._session.store.location, outcome.written, outcome.unchanged, outcome.removed)

    def publish(self, release: Release) -> PublishReceipt:
        outcome = publish_to_store(self._session.store, self._layout(release), allow_older=release.allow_older)
        url = f"{self._session.api_base_url}/" if self._session.api_base_url else None
        return PublishReceipt(
            location=self._session.store.location,
            written=outcome.written,
            unchanged=outcome.unchanged,
            removed=outcome.removed,
            changed=outcome.changed,
            delivery_api_base_url=release.base_url or url,
            notes=tuple(self._notes(release, outcome)),
        )

    def _layout(self, release: Release) -> Layout:
        try:
            return cloud_layout(release, cloud_place(self._session))
        except PublishError as error:
            if release.base_url is not None or self._session.api_base_url is not None:
                raise
            deploy = f"miniprogram cloud deploy --env {self._session.environment.name}"
            hint = f"Run `{deploy}` first: it gives the environment its address. Or name one with --base-url."
            raise PublishError(str(error), hint=hint) from error

    def _notes(self, release: Release, outcome: Outcome) -> Iterator[str]:
        name = self._session.environment.name
        yield f"Environment: {name} ({self._session.environment.provider})"
        if not outcome.is_latest:
            program = release.bundle.program_id
            yield f"{program} {outcome.served_before} stays the version that is served; it is higher."
        if self._session.api_base_url is None:
            yield f"Nothing serves it yet; run `miniprogram cloud deploy --env {name}`."


def cloud_place(session: CloudSession) -> CloudPlace:
    """Where releases go in the store, and how documents name it."""
    address = session.provider.address
    public = address.public_base_url
    return CloudPlace(
        provider=session.environment.provider,
        environment=session.environment.name,
        bucket=address.bucket,
        region=address.region,
        artifacts_prefix=address.artifacts_prefix,
        metadata_prefix=address.metadata_prefix,
        public_base_url=public.rstrip("/") if public else None,
        api_base_url=session.api_base_url,
    )


def open_cloud_target(context: TargetContext) -> CloudTarget:
    """The target in the environment chosen for this publish.

    Raises MiniProgramError when there is no environment file, or the name is not in it.
    """
    starts = [context.cwd, context.program_root, *([context.repo_root] if context.repo_root else [])]
    resolved = require_env(
        explicit_root=None, start_directories=starts, home=context.home, failure=MiniProgramError
    )
    name = context.environment or LOCAL  # nothing chosen and nothing active: never the active one by surprise
    session = open_session(resolved, name, providers=context.providers, home=context.home, environ=context.environ)
    return CloudTarget(session)
