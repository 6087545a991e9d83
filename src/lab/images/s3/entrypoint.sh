#!/bin/sh
# Starts the cluster and goes on as its gateway; users are made with radosgw-admin.
set -e
mkdir -p /ceph/mon /ceph/osd /ceph/rgw
fsid=$(sed -n 's/^fsid = //p' /etc/ceph/ceph.conf)
monmaptool --create --add a 127.0.0.1:6789 --fsid "$fsid" /ceph/monmap
ceph-mon --mkfs -i a --monmap /ceph/monmap
ceph-mon -i a
osd=$(cat /proc/sys/kernel/random/uuid)
ceph osd new "$osd"
ceph-osd -i 0 --mkfs --osd-uuid "$osd"
# It may ask the monitor before it has heard which cluster that is of, and then gives up ("wrong fsid").
tries=0
until ceph-osd -i 0; do
  tries=$((tries + 1))
  [ "$tries" -lt 20 ]
  sleep 0.5
done
exec radosgw -f -n client.rgw
