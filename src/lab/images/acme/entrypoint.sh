#!/bin/bash
# Makes, once, the authority and the certificate of the ACME server's own HTTPS; its address and
# its name are the arguments. What it issues is signed by another root, new at every start.
set -e
address=$1 name=$2
mkdir -p /acme && cd /acme
if [ ! -s server.pem ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 \
    -subj "/CN=Lab ACME authority" -keyout root.key -out root.pem
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
    -subj "/CN=$name" -keyout server.key -out server.csr
  printf 'subjectAltName=DNS:%s,IP:%s,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n' \
    "$name" "$address" > extensions
  openssl x509 -req -in server.csr -CA root.pem -CAkey root.key -CAcreateserial -days 3650 \
    -extfile extensions -out server.pem.new
  mv server.pem.new server.pem
fi
pebble-challtestsrv -dns01 :8053 -management :8055 -defaultIPv4 '' -defaultIPv6 '' \
  -http01 '' -https01 '' -tlsalpn01 '' -doh '' &
pebble -config /etc/pebble.json -dnsserver 127.0.0.1:8053 &
# One without the other is of no use.
wait -n
