"""The commands `publisher-backend <provider> …` as descriptions, for a plugin to return from its hooks.

The plugin's module `module` has a function per command, made by `publisher_backend_cloud.for_provider`.
"""

from __future__ import annotations

from collections.abc import Container

from miniprogram.plugins.specs import Capability, CommandSpec

SUBCOMMANDS: tuple[tuple[tuple[str, ...], str, str, str], ...] = (
    (("deploy",), "put the publisher backend up", "deploy", ""),
    (("status",), "state and health of the publisher backend", "status", ""),
    (("outputs",), "print how the publisher backend is reached", "outputs", ""),
    (("smoke",), "ask the publisher backend for everything it should answer", "smoke", "--include-write"),
    (("seed",), "store the starter's data files", "seed", ""),
    (("logs",), "print the publisher backend's logs", "logs", "--since 10m --follow"),
    (("destroy",), "take the publisher backend down", "destroy", "--yes"),
    (
        ("host-command",),
        "print the command that adds it to a host app",
        "host_command",
        "--api-base-url https://delivery.example/api --public",
    ),
    (
        ("handoff",),
        "write the file a host team imports",
        "handoff",
        "--delivery-url https://delivery.example/api --public",
    ),
    (("data", "status"), "how many records there are", "data_status", ""),
    (("data", "export"), "write the records into a file", "data_export", "--output records.json"),
    (("data", "import"), "store the records of a file", "data_import", "--input records.json --dry-run"),
    (("data", "redemptions"), "list redemptions, the newest first", "data_redemptions", "--limit 20"),
)
"""Words, summary, function, and options for an example."""


def command_rows(provider: str, module: str) -> list[CommandSpec]:
    """The rows for `provider`, whose functions are in `module`."""
    return [
        CommandSpec(
            ("publisher-backend", provider, *words),
            summary,
            f"{module}:{function}",
            example=f"--env production {options}".rstrip(),
        )
        for words, summary, function, options in SUBCOMMANDS
    ]


def capability_rows(provider: str, table: tuple[str, str], *, leaves_out: Container[str] = ()) -> list[Capability]:
    """What an editor finds of these commands. `table` is what holds records, as an id and as part of a name.

    `capability_rows("acme", ("shelf", "Shelf"))` has `publisher_backend.acme.shelf.seed`, which is the member
    `publisherBackendAcmeShelfSeed`. Commands in `leaves_out`, such as `host-command`, are not told.
    """
    name, member = table
    rows = (
        ("deploy", "", "Deploy", "deploy"),
        ("status", "", "Status", "status"),
        ("outputs", "", "Outputs", "outputs"),
        ("host_command", "", "HostCommand", "host-command"),
        ("handoff", "", "Handoff", "handoff"),
        ("smoke", "", "Smoke", "smoke"),
        ("smoke.write", "", "WriteSmoke", "smoke --include-write"),
        (f"{name}.seed", member, "Seed", "seed"),
        (f"{name}.data.status", member, "DataStatus", "data status"),
        (f"{name}.data.export", member, "DataExport", "data export"),
        (f"{name}.data.import", member, "DataImport", "data import"),
        (f"{name}.data.redemptions", member, "DataRedemptions", "data redemptions"),
        ("destroy.data_loss_guard", "", "DestroyDataLossGuard", "destroy --confirm-data-loss"),
    )
    start = f"publisherBackend{provider.capitalize()}"
    return [
        Capability(
            f"publisher_backend.{provider}.{id_}", f"{start}{of}{words}", f"publisher-backend {provider} {command}"
        )
        for id_, of, words, command in rows
        if command not in leaves_out
    ]
