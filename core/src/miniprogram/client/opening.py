"""Which version is handed out: delivery's word, what the network allows, and what started on this host before."""

from __future__ import annotations

from datetime import datetime

from filelock import BaseFileLock, FileLock, Timeout

from miniprogram.client.cache import ProgramCache
from miniprogram.client.delivery import Delivery
from miniprogram.client.errors import (
    ROLL_BACK_TO_EMBEDDED,
    BrokenDelivery,
    ClientError,
    DeliveryRefused,
    DeliveryUnreachable,
    HostUnsuited,
    NothingToLaunch,
)
from miniprogram.client.host import HostContext
from miniprogram.client.launch import Circumstances, Launch
from miniprogram.client.offers import Offered, Update
from miniprogram.client.state import HeldVersion, ProgramState
from miniprogram.client.updating import Updater
from miniprogram.client.versions import LocalVersions
from miniprogram.clock import to_iso
from miniprogram.delivery.evaluation.versions.semver import Version, VersionRange
from miniprogram.strict_json import parse_json

UPDATE_WAIT_S = 60.0
DEFAULT_STALE_S = 3600.0


class Opening:
    """One look at delivery, and what comes of it."""

    def __init__(self, cache: ProgramCache, local: LocalVersions, delivery: Delivery, host: HostContext) -> None:
        self._cache, self._local, self._delivery, self._host = cache, local, delivery, host
        self._id = cache.program_id

    def launch(self, network: str, now: datetime) -> Launch:
        state = self._settled()
        current = state.current.version if state.current is not None else None
        try:
            offered = self._delivery.latest(self._id, self._host.query(network=network, current_version=current))
        except DeliveryUnreachable as error:
            return self._offline(state, error, now)
        except DeliveryRefused as refusal:
            if refusal.code == ROLL_BACK_TO_EMBEDDED:
                return self._rolled_back(state, refusal)
            raise
        self._require_suited(offered)
        self._cache.change(lambda state: state.model_copy(update={"resolved_at": to_iso(now)}))
        return self._updated(state, offered, network)

    def _updated(self, state: ProgramState, offered: Offered, network: str) -> Launch:
        upgrade = offered.upgrade
        signed = self._delivery.index(self._id, offered.manifest.version) if self._delivery.is_verified else None
        same = self._offered_already(state, offered)
        if same is not None and (signed is None or signed.archive.sha256 == same.archive):
            return self._handed_out(same, Circumstances("delivered", upgrade=upgrade))
        stand_in = self._stand_in(state)
        if upgrade.network == "wifi" and network != "wifi" and upgrade.mode != "forced" and stand_in is not None:
            reason = f"{offered.manifest.version} is to be loaded over Wi-Fi only"
            return self._handed_out(stand_in, self._standing_in(stand_in, offered, reason))
        try:
            version, update = self._fetched(offered)
        except ClientError as error:
            if stand_in is None or upgrade.mode == "forced":
                raise
            return self._handed_out(stand_in, self._standing_in(stand_in, offered, str(error)))
        if version is None:
            reason = f"{offered.manifest.version} did not start on this host"
            if stand_in is None:
                raise NothingToLaunch(f"{self._id}: {reason}, and there is no other version")
            return self._handed_out(stand_in, self._standing_in(stand_in, offered, reason))
        return self._handed_out(version, Circumstances("delivered", update, upgrade))

    def _fetched(self, offered: Offered) -> tuple[HeldVersion | None, Update | None]:
        """The version, here and current; None for one that did not start here."""
        with self._cache.updating(UPDATE_WAIT_S):
            index = self._delivery.index(self._id, offered.manifest.version)
            if index.digest in self._cache.state().failed:
                return None, None
            update = Updater(self._id, self._delivery, self._local).fetch(index)
            version = HeldVersion(version=index.version, digest=index.digest, archive=index.archive.sha256)
            self._cache.change(lambda state: state.model_copy(update={"current": version}))
            return version, update

    def _offered_already(self, state: ProgramState, offered: Offered) -> HeldVersion | None:
        """The current version, when it is the one that is offered, with the same manifest."""
        current = state.current
        if current is None or current.version != offered.manifest.version:
            return None
        package = self._local.package(current)
        if package is None or parse_json(package.bundle.manifest_file.body, name="manifest") != offered.members:
            return None
        return current

    def _offline(self, state: ProgramState, error: DeliveryUnreachable, now: datetime) -> Launch:
        """What is kept, for as long as its manifest allows; else what is embedded."""
        if state.current is not None and self._may_stand_in(state, now):
            return self._handed_out(state.current, Circumstances("cached", reason=str(error)))
        embedded = self._local.embedded(except_for=state.failed)
        if embedded is None:
            raise error
        return self._handed_out(embedded, Circumstances("embedded", reason=str(error)))

    def _rolled_back(self, state: ProgramState, refusal: DeliveryRefused) -> Launch:
        """What is embedded, as delivery directs; also the next time, should there be no network then."""
        embedded = self._local.embedded(except_for=state.failed)
        if embedded is None:
            raise refusal
        self._cache.change(lambda state: state.model_copy(update={"current": None}))
        return self._handed_out(embedded, Circumstances("embedded", reason=str(refusal)))

    def _may_stand_in(self, state: ProgramState, now: datetime) -> bool:
        package = self._local.package(state.current) if state.current is not None else None
        if package is None or state.resolved_at is None:
            return False
        rule = package.bundle.manifest.cache_policy.manifest
        age_s = (now - datetime.fromisoformat(state.resolved_at)).total_seconds()
        return rule.mode == "staleWhileError" and 0 <= age_s <= (rule.max_stale_seconds or DEFAULT_STALE_S)

    def _stand_in(self, state: ProgramState) -> HeldVersion | None:
        """What can be run instead of the version that is offered."""
        for each in (state.current, state.good):
            if (
                each is not None
                and each.digest not in state.failed
                and self._local.archive(each.archive) is not None
            ):
                return each
        return self._local.embedded(except_for=state.failed)

    def _standing_in(self, version: HeldVersion, offered: Offered, reason: str) -> Circumstances:
        embedded = self._local.embedded(except_for=())
        is_embedded = embedded is not None and embedded.digest == version.digest
        return Circumstances("embedded" if is_embedded else "cached", upgrade=offered.upgrade, reason=reason)

    def _require_suited(self, offered: Offered) -> None:
        """Raises HostUnsuited as hosts of the contract refuse a manifest, and BrokenDelivery."""
        manifest, host = offered.manifest, self._host
        try:
            suits = VersionRange.parse(manifest.sdk_version_range).allows(Version.parse(host.sdk_version))
        except ValueError as error:
            raise BrokenDelivery(
                f"{self._id} {manifest.version} names no usable sdkVersionRange: {error}"
            ) from error
        name = f"{self._id} {manifest.version}"
        if not suits:
            raise HostUnsuited(
                f"{name} needs an SDK in {manifest.sdk_version_range}; this host has {host.sdk_version}",
                code="unsupported_sdk_version",
            )
        missing = sorted(set(manifest.required_capabilities) - set(host.capabilities))
        if missing:
            raise HostUnsuited(f"{name} needs {', '.join(missing)} of its host", code="unsupported_capability")
        off = sorted(set(manifest.feature_flags) - set(host.feature_flags))
        if off:
            raise HostUnsuited(f"{name} needs features that are off: {', '.join(off)}", code="feature_disabled")

    def _settled(self) -> ProgramState:
        """The state after a version whose process ended without a word was given up."""
        trying = self._cache.state().trying
        if trying is None:
            return self._cache.state()
        lock = self._hold()
        if lock is None:
            return self._cache.state()  # somebody is trying it now
        try:
            return self._cache.change(
                lambda state: (
                    state.with_failed(trying)
                    if state.trying is not None and state.trying.digest == trying.digest
                    else state
                )
            )
        finally:
            lock.release()

    def _handed_out(self, version: HeldVersion, circumstances: Circumstances) -> Launch:
        """The launch of `version`, which is being tried unless it started before."""
        state = self._cache.state()
        lock = None
        if state.good is None or state.good.digest != version.digest:
            lock = self._hold()
            if lock is None and state.good is not None:
                # another process tries it right now; until it says that it works, the last good one is run
                reason = "another process is starting a version for the first time"
                version, circumstances = (
                    state.good,
                    Circumstances("cached", upgrade=circumstances.upgrade, reason=reason),
                )
            elif lock is not None:
                self._cache.change(lambda state: state.model_copy(update={"trying": version}))
        try:
            package = self._local.package(version)
        except BaseException:
            if lock is not None:
                lock.release()
            raise
        if package is None:
            raise ClientError(f"{self._id} {version.version} is gone from {self._cache.program_id}'s cache")
        return Launch(self._cache, package, version, circumstances, lock)

    def _hold(self) -> BaseFileLock | None:
        """The lock of who tries a version; None when somebody does."""
        path = self._cache.trial_lock
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(str(path))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return None
        return lock
