"""The commands `publisher-backend firebase …`: core's functions, with the options of Firebase."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from miniprogram.cli.commands import publisher_backend_cloud as backend
from miniprogram.cli.commands import publisher_backend_cloud_data as data
from miniprogram.cli.commands import publisher_backend_handover as handover
from miniprogram_firebase.backend.options import BackendOptions


def _on_firebase(function: Callable[..., Any]) -> Callable[..., Any]:
    return backend.for_provider(function, "firebase", BackendOptions)


deploy = _on_firebase(backend.deploy)
status = _on_firebase(backend.status)
outputs = _on_firebase(backend.outputs)
smoke = _on_firebase(backend.smoke)
seed = _on_firebase(backend.seed)
logs = _on_firebase(backend.logs)
destroy = _on_firebase(backend.destroy)
host_command = _on_firebase(handover.host_command)
handoff = _on_firebase(handover.handoff)
data_status = _on_firebase(data.data_status)
data_export = _on_firebase(data.data_export)
data_import = _on_firebase(data.data_import)
data_redemptions = _on_firebase(data.data_redemptions)
