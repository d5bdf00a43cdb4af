"""Load mini-programs into a host program: resolved, kept for offline use, updated by deltas, launched verified.

`Client` is where to begin. It imports httpx when it is made, not before.
"""

from miniprogram.client.client import Client
from miniprogram.client.errors import (
    BrokenDelivery,
    CannotOpen,
    ClientError,
    DeliveryRefused,
    DeliveryUnreachable,
    HostUnsuited,
    NothingToLaunch,
    NotSealed,
    Unsigned,
)
from miniprogram.client.host import Endpoint, HostContext
from miniprogram.client.launch import Launch
from miniprogram.client.verifier import Verifier
from miniprogram.sealing.keys import PrivateKeys, keys_from, keys_from_environment, keys_from_files

__all__ = [
    "BrokenDelivery",
    "CannotOpen",
    "Client",
    "ClientError",
    "DeliveryRefused",
    "DeliveryUnreachable",
    "Endpoint",
    "HostContext",
    "HostUnsuited",
    "Launch",
    "NotSealed",
    "NothingToLaunch",
    "PrivateKeys",
    "Unsigned",
    "Verifier",
    "keys_from",
    "keys_from_environment",
    "keys_from_files",
]
