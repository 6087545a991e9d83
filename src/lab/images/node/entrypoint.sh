#!/bin/sh
set -e
# `docker run IMAGE server.js` and `docker run IMAGE --version` mean node; a program means itself.
if [ "${1#-}" != "$1" ] || [ -z "$(command -v "$1")" ] || { [ -f "$1" ] && ! [ -x "$1" ]; }; then
  set -- node "$@"
fi
exec "$@"
