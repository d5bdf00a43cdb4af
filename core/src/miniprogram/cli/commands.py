"""The commands the core brings, as descriptions. A command's module is imported when it runs."""

from __future__ import annotations

from miniprogram.plugins.specs import CommandSpec

GROUPS: dict[tuple[str, ...], str] = {
    ("access-key",): "Keys that protect a mini-program's delivery.",
    ("app",): "Host apps, and how releases go in their environments.",
    ("app", "environment"): "Environments of a host app.",
    ("audit",): "The trail of what was done.",
    ("backend",): "The local delivery backend.",
    ("cloud",): "The delivery service of an environment.",
    ("cloud", "app"): "The mini-programs of an environment.",
    ("embed",): "Put mini-programs into a host app.",
    ("embed", "cloud"): "Bind a host app to an environment.",
    ("env",): "Environments: where mini-programs go.",
    ("host",): "A host app on this machine.",
    ("host", "endpoint"): "Which mini-programs a host app loads, and from where.",
    ("member",): "Who is trusted with what.",
    ("partner",): "Hand a mini-program to a host team.",
    ("plugins",): "What is installed, and what may load.",
    ("publisher-backend",): "A mini-program's own business backend.",
    ("release",): "From a published version to everybody: review, pilot, grayscale, full.",
    ("release", "pilot"): "The pilot of a release.",
    ("release", "testers"): "Who takes part in a pilot.",
    ("segment",): "Named lists that audiences ask.",
    ("switch",): "Values that depend on who asks.",
    ("token",): "Bearer tokens for the web API and the console.",
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
    CommandSpec(
        ("release", "create"), "start bringing a published version to a host app", "miniprogram.cli.release:create"
    ),
    CommandSpec(("release", "configure"), "say what the release is", "miniprogram.cli.release:configure"),
    CommandSpec(("release", "apply"), "ask a reviewer to let it through", "miniprogram.cli.release:apply"),
    CommandSpec(("release", "withdraw"), "take an application back", "miniprogram.cli.release:withdraw"),
    CommandSpec(("release", "approve"), "let a release through", "miniprogram.cli.release:approve"),
    CommandSpec(("release", "reject"), "refuse a release", "miniprogram.cli.release:reject"),
    CommandSpec(("release", "reopen"), "start another attempt", "miniprogram.cli.release:reopen"),
    CommandSpec(("release", "pilot", "start"), "begin the pilot", "miniprogram.cli.release_rollout:start_pilot"),
    CommandSpec(
        ("release", "pilot", "complete"), "end the pilot", "miniprogram.cli.release_rollout:complete_pilot"
    ),
    CommandSpec(
        ("release", "pilot", "skip"), "go on without a pilot", "miniprogram.cli.release_rollout:skip_pilot"
    ),
    CommandSpec(("release", "testers", "add"), "add testers", "miniprogram.cli.release_rollout:add_testers"),
    CommandSpec(
        ("release", "testers", "remove"),
        "take testers off the list",
        "miniprogram.cli.release_rollout:remove_testers",
    ),
    CommandSpec(
        ("release", "testers", "list"), "list the testers", "miniprogram.cli.release_rollout:list_testers"
    ),
    CommandSpec(("release", "grayscale"), "give it to a percentage", "miniprogram.cli.release_rollout:grayscale"),
    CommandSpec(("release", "shrink"), "lower the percentage", "miniprogram.cli.release_rollout:shrink"),
    CommandSpec(("release", "finish"), "give it to everybody", "miniprogram.cli.release_rollout:finish"),
    CommandSpec(("release", "pause"), "admit nobody new", "miniprogram.cli.release_rollout:pause"),
    CommandSpec(("release", "resume"), "go on after a pause or a halt", "miniprogram.cli.release_rollout:resume"),
    CommandSpec(("release", "halt"), "serve it to nobody at once", "miniprogram.cli.release_rollout:halt"),
    CommandSpec(("release", "cancel"), "give up on a release", "miniprogram.cli.release_rollout:cancel"),
    CommandSpec(("release", "rollback"), "take the full release back", "miniprogram.cli.release_rollout:rollback"),
    CommandSpec(
        ("release", "offline"),
        "ask for the full release to be taken away",
        "miniprogram.cli.release_rollout:offline",
    ),
    CommandSpec(
        ("release", "force-remove"), "suspend a release at once", "miniprogram.cli.release_rollout:force_remove"
    ),
    CommandSpec(
        ("release", "list"), "list the releases under way", "miniprogram.cli.release_insight:list_releases"
    ),
    CommandSpec(("release", "show"), "show one release", "miniprogram.cli.release_insight:show"),
    CommandSpec(("release", "why"), "say what a user gets, and why", "miniprogram.cli.release_insight:why"),
    CommandSpec(("release", "simulate"), "count who would move", "miniprogram.cli.release_insight:simulate"),
    CommandSpec(("release", "lint"), "find what can never happen", "miniprogram.cli.release_insight:lint"),
    CommandSpec(("release", "history"), "show what happened", "miniprogram.cli.release_insight:history"),
    CommandSpec(("release", "deny"), "keep some people from a release", "miniprogram.cli.release_insight:deny"),
    CommandSpec(("release", "pin"), "always give some people one release", "miniprogram.cli.release_insight:pin"),
    CommandSpec(("release", "lift"), "take a deny or a pin back", "miniprogram.cli.release_insight:lift"),
    CommandSpec(
        ("release", "others"),
        "say what hosts get that no release is for",
        "miniprogram.cli.release_insight:others",
    ),
    CommandSpec(("app", "add"), "add a host app", "miniprogram.cli.app:add"),
    CommandSpec(
        ("app", "environment", "set"),
        "add an environment or change its rules",
        "miniprogram.cli.app:set_environment",
    ),
    CommandSpec(("app", "list"), "list the host apps", "miniprogram.cli.app:list_apps"),
    CommandSpec(("segment", "create"), "make a segment of ids or patterns", "miniprogram.cli.segment:create"),
    CommandSpec(
        ("segment", "import"), "make a file's ids the next version", "miniprogram.cli.segment:import_file"
    ),
    CommandSpec(("segment", "list"), "list the segments", "miniprogram.cli.segment:list_segments"),
    CommandSpec(("segment", "show"), "show a segment and who uses it", "miniprogram.cli.segment:show"),
    CommandSpec(("segment", "remove"), "remove an unused segment", "miniprogram.cli.segment:remove"),
    CommandSpec(("switch", "set"), "create or replace a switch", "miniprogram.cli.switch:set_switch"),
    CommandSpec(("switch", "enable"), "turn a switch on", "miniprogram.cli.switch:enable"),
    CommandSpec(("switch", "disable"), "turn a switch off", "miniprogram.cli.switch:disable"),
    CommandSpec(("switch", "remove"), "remove a switch", "miniprogram.cli.switch:remove"),
    CommandSpec(("switch", "list"), "list the switches", "miniprogram.cli.switch:list_switches"),
    CommandSpec(("switch", "import"), "take switches over from a file", "miniprogram.cli.switch:import_file"),
    CommandSpec(("switch", "export"), "write the switches as JSON", "miniprogram.cli.switch:export"),
    CommandSpec(("member", "add"), "add a member or give one roles", "miniprogram.cli.member:add"),
    CommandSpec(("member", "remove"), "remove a member", "miniprogram.cli.member:remove"),
    CommandSpec(("member", "list"), "list the members", "miniprogram.cli.member:list_members"),
    CommandSpec(("token", "create"), "make a token", "miniprogram.cli.token:create"),
    CommandSpec(("token", "list"), "list the tokens", "miniprogram.cli.token:list_tokens"),
    CommandSpec(("token", "revoke"), "revoke a token", "miniprogram.cli.token:revoke"),
    CommandSpec(("audit", "show"), "show what was done", "miniprogram.cli.audit:show"),
    CommandSpec(("audit", "verify"), "check that nobody changed the trail", "miniprogram.cli.audit:verify"),
    CommandSpec(("qr",), "make a QR code that opens a release", "miniprogram.cli.qr:qr"),
)
