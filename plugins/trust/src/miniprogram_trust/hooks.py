"""What this distribution adds: the commands below `trust`, and the signing of what is published."""

from __future__ import annotations

from miniprogram.plugins.markers import hookimpl
from miniprogram.plugins.specs import Capability, CommandSpec, DoctorCheckSpec, SigningKeySpec, VersionSignerSpec

TYPE_CHECKING = False
if TYPE_CHECKING:
    from miniprogram.seams.checks import Check, CheckContext
    from miniprogram.seams.signing_key import SigningKey
    from miniprogram.seams.version_signing import SignerContext, VersionSigner

MINIPROGRAM_HOOK_API = ">=1.0.0 <2.0.0"
GROUP = "Signatures that hosts verify, whoever stores and serves a version."


def _command(
    words: str, summary: str, load: str, example: str, *, answer: str = "", targeted: bool = True
) -> CommandSpec:
    return CommandSpec(
        tuple(words.split()),
        summary,
        f"miniprogram_trust.commands.{load}",
        settings_of="publish_targets" if targeted else None,
        group=GROUP,
        example=example,
        document=answer and f"miniprogram_trust.reports:{answer}",
    )


@hookimpl
def miniprogram_commands() -> list[CommandSpec]:
    return [
        _command(
            "trust init",
            "begin to sign what a target holds",
            "making:init",
            "--env production --key file:release.pem",
            answer="RolesReport",
        ),
        _command(
            "trust rotate",
            "give a role other keys, or a mini-program its first",
            "making:rotate",
            "coupons --key file:coupons.pem",
            answer="RolesReport",
        ),
        _command(
            "trust list",
            "list the roles and whose keys may sign for them",
            "looking:list_roles",
            "--env production",
            answer="RolesReport",
        ),
        _command(
            "trust status",
            "until when everything is signed",
            "looking:status",
            "--env production",
            answer="StatusReport",
        ),
        _command(
            "trust sign",
            "sign what is due again, or a version that is not signed",
            "signing:sign",
            "--env production",
            answer="SignReport",
        ),
        _command(
            "trust withdraw",
            "vouch no longer for a version",
            "signing:withdraw",
            "coupons 1.0.0 --env production",
            answer="SignReport",
        ),
        _command(
            "trust root", "write the root that hosts pin", "looking:root", "--env production --root-file root.json"
        ),
        _command(
            "trust verify",
            "check everything an address serves, as a host would",
            "looking:verify",
            "https://programs.example.com/api/ --root root.json",
            targeted=False,
            answer="VerifyReport",
        ),
    ]


@hookimpl
def miniprogram_version_signers() -> list[VersionSignerSpec]:
    return [VersionSignerSpec("tuf", "trust metadata as The Update Framework has it", _signer)]


@hookimpl
def miniprogram_signing_keys() -> list[SigningKeySpec]:
    return [
        SigningKeySpec("pkcs11", "a device with a PKCS #11 library", _pkcs11),
        SigningKeySpec("vault", "the transit engine of a Vault", _vault),
    ]


@hookimpl
def miniprogram_doctor_checks() -> list[DoctorCheckSpec]:
    return [DoctorCheckSpec("Signing keys", _check)]


@hookimpl
def miniprogram_capabilities() -> list[Capability]:
    return [
        Capability("trust.sign", "trustSign", "trust sign"),
        Capability("trust.verify", "trustVerify", "trust verify"),
    ]


def _signer(context: SignerContext) -> VersionSigner:
    from miniprogram_trust.version_signer import TufVersionSigner

    return TufVersionSigner(context)


def _pkcs11(name: str, context: SignerContext) -> SigningKey:
    from miniprogram_trust.signers.pkcs11_key import Pkcs11SigningKey

    return Pkcs11SigningKey(name, context.environ)


def _vault(name: str, context: SignerContext) -> SigningKey:
    from miniprogram_trust.signers.vault_key import VaultSigningKey

    return VaultSigningKey(name, context.environ)


def _check(context: CheckContext) -> Check:
    from miniprogram_trust.doctor import check_signing

    return check_signing(context)
