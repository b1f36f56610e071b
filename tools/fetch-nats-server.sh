#!/usr/bin/env bash
# Puts the distribution's nats-server into .cache/nats: no root, nothing installed into the system.
set -euo pipefail
cd "$(dirname "$0")/.."

for program in apt-get dpkg-deb; do
  if ! command -v "$program" >/dev/null; then
    echo "nats:fetch needs $program (Debian, Ubuntu). Elsewhere install nats-server yourself and set NATS_SERVER_BIN or PATH." >&2
    exit 1
  fi
done

draft=$(mktemp -d)
trap 'rm -rf "$draft"' EXIT
# apt drops its rights for the download where it can: let that user write here.
chmod 777 "$draft"
if ! (cd "$draft" && apt-get download --quiet=2 nats-server); then
  echo "The package nats-server could not be downloaded: update apt's lists, or set NATS_SERVER_BIN." >&2
  exit 1
fi
dpkg-deb -x "$draft"/nats-server_*.deb "$draft/tree"
mkdir -p .cache/nats
install -m 755 "$draft/tree/usr/sbin/nats-server" .cache/nats/nats-server.new
mv .cache/nats/nats-server.new .cache/nats/nats-server
.cache/nats/nats-server --version
