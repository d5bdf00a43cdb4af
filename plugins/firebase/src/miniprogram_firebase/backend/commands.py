"""The commands `publisher-backend firebase …`: core's functions, with the options of Firebase."""

from __future__ import annotations

from miniprogram.cli.commands.publisher_backend_functions import functions_for
from miniprogram_firebase.backend.options import BackendOptions

__getattr__ = functions_for("firebase", BackendOptions)
