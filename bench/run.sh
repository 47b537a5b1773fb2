#!/usr/bin/env bash
# Runs the benchmarks side by side on two cores and prints a table; see README.md in this folder.
#   bench/run.sh [all|intake|delivery|subscribers|catalog] [--provider Sqlite|Postgres] [--rounds 3] [--seconds 6] [--events 100000] [--limited-events 100000] [--products 100000]
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
postgres_data=""

note() { printf '%s\n' "$*" >&2; }

# PostgreSQL refuses to run as root.
as_postgres() {
  if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi
}

stop() {
  local status=$?
  [[ -z $postgres_data ]] || as_postgres "$postgres_bin/pg_ctl" -D "$postgres_data" -m immediate -w stop >"$work/stop.log" 2>&1 || cat "$work/stop.log" >&2
  rm -rf "$work"
  exit "$status"
}
trap stop EXIT

# As it comes: every commit waits for the disk.
start_postgres() {
  postgres_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV | head -n 1)
  if [[ ! -x $postgres_bin/initdb ]]; then
    note "No PostgreSQL under /usr/lib/postgresql: SQLite only."
    return
  fi
  local data=$work/postgres port
  mkdir "$data"
  ((EUID != 0)) || chown postgres "$work" "$data"
  as_postgres "$postgres_bin/initdb" -D "$data" -U postgres -A trust -E UTF8 --locale=C >"$work/initdb.log" || { cat "$work/initdb.log" >&2; return 1; }
  for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 20000))
    if as_postgres "$postgres_bin/pg_ctl" -D "$data" -l "$data/server.log" -w start \
      -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$data" >"$work/start.log"; then
      postgres_data=$data
      postgres=(--postgres "Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres")
      return
    fi
  done
  cat "$data/server.log" >&2
  return 1
}

part=all
if (($#)) && [[ $1 != --* ]]; then
  part=$1
  shift
fi

note "Building"
dotnet build bench/ZoeyKlaviyo.Bench --configuration Release --verbosity quiet --nologo >&2
if [[ $part == all || $part == delivery ]] && ! cmp -s bench/node-sdk/package-lock.json bench/node-sdk/node_modules/.installed; then
  npm ci --silent --no-audit --no-fund --prefix bench/node-sdk
  cp bench/node-sdk/package-lock.json bench/node-sdk/node_modules/.installed
fi

# What is compared is compared on two cores, with everything that takes part.
if (($(nproc) > 2)) && command -v taskset >/dev/null; then
  taskset --cpu-list --pid 0,1 $$ >/dev/null
fi
postgres=()
start_postgres

printf '%s · %s cores of %s · %s MB · .NET %s · Node %s · load %s\n\n' \
  "$(date -u +%F)" "$(nproc)" "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" "$(awk '/MemTotal/ { print int($2 / 1024) }' /proc/meminfo)" \
  "$(dotnet --version)" "$(node --version 2>/dev/null || echo none)" "$(cut -d ' ' -f 1-3 /proc/loadavg)"
dotnet bench/ZoeyKlaviyo.Bench/bin/Release/net10.0/ZoeyKlaviyo.Bench.dll "$part" "${postgres[@]}" "$@"
