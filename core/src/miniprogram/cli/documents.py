"""Which document a command prints with `--json`: the models the schemas in docs/reference/json are made of.

A command with several models prints one of them, whatever its options ask for.
"""

from __future__ import annotations

from miniprogram.releases.verbs import VERBS

_OUTCOMES = "miniprogram.cli.commands.outcomes"
_PLUGINS = "miniprogram.cli.commands.plugins"
_CLOUD = "miniprogram.backends.cloud.reports"
_HANDOVER = "miniprogram.hosts.handoff.backend_handover"
_QUERIES = "miniprogram.releases.queries"
_CHANGE = "miniprogram.identity.change_report:ChangeReport"
_TRANSITION = f"{_QUERIES}.reports:TransitionReport"
_VERSION = "miniprogram.cli.commands.version:VersionReport"
_PROMOTION = "miniprogram.promotion.reports"
_PACKAGE = "miniprogram.packages.inspection:PackageReport"

WITHOUT_MODEL = {
    "capabilities": "`capabilityIds`, and `features` with the command of each",
    "workflow status": "the sections that `docs/howto/see-what-is-next.md` describes",
    "switch export": "the switches as `switch import` takes them",
}
"""Documents made member by member, and what is in them."""

_BACKEND = {
    "data export": f"{_CLOUD}:ExportReport",
    "data import": f"{_CLOUD}:ImportReport",
    "data redemptions": f"{_CLOUD}:RedemptionsReport",
    "data status": f"{_CLOUD}:DataStatusReport",
    "deploy": f"{_CLOUD}:DeployReport",
    "destroy": f"{_CLOUD}:DestroyReport",
    "handoff": f"{_HANDOVER}:HandoffReport",
    "host-command": f"{_HANDOVER}:HostCommandReport",
    "logs": f"{_CLOUD}:LogsReport",
    "outputs": f"{_CLOUD}:OutputsReport",
    "seed": f"{_CLOUD}:SeedReport",
    "smoke": f"{_CLOUD}:SmokeReport",
    "status": f"{_CLOUD}:StatusReport",
}
BACKEND_PROVIDERS = ("aws", "firebase")
"""Whose plugins have the commands of publisher backends in a cloud."""
DOCUMENTS: dict[str, tuple[str, ...]] = {
    "access-key create": (f"{_OUTCOMES}:NewAccessKey",),
    "access-key list": ("miniprogram.keys.listing:AccessKeyList",),
    "access-key revoke": (f"{_OUTCOMES}:RevokedAccessKey",),
    "access-key rotate": (f"{_OUTCOMES}:NewAccessKey",),
    "app add": (_CHANGE,),
    "app environment set": (_CHANGE,),
    "app remove": (_CHANGE,),
    "app update": (_CHANGE,),
    "app list": ("miniprogram.identity.host_apps:AppList",),
    "audit access": ("miniprogram.identity.access_log:AccessList",),
    "audit denials": ("miniprogram.identity.denials:DenialList",),
    "audit export": (f"{_QUERIES}.history:ExportReport",),
    "audit show": (f"{_QUERIES}.history:History",),
    "audit verify": (f"{_QUERIES}.history:Verification",),
    "backend init": (f"{_OUTCOMES}:BackendInitialized",),
    "backend reset-local": (f"{_OUTCOMES}:LocalReset",),
    "backend start": (f"{_OUTCOMES}:BackendStarted",),
    "backend status": ("miniprogram.local_backend.report:BackendStatusReport",),
    "backend stop": (f"{_OUTCOMES}:BackendStopped",),
    "build": ("miniprogram.project.build_document:BuildDocument",),
    "storage prune": (f"{_OUTCOMES}:StoragePruned",),
    "cloud app delete": (f"{_OUTCOMES}:ProgramDeleted",),
    "cloud app disable": (f"{_OUTCOMES}:ProgramDisabled",),
    "cloud app enable": (f"{_OUTCOMES}:ProgramEnabled",),
    "cloud app info": ("miniprogram.catalogue.apps:AppInfo",),
    "cloud app list": ("miniprogram.catalogue.apps:AppList",),
    "cloud app reindex": (f"{_OUTCOMES}:ProgramsReindexed",),
    "cloud deploy": ("miniprogram.deployments.status:CloudStatus", f"{_OUTCOMES}:CloudDeployPlanned"),
    "cloud destroy": (f"{_OUTCOMES}:CloudDestroyed",),
    "cloud doctor": ("miniprogram.deployments.doctor:DoctorReport",),
    "cloud outputs": (f"{_OUTCOMES}:CloudOutputs",),
    "cloud permissions": ("miniprogram.deployments.permissions:PermissionsReport",),
    "cloud rollback": (f"{_OUTCOMES}:CloudRolledBack",),
    "cloud status": ("miniprogram.deployments.status:CloudStatus",),
    "create": (f"{_OUTCOMES}:ProgramCreated",),
    "doctor": ("miniprogram.workflow.doctor:DoctorReport",),
    "embed cloud configure": (f"{_OUTCOMES}:HostBound",),
    "embed init": (f"{_OUTCOMES}:HostEmbedded",),
    "embed preset": (f"{_OUTCOMES}:PresetChanged",),
    "env configure": (f"{_OUTCOMES}:EnvironmentConfigured",),
    "env init": (f"{_OUTCOMES}:EnvironmentFileWritten",),
    "env list": ("miniprogram.environments.selection:EnvList",),
    "env repair": ("miniprogram.identity.repair:EnvironmentRepair",),
    "env status": ("miniprogram.environments.selection:EnvStatus",),
    "env use": (f"{_OUTCOMES}:EnvironmentFileWritten",),
    "host endpoint add": (f"{_OUTCOMES}:EndpointChanged",),
    "host endpoint import": (f"{_OUTCOMES}:EndpointChanged",),
    "host endpoint list": ("miniprogram.hosts.endpoint_list:EndpointList",),
    "host endpoint remove": (f"{_OUTCOMES}:EndpointChanged",),
    "member add": (_CHANGE,),
    "member list": ("miniprogram.identity.members:MemberList",),
    "member remove": (_CHANGE,),
    "member offboard": (f"{_QUERIES}.leaving:Leaving",),
    "member revoke": (_CHANGE,),
    "package apply": (_PACKAGE,),
    "package build": (_PACKAGE,),
    "package diff": ("miniprogram.pictures.versions:PackageDifference",),
    "package inspect": (_PACKAGE, "miniprogram.sealing.inspection:SealedReport"),
    "package verify": (_PACKAGE,),
    "partner package": (f"{_OUTCOMES}:PackageWritten",),
    "plugins check": (f"{_PLUGINS}:PluginsCheck",),
    "plugins list": (f"{_PLUGINS}:PluginsReport",),
    "plugins lock": (f"{_PLUGINS}:PluginsLock",),
    "plugins new": (f"{_PLUGINS}:NewPlugin",),
    "preview": ("miniprogram.preview.once:PreviewDocument",),
    "bundle export": (f"{_PROMOTION}:ExportReport",),
    "bundle import": (f"{_PROMOTION}:ImportReport",),
    "bundle inspect": (f"{_PROMOTION}:InspectReport",),
    "sealing keys add": (_CHANGE,),
    "sealing keys list": ("miniprogram.identity.sealing_keys:SealingKeyList",),
    "sealing keys make": (f"{_OUTCOMES}:NewSealingKey",),
    "sealing keys revoke": (_CHANGE,),
    "provenance keys": ("miniprogram.publish.provenance_reports:StatementKeys",),
    "provenance verify": ("miniprogram.publish.provenance_reports:ProvenanceReport",),
    "publish": ("miniprogram.publish.report:PublishReport", "miniprogram.publish.report:PublishPlanReport"),
    **{
        f"publisher-backend {provider} {words}": (model,)
        for provider in BACKEND_PROVIDERS
        for words, model in _BACKEND.items()
    },
    "publisher-backend run": (f"{_OUTCOMES}:PublisherBackendUrls",),
    "publisher-backend scaffold": (f"{_OUTCOMES}:BackendScaffolded",),
    "publisher-backend status": ("miniprogram.backends.reports:LocalStatusReport",),
    "publisher-backend stop": (f"{_OUTCOMES}:BackendStopped",),
    "publisher-backend urls": (f"{_OUTCOMES}:PublisherBackendUrls",),
    "qr": ("miniprogram.releases.commands.links:IssuedLink",),
    "release deny": (_CHANGE,),
    "release history": (f"{_QUERIES}.history:History",),
    "release lift": (_CHANGE,),
    "release lint": ("miniprogram.releases.lint.lint:LintReport",),
    "release list": (
        f"{_QUERIES}.environment_list:EnvironmentReleases",
        f"{_QUERIES}.reports:ReleaseList",
        f"{_QUERIES}.listing:FinishedReleases",
    ),
    "release others": (_CHANGE,),
    "release otherwise": (_CHANGE,),
    "release overrides": (f"{_QUERIES}.overrides:OverrideList",),
    "release pin": (_CHANGE,),
    "release repair": ("miniprogram.releases.commands.repair:RepairReport",),
    "release reviews": (f"{_QUERIES}.reviews:ReviewInbox",),
    "release show": (f"{_QUERIES}.listing:ReleaseReport",),
    "release simulate": ("miniprogram.releases.simulation.simulate:Simulation",),
    "release testers list": (f"{_QUERIES}.testers:TesterList",),
    "release why": (f"{_QUERIES}.why:Why",),
    "rollback": ("miniprogram.publish.versions.reports:RollbackReport",),
    "screenshot": ("miniprogram.pictures.saving:SavedPictures",),
    "segment change": (_CHANGE,),
    "segment create": (_CHANGE,),
    "segment import": (_CHANGE,),
    "segment list": ("miniprogram.releases.commands.segments:SegmentList",),
    "segment remove": (_CHANGE,),
    "segment show": ("miniprogram.releases.commands.segments:SegmentView",),
    "switch disable": (_CHANGE,),
    "switch enable": (_CHANGE,),
    "switch import": (_CHANGE,),
    "switch list": ("miniprogram.releases.commands.switches:SwitchList",),
    "switch off": (_CHANGE,),
    "switch on": (_CHANGE,),
    "switch remove": (_CHANGE,),
    "session end": (_CHANGE,),
    "switch set": (_CHANGE,),
    "token create": ("miniprogram.identity.tokens:NewToken",),
    "token list": ("miniprogram.identity.tokens:TokenList",),
    "token revoke": ("miniprogram.identity.tokens:ListedToken",),
    "validate": ("miniprogram.project.validation.report:ValidationReport",),
    "version major": (_VERSION,),
    "version minor": (_VERSION,),
    "version patch": (_VERSION,),
    "version set": (_VERSION,),
    "version show": (_VERSION,),
    "versions": ("miniprogram.publish.versions.reports:VersionsReport",),
    **{f"release {verb.name}": (_TRANSITION,) for verb in VERBS},
}
