"""The package of the version that a host app is given, from the address it loads from."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from miniprogram.errors import MiniProgramError
from miniprogram.packages.package_file import Package, open_archive
from miniprogram.seams.endpoint import Endpoint

if TYPE_CHECKING:
    import httpx

EVERY_CAPABILITY = ("analytics", "auth", "native_navigation", "secure_api")
SDK_VERSION = "1.0.0"


def load_package(
    endpoint: Endpoint,
    *,
    host_app: str,
    host_version: str,
    version: str | None = None,
    http: httpx.Client | None = None,
) -> Package:
    """The package of `version`, or of the version that delivery gives this host in production, verified.

    Raises MiniProgramError saying what delivery refused, or that the version has no package.
    """
    import httpx  # deferred: most commands for hosts ask nobody

    from miniprogram.client.cache import ProgramCache
    from miniprogram.client.delivery import Delivery
    from miniprogram.client.errors import NotDelivered
    from miniprogram.client.host import Endpoint as Address
    from miniprogram.client.host import HostContext
    from miniprogram.client.updating import Updater
    from miniprogram.client.versions import LocalVersions

    key = endpoint.access_key.get_secret_value() if endpoint.access_key is not None else None
    address = Address(endpoint.api_base_uri, key)
    host = HostContext(host_app, host_version, SDK_VERSION, EVERY_CAPABILITY)
    with http or httpx.Client() as client, TemporaryDirectory() as folder:
        delivery = Delivery(address, client)
        if version is None:
            query = host.query(network="wifi", current_version=None)
            version = delivery.latest(endpoint.app_id, query).manifest.version
        cache = ProgramCache(Path(folder), endpoint.app_id)
        name = f"{endpoint.app_id} {version}"
        try:
            index = delivery.index(endpoint.app_id, version)
        except NotDelivered as error:
            raise MiniProgramError(f"{name} is not published there, or was published without a package") from error
        Updater(endpoint.app_id, delivery, LocalVersions(cache, None)).fetch(index)
        archive = cache.archive(index.archive.sha256)
    if archive is None:
        raise MiniProgramError(f"{name} could not be kept while it was loaded")
    return open_archive(archive, name=name)
