#!/usr/bin/env bash
# Sets up Scani on this machine with Docker: writes the settings once, migrates, starts, and looks whether all is well.
# Safe to repeat: settings that exist are never changed, and data is never touched.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

usage() {
  cat <<'HELP'
scripts/self-host.sh [options]

  --url URL     where people will open Scani, as https://scani.example.org (default http://localhost:8080)
  --smtp URL    the mail server for sign-in mails, as smtps://user:password@mail.example.org:465
  --from TEXT   who those mails are from, as 'Scani <scani@example.org>'
  --tag TAG     the version to run (default: this checkout's); with an .env that exists, change SCANI_IMAGE_TAG there
  --build       build the images from this checkout instead of pulling them
  --env-only    write .env and stop
HELP
}

say() { printf '%s\n' "$*"; }
stop() { printf '\n%s\n' "$*" >&2; exit 1; }
random() { od -An -N "$1" -tx1 /dev/urandom | tr -d ' \n'; }
project=${COMPOSE_PROJECT_NAME:-scani}
compose() { docker compose -f docker-compose.prod.yml "$@"; }

url=http://localhost:8080 smtp='' from='' tag='' build=false env_only=false
while [ $# -gt 0 ]; do
  case "$1" in
    --url | --smtp | --from | --tag)
      [ $# -ge 2 ] || stop "$1 needs a value."
      declare "${1#--}=$2"
      shift
      ;;
    --build) build=true ;;
    --env-only) env_only=true ;;
    -h | --help) usage; exit 0 ;;
    *) usage; stop "$1 is not known." ;;
  esac
  shift
done
case "$url" in http://* | https://*) ;; *) stop "--url must begin with https:// (or http:// on this machine), is $url" ;; esac

if [ -n "$smtp" ] && [ -z "$from" ]; then stop "--smtp needs --from: who the mails are from, as 'Scani <scani@example.org>'"; fi

# docker compose takes variables of the shell over those of .env, silently.
for name in POSTGRES_PASSWORD REDIS_PASSWORD ENCRYPTION_KEY BETTER_AUTH_SECRET LOG_ID_PEPPER SCANI_CLOUD_API_KEY DATA_PROVIDER_API_KEY; do
  [ -z "${!name:-}" ] || stop "$name is set in this shell and would win over .env: unset $name, then run this again."
done

if [ "$env_only" = false ]; then
  docker info >/dev/null 2>&1 || stop "Docker does not answer. Install it (https://docs.docker.com/engine/install) and start it, then run this again."
  version=$(docker compose version --short 2>/dev/null | tr -d v) || stop "Docker has no compose plugin: install docker-compose-plugin 2.23.1 or newer."
  [ "$(printf '%s\n2.23.1\n' "$version" | sort -V | head -1)" = 2.23.1 ] || stop "docker compose is $version; 2.23.1 or newer is needed."
fi

if [ -e .env ]; then
  say "✔ .env is there and stays as it is"
else
  if [ "$env_only" = false ] && [ -n "$(docker volume ls -q --filter name="^${project}_(postgres|redis|minio)-data\$")" ]; then
    stop "There is data of an earlier installation (docker volume ls --filter name=${project}_), but its .env is gone.
New secrets would not open it: put the .env back that it was made with. To begin anew and lose that data for good:
  docker compose -f docker-compose.prod.yml down --volumes"
  fi
  [ -n "$tag" ] || tag=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' package.json)
  cloud_key=$(random 16)
  # Written under another name first: an interrupted run leaves no half of it.
  (umask 077 && cat >.env.new) <<ENV
# Settings of this installation. Keep a copy beside your backups: without ENCRYPTION_KEY they cannot be opened.
# Every variable is explained in .env.example.
SCANI_IMAGE_TAG=$tag
FRONTEND_URL=$url

POSTGRES_PASSWORD=$(random 24)
REDIS_PASSWORD=$(random 24)
S3_ACCESS_KEY_ID=$(random 10)
S3_SECRET_ACCESS_KEY=$(random 24)

ENCRYPTION_KEY=$(random 32)
BETTER_AUTH_SECRET=$(random 32)
LOG_ID_PEPPER=$(random 16)
DATA_PROVIDER_API_KEY=$cloud_key
SCANI_CLOUD_API_KEY=$cloud_key

SMTP_URL='$smtp'
SMTP_FROM='$from'
ENV
  mv -n .env.new .env
  say "✔ wrote .env with new secrets, readable by you alone"
fi
[ "$env_only" = false ] || exit 0

if [ "$build" = true ]; then
  say "… building the images from this checkout (some minutes the first time)"
  compose --profile migrate build --quiet
  compose pull --quiet --ignore-buildable --policy missing || stop "An image could not be pulled; see above."
else
  say "… pulling the images"
  compose --profile migrate pull --quiet --policy missing || stop "An image could not be pulled. Is SCANI_IMAGE_TAG in .env a released version? --build makes them from this checkout."
fi

explain() {
  compose ps --all --format 'table {{.Service}}\t{{.Status}}'
  compose logs --tail 15 --no-log-prefix "$@"
  stop "It did not become ready; the last lines of its log are above."
}

say "… starting the data services"
data=$(compose config --services | grep -xE 'postgres|redis|minio' || true)
# shellcheck disable=SC2086 # a list of names
[ -z "$data" ] || compose up --detach --wait --quiet-pull $data >/dev/null 2>&1 || explain $data
say "… applying migrations"
compose --progress quiet --profile migrate run --rm migrate || stop "The migrations could not be applied; see above. Nothing else was started."
say "… starting Scani"
compose up --detach --wait --remove-orphans >/dev/null 2>&1 || explain api worker
say "✔ Scani runs"
say
compose --progress quiet --profile cli run --rm cli doctor || say "(docs/runbooks/doctor.md says what each line means)"
say
address=$(sed -n 's/^FRONTEND_URL=//p' .env | tail -1)
say "Open ${address:-http://localhost:8080}: the first account made there is the administrator's."
say "No mail server yet? This makes a sign-in link that is valid once, for 15 minutes:"
say "  docker compose -f docker-compose.prod.yml --profile cli run --rm cli sign-in you@example.org"
