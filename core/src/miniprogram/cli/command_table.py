"""The commands the core brings, as descriptions. A command's module is imported when it runs."""

from __future__ import annotations

from miniprogram.plugins.specs import CommandSpec
from miniprogram.releases.verbs import VERBS, Verb

GROUPS: dict[tuple[str, ...], str] = {
    ("access-key",): "Keys that protect a mini-program's delivery.",
    ("app",): "Host apps, and how releases go in their environments.",
    ("app", "environment"): "Environments of a host app.",
    ("audit",): "The trail of what was done.",
    ("bundle",): "Carry a version that was let through to another environment, without a network.",
    ("backend",): "The local delivery backend.",
    ("cloud",): "The delivery service of an environment.",
    ("cloud", "app"): "The mini-programs of an environment.",
    ("embed",): "Put mini-programs into a host app.",
    ("embed", "cloud"): "Bind a host app to an environment.",
    ("env",): "Environments: where mini-programs go.",
    ("host",): "A host app on this machine.",
    ("host", "endpoint"): "Which mini-programs a host app loads, and from where.",
    ("member",): "Who is trusted with what.",
    ("notice",): "Who is told what happens, by signed webhooks.",
    ("package",): "A version as one file, and small files that update it.",
    ("partner",): "Hand a mini-program to a host team.",
    ("plugins",): "What is installed, and what may load.",
    ("provenance",): "What a version was built from, and who says so.",
    ("publisher-backend",): "A mini-program's own business backend.",
    ("release",): "From a published version to everybody: review, pilot, grayscale, full.",
    ("release", "pilot"): "The pilot of a release.",
    ("release", "testers"): "Who takes part in a pilot.",
    ("sealing",): "Versions that only chosen host apps can open.",
    ("sealing", "keys"): "Keys that versions are sealed for.",
    ("segment",): "Named lists that audiences ask.",
    ("session",): "Who is signed in to the console.",
    ("storage",): "What an environment has stored.",
    ("switch",): "Values that depend on who asks.",
    ("token",): "Bearer tokens for the web API and the console.",
    ("version",): "The version in a mini-program's manifest; `miniprogram --version` prints the tool's.",
    ("workflow",): "What is ready and what to do next.",
}


def _verb_command(verb: Verb) -> CommandSpec:
    """A release verb as a command. Its function is made by `cli.commands.release` when it runs."""
    words = tuple(verb.name.split())
    summary = f"{verb.summary[:1].lower()}{verb.summary[1:].rstrip('.')}"
    function = verb.name.replace(" ", "_").replace("-", "_")
    return CommandSpec(("release", *words), summary, f"miniprogram.cli.commands.release:{function}")


COMMANDS: tuple[CommandSpec, ...] = (
    CommandSpec(("create",), "scaffold a mini-program", "miniprogram.cli.commands.create:create"),
    CommandSpec(("build",), "build authored screens to JSON", "miniprogram.cli.commands.build:build"),
    CommandSpec(
        ("preview",),
        "show a mini-program on a device and follow every save",
        "miniprogram.cli.commands.preview:preview",
    ),
    CommandSpec(
        ("validate",), "check a mini-program and its delivery files", "miniprogram.cli.commands.validate:validate"
    ),
    CommandSpec(("screenshot",), "save pictures of its screens", "miniprogram.cli.commands.screenshot:screenshot"),
    CommandSpec(
        ("schema",), "JSON Schemas of manifests and screens, for editors", "miniprogram.cli.commands.schema:schema"
    ),
    CommandSpec(
        ("publish",),
        "build a mini-program and publish it",
        "miniprogram.cli.commands.publish:publish",
        settings_of="publish_targets",
    ),
    CommandSpec(
        ("versions",),
        "list the versions a target holds",
        "miniprogram.cli.commands.versions:versions",
        settings_of="publish_targets",
    ),
    CommandSpec(
        ("rollback",),
        "send hosts to another version that a target holds",
        "miniprogram.cli.commands.versions:rollback",
        settings_of="publish_targets",
    ),
    CommandSpec(("version", "show"), "print the version", "miniprogram.cli.commands.version:show"),
    CommandSpec(("version", "patch"), "raise the last number", "miniprogram.cli.commands.version:patch"),
    CommandSpec(("version", "minor"), "raise the middle number", "miniprogram.cli.commands.version:minor"),
    CommandSpec(("version", "major"), "raise the first number", "miniprogram.cli.commands.version:major"),
    CommandSpec(("version", "set"), "write a version", "miniprogram.cli.commands.version:set_version"),
    CommandSpec(
        ("package", "build"), "pack a mini-program into one file", "miniprogram.cli.commands.package:build"
    ),
    CommandSpec(("package", "inspect"), "what a package holds", "miniprogram.cli.commands.package:inspect"),
    CommandSpec(("package", "verify"), "check that a package is whole", "miniprogram.cli.commands.package:verify"),
    CommandSpec(
        ("package", "diff"),
        "what an update changes, and the file that carries it",
        "miniprogram.cli.commands.package:diff",
    ),
    CommandSpec(("package", "apply"), "update a package", "miniprogram.cli.commands.package:apply"),
    CommandSpec(
        ("bundle", "export"),
        "write a version with all that speaks for it",
        "miniprogram.cli.commands.bundle:export",
    ),
    CommandSpec(("bundle", "inspect"), "what an exported file holds", "miniprogram.cli.commands.bundle:inspect"),
    CommandSpec(
        ("bundle", "import"), "take an exported version over", "miniprogram.cli.commands.bundle:import_file"
    ),
    CommandSpec(("sealing", "keys", "make"), "make a key", "miniprogram.cli.commands.sealing:make"),
    CommandSpec(("sealing", "keys", "add"), "seal for a key too", "miniprogram.cli.commands.sealing:add"),
    CommandSpec(("sealing", "keys", "list"), "list the keys", "miniprogram.cli.commands.sealing:list_keys"),
    CommandSpec(
        ("sealing", "keys", "revoke"), "seal for a key no more", "miniprogram.cli.commands.sealing:revoke"
    ),
    CommandSpec(
        ("provenance", "keys"),
        "public keys of those you sign with",
        "miniprogram.cli.commands.provenance:keys",
    ),
    CommandSpec(
        ("provenance", "verify"),
        "which commit a version was built from",
        "miniprogram.cli.commands.provenance:verify",
        settings_of="publish_targets",
    ),
    CommandSpec(
        ("capabilities",), "list supported features", "miniprogram.cli.commands.capabilities:capabilities"
    ),
    CommandSpec(("doctor",), "check the machine and the saved state", "miniprogram.cli.commands.doctor:doctor"),
    CommandSpec(("backend", "init"), "make a local backend workspace", "miniprogram.cli.commands.backend:init"),
    CommandSpec(("backend", "start"), "start the local backend", "miniprogram.cli.commands.backend:start"),
    CommandSpec(("backend", "stop"), "stop the local backend", "miniprogram.cli.commands.backend:stop"),
    CommandSpec(
        ("backend", "status"),
        "state and health of the local backend",
        "miniprogram.cli.commands.backend:status",
    ),
    CommandSpec(
        ("backend", "reset-local"),
        "delete what local publishes wrote",
        "miniprogram.cli.commands.backend:reset_local",
    ),
    CommandSpec(
        ("publisher-backend", "scaffold"),
        "write a publisher backend starter",
        "miniprogram.cli.commands.publisher_backend:scaffold",
    ),
    CommandSpec(
        ("publisher-backend", "run"),
        "start the mock publisher backend",
        "miniprogram.cli.commands.publisher_backend:run",
    ),
    CommandSpec(
        ("publisher-backend", "status"),
        "state and health of the mock publisher backend",
        "miniprogram.cli.commands.publisher_backend:status",
    ),
    CommandSpec(
        ("publisher-backend", "stop"),
        "stop the mock publisher backend",
        "miniprogram.cli.commands.publisher_backend:stop",
    ),
    CommandSpec(
        ("publisher-backend", "urls"),
        "print local URLs for hosts",
        "miniprogram.cli.commands.publisher_backend:urls",
    ),
    CommandSpec(("env", "init"), "create or refresh env.json", "miniprogram.cli.commands.env:init"),
    CommandSpec(
        ("env", "configure"),
        "create or change a named environment",
        "miniprogram.cli.commands.env:configure",
        settings_of="cloud_providers",
    ),
    CommandSpec(("env", "list"), "list environments", "miniprogram.cli.commands.env:list_environments"),
    CommandSpec(("env", "use"), "select the active environment", "miniprogram.cli.commands.env:use"),
    CommandSpec(("env", "status"), "show the environment in force", "miniprogram.cli.commands.env:status"),
    CommandSpec(
        ("env", "repair"), "restore members and apps nobody can read", "miniprogram.cli.commands.env_repair:repair"
    ),
    CommandSpec(("access-key", "create"), "create an access key", "miniprogram.cli.commands.access_key:create"),
    CommandSpec(
        ("access-key", "list"), "list keys without secrets", "miniprogram.cli.commands.access_key:list_keys"
    ),
    CommandSpec(("access-key", "revoke"), "revoke a key", "miniprogram.cli.commands.access_key:revoke"),
    CommandSpec(
        ("access-key", "rotate"), "revoke one key and create another", "miniprogram.cli.commands.access_key:rotate"
    ),
    CommandSpec(("cloud", "deploy"), "put the delivery service up", "miniprogram.cli.commands.cloud:deploy"),
    CommandSpec(
        ("cloud", "status"),
        "state and health of the delivery service",
        "miniprogram.cli.commands.cloud:status",
    ),
    CommandSpec(("cloud", "outputs"), "print deployment outputs", "miniprogram.cli.commands.cloud:outputs"),
    CommandSpec(("cloud", "logs"), "print the delivery service's logs", "miniprogram.cli.commands.cloud:logs"),
    CommandSpec(("cloud", "destroy"), "take the delivery service down", "miniprogram.cli.commands.cloud:destroy"),
    CommandSpec(
        ("cloud", "permissions"),
        "print what its user has to be allowed",
        "miniprogram.cli.commands.cloud:permissions",
    ),
    CommandSpec(("cloud", "doctor"), "check cloud prerequisites", "miniprogram.cli.commands.cloud:doctor"),
    CommandSpec(
        ("cloud", "rollback"), "serve another published version", "miniprogram.cli.commands.cloud:rollback"
    ),
    CommandSpec(
        ("cloud", "app", "list"), "list served mini-programs", "miniprogram.cli.commands.cloud_app:list_apps"
    ),
    CommandSpec(
        ("cloud", "app", "reindex"),
        "compile the index of the mini-programs anew",
        "miniprogram.cli.commands.cloud_app:reindex",
    ),
    CommandSpec(("cloud", "app", "info"), "show one mini-program", "miniprogram.cli.commands.cloud_app:info"),
    CommandSpec(
        ("cloud", "app", "disable"), "stop serving a mini-program", "miniprogram.cli.commands.cloud_app:disable"
    ),
    CommandSpec(("cloud", "app", "enable"), "serve it again", "miniprogram.cli.commands.cloud_app:enable"),
    CommandSpec(
        ("cloud", "app", "delete"),
        "delete all objects of a mini-program",
        "miniprogram.cli.commands.cloud_app:delete",
    ),
    CommandSpec(("embed", "init"), "put mini-programs into a host app", "miniprogram.cli.commands.embed:init"),
    CommandSpec(
        ("embed", "preset"),
        "build a host app with a version of a mini-program",
        "miniprogram.cli.commands.embed_preset:preset",
    ),
    CommandSpec(
        ("embed", "cloud", "configure"),
        "bind a host app to an environment",
        "miniprogram.cli.commands.embed:configure_cloud",
    ),
    CommandSpec(
        ("host", "run"), "run a host app on a device", "miniprogram.cli.commands.host:run", passes_on=True
    ),
    CommandSpec(
        ("host", "endpoint", "add"),
        "add a mini-program to a host app",
        "miniprogram.cli.commands.host_endpoint:add",
    ),
    CommandSpec(
        ("host", "endpoint", "import"),
        "add one from a package",
        "miniprogram.cli.commands.host_endpoint:import_package",
    ),
    CommandSpec(
        ("host", "endpoint", "list"),
        "list a host app's mini-programs",
        "miniprogram.cli.commands.host_endpoint:list_endpoints",
    ),
    CommandSpec(
        ("host", "endpoint", "remove"),
        "take one out of a host app",
        "miniprogram.cli.commands.host_endpoint:remove",
    ),
    CommandSpec(
        ("partner", "package"), "write the file a host team imports", "miniprogram.cli.commands.partner:package"
    ),
    CommandSpec(("plugins", "list"), "list installed plugins", "miniprogram.cli.commands.plugins:list_plugins"),
    CommandSpec(
        ("completion",),
        "print a shell's completion script",
        "miniprogram.cli.framework.help.completion:completion",
    ),
    CommandSpec(
        ("plugins", "lock"), "freeze what may load, for pipelines", "miniprogram.cli.commands.plugins:lock"
    ),
    CommandSpec(("plugins", "new"), "write the project of a new plugin", "miniprogram.cli.commands.plugins:new"),
    CommandSpec(("plugins", "check"), "check plugins and pins", "miniprogram.cli.commands.plugins:check"),
    CommandSpec(
        ("workflow", "status"), "what is ready and what to do next", "miniprogram.cli.commands.workflow:status"
    ),
    *map(_verb_command, VERBS),
    CommandSpec(
        ("release", "testers", "list"), "list the testers", "miniprogram.cli.commands.release_insight:list_testers"
    ),
    CommandSpec(
        ("release", "list"),
        "list the releases under way",
        "miniprogram.cli.commands.release_list:list_releases",
    ),
    CommandSpec(
        ("release", "reviews"),
        "list what waits for a reviewer",
        "miniprogram.cli.commands.release_list:reviews",
    ),
    CommandSpec(("release", "show"), "show one release", "miniprogram.cli.commands.release_insight:show"),
    CommandSpec(
        ("release", "why"), "say what a user gets, and why", "miniprogram.cli.commands.release_insight:why"
    ),
    CommandSpec(
        ("release", "simulate"), "count who would move", "miniprogram.cli.commands.release_insight:simulate"
    ),
    CommandSpec(
        ("release", "lint"), "find what can never happen", "miniprogram.cli.commands.release_insight:lint"
    ),
    CommandSpec(
        ("release", "repair"),
        "restore releases that cannot be read",
        "miniprogram.cli.commands.release_repair:repair",
    ),
    CommandSpec(("release", "history"), "show what happened", "miniprogram.cli.commands.release_insight:history"),
    CommandSpec(
        ("release", "deny"), "keep some people from a release", "miniprogram.cli.commands.release_overrides:deny"
    ),
    CommandSpec(
        ("release", "pin"), "always give some people one release", "miniprogram.cli.commands.release_overrides:pin"
    ),
    CommandSpec(("release", "lift"), "take an override back", "miniprogram.cli.commands.release_overrides:lift"),
    CommandSpec(
        ("release", "overrides"), "list the overrides", "miniprogram.cli.commands.release_overrides:list_overrides"
    ),
    CommandSpec(
        ("release", "otherwise"),
        "say what hosts get that no release is for",
        "miniprogram.cli.commands.release_overrides:otherwise",
    ),
    CommandSpec(
        ("release", "others"),
        "same as `release otherwise`",
        "miniprogram.cli.commands.release_overrides:otherwise",
    ),
    CommandSpec(("app", "add"), "add a host app", "miniprogram.cli.commands.app:add"),
    CommandSpec(("app", "update"), "change its title or platforms", "miniprogram.cli.commands.app:update"),
    CommandSpec(("app", "remove"), "remove an unused host app", "miniprogram.cli.commands.app:remove"),
    CommandSpec(
        ("app", "environment", "set"),
        "add an environment or change its rules",
        "miniprogram.cli.commands.app:set_environment",
    ),
    CommandSpec(("app", "list"), "list the host apps", "miniprogram.cli.commands.app:list_apps"),
    CommandSpec(
        ("segment", "create"), "make a segment of ids or patterns", "miniprogram.cli.commands.segment:create"
    ),
    CommandSpec(
        ("segment", "import"), "make a file's ids the next version", "miniprogram.cli.commands.segment:import_file"
    ),
    CommandSpec(
        ("segment", "change"),
        "put ids into a segment, or take some out",
        "miniprogram.cli.commands.segment:change",
    ),
    CommandSpec(("segment", "list"), "list the segments", "miniprogram.cli.commands.segment:list_segments"),
    CommandSpec(("segment", "show"), "show a segment and who uses it", "miniprogram.cli.commands.segment:show"),
    CommandSpec(("segment", "remove"), "remove an unused segment", "miniprogram.cli.commands.segment:remove"),
    CommandSpec(("switch", "set"), "create or replace a switch", "miniprogram.cli.commands.switch:set_switch"),
    CommandSpec(("switch", "on"), "turn a switch on", "miniprogram.cli.commands.switch:turn_on"),
    CommandSpec(("switch", "off"), "turn a switch off", "miniprogram.cli.commands.switch:turn_off"),
    CommandSpec(("switch", "enable"), "same as `switch on`", "miniprogram.cli.commands.switch:turn_on"),
    CommandSpec(("switch", "disable"), "same as `switch off`", "miniprogram.cli.commands.switch:turn_off"),
    CommandSpec(("switch", "remove"), "remove a switch", "miniprogram.cli.commands.switch:remove"),
    CommandSpec(("switch", "list"), "list the switches", "miniprogram.cli.commands.switch:list_switches"),
    CommandSpec(
        ("switch", "import"), "take switches over from a file", "miniprogram.cli.commands.switch:import_file"
    ),
    CommandSpec(("switch", "export"), "write the switches as JSON", "miniprogram.cli.commands.switch:export"),
    CommandSpec(("member", "add"), "add a member or give one roles", "miniprogram.cli.commands.member:add"),
    CommandSpec(("member", "revoke"), "take roles from a member", "miniprogram.cli.commands.member:revoke"),
    CommandSpec(("member", "remove"), "remove a member", "miniprogram.cli.commands.member:remove"),
    CommandSpec(("member", "offboard"), "see somebody off", "miniprogram.cli.commands.member:offboard"),
    CommandSpec(("member", "list"), "list the members", "miniprogram.cli.commands.member:list_members"),
    CommandSpec(("session", "end"), "sign somebody out everywhere", "miniprogram.cli.commands.session:end"),
    CommandSpec(("token", "create"), "make a token", "miniprogram.cli.commands.token:create"),
    CommandSpec(("token", "list"), "list the tokens", "miniprogram.cli.commands.token:list_tokens"),
    CommandSpec(("token", "revoke"), "revoke a token", "miniprogram.cli.commands.token:revoke"),
    CommandSpec(("notice", "add"), "send notices to an address", "miniprogram.cli.commands.notice:add"),
    CommandSpec(("notice", "list"), "list who is told what", "miniprogram.cli.commands.notice:list_notices"),
    CommandSpec(("notice", "log"), "show what was sent", "miniprogram.cli.commands.notice:log"),
    CommandSpec(("notice", "test"), "send a notice that is a test", "miniprogram.cli.commands.notice:send_test"),
    CommandSpec(("notice", "resend"), "send a notice of the log again", "miniprogram.cli.commands.notice:resend"),
    CommandSpec(("notice", "rotate"), "sign with a new secret", "miniprogram.cli.commands.notice:rotate"),
    CommandSpec(("notice", "enable"), "send notices again", "miniprogram.cli.commands.notice:enable"),
    CommandSpec(("notice", "disable"), "send no more notices", "miniprogram.cli.commands.notice:disable"),
    CommandSpec(("notice", "remove"), "remove a subscription", "miniprogram.cli.commands.notice:remove"),
    CommandSpec(("audit", "show"), "show what was done", "miniprogram.cli.commands.audit:show"),
    CommandSpec(
        ("storage", "prune"),
        "delete old versions that nothing refers to",
        "miniprogram.cli.commands.storage:prune",
    ),
    CommandSpec(("audit", "denials"), "show who was denied what", "miniprogram.cli.commands.audit:denials"),
    CommandSpec(("audit", "export"), "write what was done into a file", "miniprogram.cli.commands.audit:export"),
    CommandSpec(("audit", "access"), "show who signed in", "miniprogram.cli.commands.audit:access"),
    CommandSpec(
        ("audit", "verify"), "check that nobody changed the trail", "miniprogram.cli.commands.audit:verify"
    ),
    CommandSpec(("qr",), "make a QR code that opens a release", "miniprogram.cli.commands.qr:qr"),
)


_SILENT = """
create, build, publish, rollback
version patch, version minor, version major, version set
backend init, backend start, backend stop, backend reset-local
publisher-backend scaffold, publisher-backend run, publisher-backend stop
env init, env configure, env use
access-key revoke
cloud deploy, cloud destroy, cloud rollback
cloud app reindex, cloud app disable, cloud app enable, cloud app delete, storage prune
embed init, embed preset, embed cloud configure, host endpoint add, host endpoint import, host endpoint remove
partner package, plugins lock, qr, release deny, release pin, release lift, release otherwise, release others
app add, app environment set, segment create, segment import, segment change, segment remove
switch set, switch on, switch off, switch enable, switch disable, switch remove, switch import
member add, member revoke, member remove, session end, token revoke
notice test, notice resend, notice enable, notice disable, notice remove
"""
SILENT_WHEN_QUIET = frozenset(
    {
        *(tuple(name.split()) for line in _SILENT.splitlines() for name in line.split(",") if name.strip()),
        *(("release", *verb.name.split()) for verb in VERBS),
    }
)
"""Commands that change something and need no words when they have: with `--quiet` their exit code says it."""
