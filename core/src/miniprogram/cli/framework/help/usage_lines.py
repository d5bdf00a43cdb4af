"""The lines of `miniprogram --help`, as data. The text made of them is shipped, see `reference`.

A line starts with the command's words, alternatives joined by `|`, then its most telling options. `distribution`
says which first-party package brings the command when it is not the core; `summary` is needed then, since the
command's own description may not be installed.
"""

from __future__ import annotations

from typing import NamedTuple

from miniprogram.plugins.installed.first_party import AWS, FIREBASE, SERVER, TRUST


class UsageLine(NamedTuple):
    line: str
    distribution: str = ""
    summary: str = ""


SECTIONS: dict[str, tuple[UsageLine, ...]] = {
    "Author": (
        UsageLine(
            "create <mini-program-id> [--title <text>] [--language python|json|yaml|dart] [--with-backend mock]"
        ),
        UsageLine("build [mini-program-id]"),
        UsageLine("preview [mini-program-id] [-d <browser|device>]"),
        UsageLine("validate [mini-program-id]"),
        UsageLine("screenshot [mini-program-id]"),
        UsageLine("schema [manifest|screen|theme] [--output <dir>]"),
    ),
    "Publish": (
        UsageLine(
            "publish [mini-program-id] [--target local|cloud|static|firebase-hosting] [--env <env-name>]"
            " [--output <dir>] [--dry-run] [--json]"
        ),
        UsageLine("versions [mini-program-id] [--target <name>] [--env <env-name>] [--json]"),
        UsageLine("rollback <version> [mini-program-id] [--target <name>] [--env <env-name>] [--dry-run]"),
        UsageLine("version show|patch|minor|major|set [mini-program-id]"),
        UsageLine("access-key create|list|revoke|rotate <mini-program-id>"),
        UsageLine("package build|inspect|verify|diff|apply"),
        UsageLine("bundle export <mini-program-id> <version> --app <app>"),
        UsageLine("bundle inspect|import <file>"),
        UsageLine("sealing keys make <file>"),
        UsageLine("sealing keys add|list|revoke"),
        UsageLine("provenance keys"),
        UsageLine("provenance verify <mini-program-id> <version>"),
        UsageLine("trust init|list|root|rotate|sign|status|verify|withdraw", TRUST, "signatures hosts verify"),
    ),
    "Serve on this machine": (
        UsageLine("backend init|start|stop|status|reset-local"),
        UsageLine("serve", SERVER, "serve a backend workspace in the foreground"),
        UsageLine("console", SERVER, "manage the releases of an environment in a browser"),
    ),
    "Environments and clouds": (
        UsageLine("env init|configure|list|use|status|repair"),
        UsageLine("cloud deploy|status|logs|destroy|doctor|permissions [--env <env-name>]"),
        UsageLine("cloud outputs [--format text|dart-define]"),
        UsageLine("cloud rollback <version> [mini-program-id]"),
        UsageLine("cloud app list|info|disable|delete|enable|reindex"),
        UsageLine("storage prune"),
    ),
    "Releases": (
        UsageLine(
            "release create|configure|apply|approve|reject|withdraw|reopen <mini-program-id> <version> --app <app>"
        ),
        UsageLine("release pilot start|complete|skip"),
        UsageLine("release testers add|remove|list"),
        UsageLine("release grayscale|shrink|finish|pause|resume|halt|cancel"),
        UsageLine("release rollback|offline|force-remove"),
        UsageLine("release list|reviews|show|why|simulate|lint|history|repair"),
        UsageLine("release deny|pin|lift|overrides|otherwise|others"),
        UsageLine("app add|update|remove|list"),
        UsageLine("app environment set <app> <environment>"),
        UsageLine("segment create|import|change|list|show|remove <mini-program-id>"),
        UsageLine("switch set|on|off|enable|disable|remove|list|import|export <mini-program-id>"),
        UsageLine("member add|revoke|remove|offboard|list"),
        UsageLine("token create|list|revoke"),
        UsageLine("audit show|export|verify [mini-program-id]"),
        UsageLine("audit denials|access"),
        UsageLine("session end <name>"),
        UsageLine("notice add <url> [--event <event>]"),
        UsageLine("notice list|log|test|resend|rotate|enable|disable|remove"),
        UsageLine("qr <mini-program-id> <version> --app <app> [--output <file>]"),
    ),
    "Host apps": (
        UsageLine("embed init [--project-root <path>] [--with-demo]"),
        UsageLine("embed preset <mini-program-id> [--version <version>]"),
        UsageLine("embed cloud configure [--env <env-name>]"),
        UsageLine("host run -d <device> [--env <env-name>]"),
        UsageLine("host endpoint add <mini-program-id>"),
        UsageLine("host endpoint import <partner-package.json>"),
        UsageLine("host endpoint list|remove"),
        UsageLine("partner package <mini-program-id>"),
    ),
    "A mini-program's own backend": (
        UsageLine("publisher-backend scaffold --template mock|aws-lambda|firebase-functions [--storage <name>]"),
        UsageLine("publisher-backend run|status|stop|urls"),
        UsageLine(
            "publisher-backend aws deploy|status|outputs|smoke|seed|data|logs|destroy|host-command|handoff",
            AWS,
            "the publisher backend on AWS",
        ),
        UsageLine(
            "publisher-backend firebase deploy|status|outputs|host-command|handoff|smoke|seed|data|logs|destroy",
            FIREBASE,
            "the publisher backend on Firebase",
        ),
    ),
    "This installation": (
        UsageLine("capabilities [--json]"),
        UsageLine("doctor [--json]"),
        UsageLine("workflow status [--workspace <path>] [--json]"),
        UsageLine("plugins list|check|lock|new"),
        UsageLine("completion <bash|zsh|fish>"),
    ),
}


def words(line: str) -> list[tuple[str, ...]]:
    """The paths a usage line stands for: `cloud app list|info` gives (cloud, app, list) and (cloud, app, info)."""
    paths: list[tuple[str, ...]] = [()]
    for token in line.split():
        if token[0] in "[<-":
            break
        paths = [(*path, word) for path in paths for word in token.split("|")]
    return paths
