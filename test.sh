#!/usr/bin/env bash
# Everything a change must pass, on a Debian machine that has the .NET SDK: formatting, build, tests.
# Arguments go to "dotnet test", for example: ./test.sh --filter-class "*AccessTests"
set -euo pipefail
cd "$(dirname "$0")"

readonly oidc_provider=ZoeyKlaviyo.Tests/Fixtures/OidcProvider
readonly node_version=22
work=$(mktemp -d)
postgres_data=""

step() { printf '\n== %s\n' "$*"; }

stop() {
  local status=$?
  if [[ -n $postgres_data ]]; then
    as_postgres "$postgres_bin/pg_ctl" -D "$postgres_data" -m immediate -w stop >"$work/stop.log" 2>&1 || cat "$work/stop.log" >&2
  fi
  rm -rf "$work"
  exit "$status"
}
trap stop EXIT

as_root() {
  if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# PostgreSQL refuses to run as root.
as_postgres() {
  if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
}

find_postgres() {
  local directory
  for directory in $(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV); do
    if [[ -x $directory/initdb ]]; then
      echo "$directory"
      return
    fi
  done
}

install_missing() {
  local packages=()
  [[ -n ${CHROMIUM:-} ]] || command -v chromium >/dev/null || packages+=(chromium)
  [[ -n $(find_postgres) ]] || packages+=(postgresql)
  command -v npm >/dev/null || packages+=(nodejs npm)
  ((${#packages[@]} == 0)) && return
  step "Installing ${packages[*]}"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$work/apt.log" 2>&1 || {
    cat "$work/apt.log" >&2
    return 1
  }
}

# The provider for the sign-in tests needs a newer Node than Debian may have; npm carries it as a package.
prepare_node() {
  NODE=$(command -v node)
  if (($("$NODE" -p 'process.versions.node.split(".")[0]') < 20)); then
    local machine
    machine=$(uname -m)
    [[ $machine == aarch64 ]] && machine=arm64 || machine=x64
    npm install --silent --no-save --prefix "artifacts/node" "node-linux-$machine@$node_version"
    NODE=$PWD/artifacts/node/node_modules/node-linux-$machine/bin/node
  fi
  export NODE

  # Installed once for a lock file: without a network, a second run still works.
  if ! cmp -s "$oidc_provider/package-lock.json" "$oidc_provider/node_modules/.installed"; then
    npm ci --silent --no-audit --no-fund --prefix "$oidc_provider"
    cp "$oidc_provider/package-lock.json" "$oidc_provider/node_modules/.installed"
  fi
}

start_postgres() {
  postgres_bin=$(find_postgres)
  local data=$work/postgres port
  mkdir "$data"
  ((EUID != 0)) || chown postgres "$work" "$data"
  as_postgres "$postgres_bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C -N >"$work/initdb.log" || { cat "$work/initdb.log" >&2; return 1; }
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    if as_postgres "$postgres_bin/pg_ctl" -D "$data" -l "$data/server.log" -w start \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$data -c fsync=off -c max_connections=200" >"$work/start.log"; then
      postgres_data=$data
      export ZOEYKLAVIYO_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"
      return
    fi
  done
  cat "$data/server.log" >&2
  return 1
}

install_missing
export CHROMIUM=${CHROMIUM:-$(command -v chromium)}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en

step "Preparing Node and PostgreSQL"
prepare_node
start_postgres

step "Restoring"
dotnet tool restore >"$work/tools.log" || { cat "$work/tools.log" >&2; exit 1; }
dotnet restore --verbosity quiet

step "Checking formatting"
dotnet format --verify-no-changes --no-restore --exclude ZoeyKlaviyo.Core/Storage/*/Migrations/

step "Building"
dotnet build --no-restore -warnaserror --verbosity quiet --nologo

step "Testing"
status=0
dotnet test --solution ZoeyKlaviyo.sln --no-build "$@" 2>&1 | tee "$work/test.log" || status=$?

# The figures are the runner's own; several test projects give one block each or one for all.
figure() { { grep -E "^ +$1: [0-9]+" "$work/test.log" || true; } | awk '{ sum += $2 } END { print sum + 0 }'; }
passed=$(figure succeeded) failed=$(figure failed) skipped=$(figure skipped)
((status != 0 || passed > 0)) || { echo "No test ran." >&2; status=1; }
((failed == 0)) || status=1
((failed == 0)) || { echo; echo "Failed:"; { grep -E "^failed " "$work/test.log" || true; }; }
printf '\nTests: %s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
exit "$status"
