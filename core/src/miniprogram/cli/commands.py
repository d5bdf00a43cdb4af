"""The commands the core brings, as descriptions. A command's module is imported when it runs."""

from __future__ import annotations

from miniprogram.plugins.specs import CommandSpec

GROUPS: dict[tuple[str, ...], str] = {
    ("access-key",): "Keys that protect a mini-program's delivery.",
    ("backend",): "The local delivery backend.",
    ("cloud",): "The delivery service of an environment.",
    ("cloud", "app"): "The mini-programs of an environment.",
    ("embed",): "Put mini-programs into a host app.",
    ("embed", "cloud"): "Bind a host app to an environment.",
    ("env",): "Environments: where mini-programs go.",
    ("host",): "A host app on this machine.",
    ("host", "endpoint"): "Which mini-programs a host app loads, and from where.",
    ("partner",): "Hand a mini-program to a host team.",
    ("plugins",): "What is installed, and what may load.",
    ("publisher-backend",): "A mini-program's own business backend.",
    ("workflow",): "What is ready and what to do next.",
}

COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(("create",), "scaffold a mini-program", "miniprogram.cli.create:create"),
    CommandSpec(("build",), "build authored screens to JSON", "miniprogram.cli.build:build"),
    CommandSpec(
        ("preview",), "show a mini-program on a device and follow every save", "miniprogram.cli.preview:preview"
    ),
    CommandSpec(("validate",), "check a mini-program and its delivery files", "miniprogram.cli.validate:validate"),
    CommandSpec(
        ("publish",),
        "build a mini-program and publish it",
        "miniprogram.cli.publish:publish",
        settings_of="publish_targets",
    ),
    CommandSpec(("capabilities",), "list supported features", "miniprogram.cli.capabilities:capabilities"),
    CommandSpec(("doctor",), "check the machine and the saved state", "miniprogram.cli.doctor:doctor"),
    CommandSpec(("backend", "init"), "make a local backend workspace", "miniprogram.cli.backend:init"),
    CommandSpec(("backend", "start"), "start the local backend", "miniprogram.cli.backend:start", "ignored"),
    CommandSpec(("backend", "stop"), "stop the local backend", "miniprogram.cli.backend:stop", "ignored"),
    CommandSpec(
        ("backend", "status"),
        "state and health of the local backend",
        "miniprogram.cli.backend:status",
        "ignored",
    ),
    CommandSpec(
        ("backend", "reset-local"),
        "delete what local publishes wrote",
        "miniprogram.cli.backend:reset_local",
        "ignored",
    ),
    CommandSpec(
        ("publisher-backend", "scaffold"),
        "write a publisher backend starter",
        "miniprogram.cli.publisher_backend:scaffold",
    ),
    CommandSpec(
        ("publisher-backend", "run"),
        "start the mock publisher backend",
        "miniprogram.cli.publisher_backend:run",
        "ignored",
    ),
    CommandSpec(
        ("publisher-backend", "status"),
        "state and health of the mock publisher backend",
        "miniprogram.cli.publisher_backend:status",
        "ignored",
    ),
    CommandSpec(
        ("publisher-backend", "stop"),
        "stop the mock publisher backend",
        "miniprogram.cli.publisher_backend:stop",
        "ignored",
    ),
    CommandSpec(
        ("publisher-backend", "urls"),
        "print local URLs for hosts",
        "miniprogram.cli.publisher_backend:urls",
        "ignored",
    ),
    CommandSpec(("env", "init"), "create or refresh env.json", "miniprogram.cli.env:init", "ignored"),
    CommandSpec(
        ("env", "configure"),
        "create or change a named environment",
        "miniprogram.cli.env:configure",
        settings_of="cloud_providers",
    ),
    CommandSpec(("env", "list"), "list environments", "miniprogram.cli.env:list_environments", "ignored"),
    CommandSpec(("env", "use"), "select the active environment", "miniprogram.cli.env:use"),
    CommandSpec(("env", "status"), "show the environment in force", "miniprogram.cli.env:status", "ignored"),
    CommandSpec(("access-key", "create"), "create an access key", "miniprogram.cli.access_key:create"),
    CommandSpec(("access-key", "list"), "list keys without secrets", "miniprogram.cli.access_key:list_keys"),
    CommandSpec(("access-key", "revoke"), "revoke a key", "miniprogram.cli.access_key:revoke"),
    CommandSpec(
        ("access-key", "rotate"), "revoke one key and create another", "miniprogram.cli.access_key:rotate"
    ),
    CommandSpec(("cloud", "deploy"), "put the delivery service up", "miniprogram.cli.cloud:deploy", "ignored"),
    CommandSpec(
        ("cloud", "status"), "state and health of the delivery service", "miniprogram.cli.cloud:status", "ignored"
    ),
    CommandSpec(("cloud", "outputs"), "print deployment outputs", "miniprogram.cli.cloud:outputs", "ignored"),
    CommandSpec(("cloud", "logs"), "print the delivery service's logs", "miniprogram.cli.cloud:logs", "ignored"),
    CommandSpec(
        ("cloud", "destroy"), "take the delivery service down", "miniprogram.cli.cloud:destroy", "ignored"
    ),
    CommandSpec(("cloud", "doctor"), "check cloud prerequisites", "miniprogram.cli.cloud:doctor", "ignored"),
    CommandSpec(("cloud", "rollback"), "serve another published version", "miniprogram.cli.cloud:rollback"),
    CommandSpec(("cloud", "app", "list"), "list served mini-programs", "miniprogram.cli.cloud_app:list_apps"),
    CommandSpec(("cloud", "app", "info"), "show one mini-program", "miniprogram.cli.cloud_app:info"),
    CommandSpec(("cloud", "app", "disable"), "stop serving a mini-program", "miniprogram.cli.cloud_app:disable"),
    CommandSpec(("cloud", "app", "enable"), "serve it again", "miniprogram.cli.cloud_app:enable"),
    CommandSpec(
        ("cloud", "app", "delete"), "delete all objects of a mini-program", "miniprogram.cli.cloud_app:delete"
    ),
    CommandSpec(("embed", "init"), "put mini-programs into a host app", "miniprogram.cli.embed:init", "ignored"),
    CommandSpec(
        ("embed", "cloud", "configure"),
        "bind a host app to an environment",
        "miniprogram.cli.embed:configure_cloud",
        "ignored",
    ),
    CommandSpec(("host", "run"), "run a host app on a device", "miniprogram.cli.host:run", "ignored"),
    CommandSpec(
        ("host", "endpoint", "add"), "add a mini-program to a host app", "miniprogram.cli.host_endpoint:add"
    ),
    CommandSpec(
        ("host", "endpoint", "import"), "add one from a package", "miniprogram.cli.host_endpoint:import_package"
    ),
    CommandSpec(
        ("host", "endpoint", "list"),
        "list a host app's mini-programs",
        "miniprogram.cli.host_endpoint:list_endpoints",
    ),
    CommandSpec(
        ("host", "endpoint", "remove"), "take one out of a host app", "miniprogram.cli.host_endpoint:remove"
    ),
    CommandSpec(("partner", "package"), "write the file a host team imports", "miniprogram.cli.partner:package"),
    CommandSpec(("plugins", "list"), "list installed plugins", "miniprogram.cli.plugins:list_plugins"),
    CommandSpec(("completion",), "print a shell's completion script", "miniprogram.cli.completion:completion"),
    CommandSpec(("plugins", "check"), "check plugins and pins", "miniprogram.cli.plugins:check"),
    CommandSpec(("workflow", "status"), "what is ready and what to do next", "miniprogram.cli.workflow:status"),
)
