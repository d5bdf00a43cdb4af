#!/bin/bash
# A throw-away Ceph of one monitor, manager, OSD in memory and RGW, on this machine's loopback only.
# Usage: ceph.sh FOLDER MONITOR_PORT RGW_PORT. FOLDER is emptied; keep its path short, sockets lie below it.
# Stays until it gets a signal; keys are test and testsecret.
set -e
D=$1 MON=$2 RGW=$3
rm -rf "$D"
mkdir -p "$D"/{mon,osd,mgr,rgw,run,log}
FSID=$(cat /proc/sys/kernel/random/uuid)
cat >"$D/ceph.conf" <<CONF
[global]
fsid = $FSID
mon host = v1:127.0.0.1:$MON
mon initial members = a
auth cluster required = none
auth service required = none
auth client required = none
keyring = $D/keyring
run dir = $D/run
admin socket = $D/run/\$name.asok
log file = $D/log/\$name.log
pid file = $D/run/\$name.pid
ms bind ipv4 = true
ms bind ipv6 = false
public network = 127.0.0.0/8
cluster network = 127.0.0.0/8
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
mon data avail crit = 1
mon data avail warn = 2
osd crush chooseleaf type = 0
osd objectstore = memstore
memstore device bytes = 1073741824
setuser match path =
[mon.a]
mon data = $D/mon
[mgr.a]
mgr data = $D/mgr
mgr initial modules =
[osd.0]
osd data = $D/osd
[client.rgw.a]
rgw data = $D/rgw
rgw frontends = beast endpoint=127.0.0.1:$RGW
rgw enable usage log = false
rgw thread pool size = 32
rgw dns name = localhost
rgw s3 auth use keystone = false
CONF
export CEPH_CONF=$D/ceph.conf
ceph-authtool --create-keyring "$D/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
ceph-authtool "$D/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' >/dev/null
monmaptool --create --addv a "[v1:127.0.0.1:$MON]" --fsid "$FSID" "$D/monmap" --clobber >/dev/null
ceph-mon --mkfs -i a --monmap "$D/monmap" --keyring "$D/keyring"
# in the foreground, so that they belong to this script's process group and end with it
ceph-mon -i a -f &
ceph-mgr -i a -f &
OSD_UUID=$(cat /proc/sys/kernel/random/uuid)
ceph osd new "$OSD_UUID" 0 >/dev/null
ceph-osd -i 0 --mkfs --osd-uuid "$OSD_UUID"
# It asks the monitor who it is, and dies when the monitor has not settled yet: then it starts again.
(until ceph-osd -i 0 -f; do sleep 0.5; done) &
radosgw -n client.rgw.a -f &
until [ "$(curl -s -o /dev/null -w '%{http_code}' "http://127.0.0.1:$RGW/")" != 000 ]; do sleep 0.3; done
radosgw-admin -n client.rgw.a user create --uid=test --display-name=test --access-key=test --secret-key=testsecret >/dev/null
touch "$D/ready"
wait
