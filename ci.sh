#!/usr/bin/env bash
# ./ci.sh            everything that gates a change: set up, build, lint, tests, scenarios on both databases, a load gate,
#                    the simulator, the documents; a table of stages at the end
# ./ci.sh run ARGS   set up, build, and `rehearse run ARGS` (default: Scenarios/functional on SQLite)
# Options: --enforce-budget  fail when the stages together take more than 180 s
#          --optimized       build with the optimizer, as for a release; takes three times as long
set -uo pipefail
cd "$(dirname "$0")"

readonly budget=180
readonly packages_to_build=(libpq-dev libssl-dev libsqlite3-dev)
readonly packages_to_run=(postgresql python3 curl openssl jq python3-websocket)
# A release build, since it compiles a module in one piece and without what debuggers and editors want, but without the
# optimizer, which takes two thirds of a cold build.
common_flags=(-c release -Xswiftc -gnone -Xcc -g0 --disable-xctest)
build_flags=("${common_flags[@]}" -Xswiftc -Onone --scratch-path .build/ci)
# Where the scripts that drive `rehearse` find it.
export REHEARSE_BUILD=.build/ci/release
# `run` may be called while everything is gated, by the documents, and must not write over those logs.
if [[ ${1:-} == run ]]; then readonly logs=.rehearsal/ci-run; else readonly logs=.rehearsal/ci; fi
rehearse() { "$REHEARSE_BUILD/rehearse" "$@"; }

if [[ -t 1 && -z ${NO_COLOR:-} ]]; then bold=$'\e[1m' red=$'\e[31m' green=$'\e[32m' plain=$'\e[0m'; else bold='' red='' green='' plain=''; fi
say() { printf '%s\n' "${bold}==>${plain} $*"; }
now() { printf "%s" "${EPOCHREALTIME//[^0-9]/}"; }

# --- stages ---------------------------------------------------------------------------------------------------------
# A stage is a function; its output goes to a log, which is shown when it fails. Stages may run at the same time.

mkdir -p "$logs"
names=()
exit_code=0
readonly began=$(now)

run_stage() { # NAME FUNCTION: runs it and writes down how it went
  local name=$1 start code
  start=$(now)
  "$2" >"$logs/$name.log" 2>&1
  code=$?
  printf '%s %s %s\n' "$code" "$(((start - began) / 1000))" "$((($(now) - start) / 1000))" >"$logs/$name.result"
  return "$code"
}

start_stage() { # NAME FUNCTION: in the background
  names+=("$1")
  rm -f "$logs/$1.result"
  run_stage "$1" "$2" &
  declare -g "pid_${1//-/_}=$!"
}

finish_stage() { # NAME: waits for it and reports
  local variable=pid_${1//-/_} code
  wait "${!variable}"
  code=$?
  if ((code == 0)); then
    say "$1: ${green}ok${plain}$(last_line "$1")"
  else
    say "$1: ${red}failed${plain} with exit code $code; its output:"
    sed 's/^/    /' "$logs/$1.log" | tail -n 200
    ((exit_code == 0)) && exit_code=$code
  fi
  return "$code"
}

last_line() { # the line by which a stage sums itself up
  local line
  line=$(grep -E '(passed|failed|Build complete|identical)' "$logs/$1.log" | tail -n 1 | tr -d '\r')
  [[ -n $line ]] && printf ' (%s)' "${line:0:100}"
}

stage() { start_stage "$@" && finish_stage "$1"; }

skip_stage() { names+=("$1"); printf 'skipped 0 0\n' >"$logs/$1.result"; say "$1: skipped, because $2"; }

table() {
  local name code at took total=$((($(now) - began) / 1000)) mark
  printf '\n%s%-22s %9s %9s %6s%s\n' "$bold" stage 'start s' 'took s' share "$plain"
  for name in "${names[@]}"; do
    read -r code at took <"$logs/$name.result"
    case $code in 0) mark=${green}ok${plain} ;; skipped) mark=skipped ;; *) mark="${red}exit $code${plain}" ;; esac
    printf '%-22s %9s %9s %5d%% %s\n' "$name" "$(seconds "$at")" "$(seconds "$took")" $((took / 10 / budget)) "$mark"
  done
  printf '%-22s %9s %9s %5d%% of %d s\n' total '' "$(seconds "$total")" $((total / 10 / budget)) "$budget"
  if ((total > budget * 1000)); then
    printf '%s\n' "${red}OVER BUDGET${plain}: $(seconds "$total") s of $budget s"
    if [[ $enforce_budget == yes && $exit_code == 0 ]]; then exit_code=1; fi
  fi
}

seconds() { printf '%d.%d' $(($1 / 1000)) $(($1 % 1000 / 100)); }

# --- what the stages do ---------------------------------------------------------------------------------------------

missing() { local package; for package in "$@"; do dpkg -s "$package" >/dev/null 2>&1 || echo "$package"; done; }

install() { # PACKAGE...: only those that are not there
  local absent
  mapfile -t absent < <(missing "$@")
  if ((${#absent[@]} == 0)); then echo "nothing to install"; return 0; fi
  echo "installing ${absent[*]}"
  local as_root=()
  ((EUID == 0)) || as_root=(sudo)
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${absent[@]}" ||
    { "${as_root[@]}" apt-get update && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${absent[@]}"; }
}

install_to_build() { install "${packages_to_build[@]}"; }
install_to_run() { install "${packages_to_run[@]}" && .ci/check-python-client --install; }
build_all() { swift build "${build_flags[@]}" --build-tests; }
build_product() { swift build "${build_flags[@]}" --product rehearse; }
format() { swift format lint --strict --parallel --recursive Package.swift Sources Tests; }
world() { .ci/check-world; }
tests() { swift test "${build_flags[@]}" --skip-build --parallel; }
scenario_lint() { rehearse lint Scenarios; }
sqlite() { rehearse run Scenarios/functional Scenarios/examples --database sqlite --out "$logs/run-sqlite"; }
postgres() { rehearse run Scenarios/functional --database postgres --out "$logs/run-postgres"; }
load() { rehearse load Scenarios/load/collaboration.yaml --database sqlite --out "$logs/load"; }
simulate() { # the same seed in fresh processes gives the same history, byte for byte
  local seed sums
  rehearse simulate Scenarios/functional --seed 7 --out "$logs/simulate-1" &&
    rehearse simulate Scenarios/functional --seed 7 --out "$logs/simulate-2" || return
  sums=$(cat "$logs"/simulate-[12]/history.sha256 | sort -u | wc -l)
  ((sums == 1)) && echo "two histories of seed 7 are identical"
}
python_client() { .ci/check-python-client; }
# The server and the migration runner are killed while they write, a client is cut off while it reads. A few times only:
# without these options the scripts do it 100 and 500 times.
kills() {
  python3 Tests/Durability/kill_test.py --rounds 3 && python3 Tests/Durability/migration_kill_test.py --rounds 5 &&
    python3 Tests/Durability/resume_test.py --cuts 40 --processes 2
}
tour() { .ci/check-tour; }
documents() { .ci/check-invariants && REHEARSE_BUILT=yes .ci/check-documents; }

# --- the two jobs ---------------------------------------------------------------------------------------------------

enforce_budget=no
if [[ ${1:-} == run ]]; then
  shift
  say "setting up and building; the first time this takes about a minute"
  stage install-to-build install_to_build || exit 3
  stage install-to-run install_to_run || exit 3
  # Where this is called by what has built it already, it holds the folder of the build.
  if [[ -n ${REHEARSE_BUILT:-} ]]; then skip_stage build "it was built by who called"; else stage build build_product || exit 3; fi
  if (($# == 0)); then set -- Scenarios/functional; fi
  rehearse run "$@"
  exit
fi
for argument in "$@"; do
  case $argument in
    --enforce-budget) enforce_budget=yes ;;
    --optimized)
      build_flags=("${common_flags[@]}" --scratch-path .build/optimized)
      REHEARSE_BUILD=.build/optimized/release
      ;;
    -h | --help) sed -n '2,7s/^# //p' "$0"; exit 0 ;;
    *) echo "ci.sh: unknown argument '$argument'; ./ci.sh --help lists what there is" >&2; exit 2 ;;
  esac
done

trap 'table; exit 130' INT TERM
say "from a bare machine to a verdict in $budget s; logs are in $logs"
start_stage world world
stage install-to-build install_to_build
installed=$?
if ((installed == 0)); then
  start_stage build build_all
  start_stage install-to-run install_to_run
  start_stage format format
  finish_stage install-to-run
  finish_stage format
  finish_stage build
  built=$?
else
  skip_stage build "what it needs could not be installed"
  built=1
  stage format format
fi
finish_stage world
if ((built == 0)); then
  together=(tests scenario-lint sqlite postgres simulate python-client kills tour documents)
  for name in "${together[@]}"; do start_stage "$name" "${name//-/_}"; done
  for name in "${together[@]}"; do finish_stage "$name"; done
  # Alone, so that nothing else is measured.
  stage load load
else
  for name in tests scenario-lint sqlite postgres simulate python-client kills tour documents load; do skip_stage "$name" "the build failed"; done
fi
table
[[ -f $logs/tests.log ]] && grep -E 'Test run with' "$logs/tests.log" | tail -n 1
exit "$exit_code"
