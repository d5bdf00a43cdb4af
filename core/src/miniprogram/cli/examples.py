"""One line for each command that shows how it is typed, printed at the end of its help.

The names are the same everywhere: the mini-program `shop`, the host app `wallet`, the environment `production`.
"""

from __future__ import annotations

from miniprogram.plugins.specs import CommandSpec
from miniprogram.releases.verbs import VERBS

_LINES = """
access-key create shop --key-id partner-a --env production
access-key list shop --env production
access-key revoke shop --key-id partner-a --env production
access-key rotate shop --key-id partner-a --env production
app add wallet --env production
app environment set wallet production --env production
app list --env production
app remove wallet --env production
app update wallet --title Wallet --env production
audit access --env production
audit denials --env production
audit export shop --format csv --output shop-audit.csv --since 2030-01-01 --env production
audit show shop --env production
audit verify shop --env production
backend init --root ./backend
backend reset-local --yes
backend start --port 8080
backend status --json
backend stop
build shop
bundle export shop 1.2.0 --app wallet --env production --signer file:release.pem
bundle import shop-1.2.0.mpbundle shop --env production --dry-run
bundle inspect shop-1.2.0.mpbundle
capabilities --json
cloud app delete shop --env production --yes
storage prune --env production --keep 10 --dry-run
cloud app disable shop --env production --yes
cloud app enable shop --env production
cloud app info shop --env production
cloud app list --env production --limit 50
cloud app reindex --env production
cloud deploy --env production
cloud destroy --env production --yes
cloud doctor --env production
cloud logs --env production --since 10m --follow
cloud outputs --env production --format dart-define
cloud permissions --env production --json
cloud rollback 1.4.0 shop --env production
cloud status --env production
completion bash
create shop --title Shop --language yaml
doctor --json
embed cloud configure --env production
embed init --project-root ./app
embed preset coupons
env configure production --provider filesystem --store ../store
env init
env list
env repair --env production
env status
env use production
host endpoint add shop --api-base-url https://programs.example/api/ --public
host endpoint import shop.partner.json
host endpoint list
host endpoint remove shop
host run -d chrome --env production -- --release
member add ana --role reviewer --env production
member list --env production
member offboard ann@example.com --env production
member remove ana --env production
member revoke ana --role reviewer --env production
notice add https://hooks.example.com/miniprogram --event review.waits --env production
notice disable 0a1b2c3d4e --env production
notice enable 0a1b2c3d4e --env production
notice list --env production
notice log 0a1b2c3d4e --env production
notice remove 0a1b2c3d4e --env production
notice resend 0a1b2c3d4e msg_0123456789abcdef0123456789abcdef --env production
notice rotate 0a1b2c3d4e --env production
notice test 0a1b2c3d4e --env production
package apply shop-1.0.0.tar.zst update.dcz
package build shop
package diff shop-1.0.0.tar.zst shop-1.1.0.tar.zst --output update.dcz
package inspect shop-1.0.0.tar.zst
package verify shop-1.0.0.tar.zst
partner package shop --env production --public
plugins check
plugins list
plugins lock
plugins new acme-cloud --kind target
preview shop -d chrome
sealing keys add wallet x25519:ZPM1NnIbUa5BcMNSreeRtEmYNS9UdCmZ9WIr6Zuq9nA= --env production
sealing keys list --env production
sealing keys make wallet-key.pem
sealing keys revoke wallet 1f0c7a2b9d --env production
provenance keys --signer file:release.pem
provenance verify shop 1.2.0 --key ed25519:MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
publish shop --target static --output ../site --dry-run
publisher-backend run --port 9090
publisher-backend scaffold --template mock
publisher-backend status
publisher-backend stop
publisher-backend urls
qr shop 1.4.0 --app wallet --env production
release configure shop 1.4.0 --app wallet --env production --title Shop
release deny shop --app wallet --env production --audience @fraud.json --reason fraud
release force-remove shop 1.4.0 --app wallet --env production --reason leak
release grayscale shop 1.4.0 --app wallet --env production --ratio 10
release halt shop 1.4.0 --app wallet --env production --reason crashes
release history shop --env production
release lift shop o-1 --env production --reason mended
release lint shop --env production
release list --env production
release offline shop --app wallet --env production --reason contract
release others shop --give refuse --env production
release otherwise shop --give refuse --env production
release overrides shop --env production
release pilot start shop 1.4.0 --app wallet --env production --tester ann
release pin shop --app wallet --env production --version 1.3.0 --audience @old.json --reason crashes
release reject shop 1.4.0 --app wallet --env production --reason wording
release reopen shop 1.4.0 --app wallet --env production --reason mended
release repair shop --env production
release reviews --env production
release show shop 1.4.0 --app wallet --env production
release shrink shop 1.4.0 --app wallet --env production --ratio 5 --reason crashes
release simulate shop 1.4.0 --app wallet --env production --ratio 10
release testers add shop 1.4.0 --app wallet --env production --tester ben
release testers list shop 1.4.0 --app wallet --env production
release testers remove shop 1.4.0 --app wallet --env production --tester ann
release why shop --app wallet --env production --user ann
rollback 1.4.0 shop --target static --output ../site
schema manifest
screenshot shop --output ./pictures
segment change shop beta --add bob --remove ann --env production
segment create shop beta --id ann --env production
segment import shop beta beta.csv --env production
segment list shop --env production
segment remove shop beta --env production
segment show shop beta --contains ann --env production
session end ann@example.com --env production
switch disable shop new-checkout --env production
switch enable shop new-checkout --env production
switch export shop --output switches.json --env production
switch import shop switches.json --existing skip --env production
switch list shop --env production
switch off shop new-checkout --env production
switch on shop new-checkout --env production
switch remove shop new-checkout --env production
switch set shop new-checkout --default true --env production
token create --member ana --days 30 --env production
token list --env production
token revoke t1 --env production
validate shop
version major
version minor
version patch
version set 2.0.0
version show
versions shop --target cloud --env production
workflow status --json
"""


def example_of(spec: CommandSpec) -> str | None:
    """The line for a command, with `miniprogram` in front; None for a command of a plugin that gives none."""
    words = " ".join(spec.path)
    if spec.example:
        return f"miniprogram {words} {spec.example}".rstrip()
    fits = [line for line in _LINES.split("\n") if line == words or line.startswith(f"{words} ")]
    if fits:
        return f"miniprogram {fits[0]}"
    verb = next((each for each in VERBS if ("release", *each.name.split()) == spec.path), None)
    if verb is None:
        return None
    version = "" if verb.scope == "target" else " 1.4.0"
    return f"miniprogram {words} shop{version} --app wallet --env production"
