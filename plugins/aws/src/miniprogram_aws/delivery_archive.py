"""What travels to Lambda: the delivery engine, and the modules that connect it to a gateway and to S3."""

from __future__ import annotations

from miniprogram_aws.packaging import Archive, FunctionRuntime, make_archive, package_sources

RUNTIME: FunctionRuntime = (3, 13)
"""The runtime the template names."""
MODULES = (
    "admission_ledger.py",
    "delivery_events.py",
    "delivery_lambda.py",
    "delivery_log.py",
    "delivery_source.py",
)


def delivery_archive(runtime: FunctionRuntime = RUNTIME) -> Archive:
    """The delivery function, from the packages installed here."""
    sources = {
        "miniprogram/__init__.py": b"",
        "miniprogram_aws/__init__.py": b"",
        **package_sources("miniprogram.delivery"),
        **package_sources("miniprogram_aws", MODULES),
    }
    return make_archive("delivery", sources, runtime)
