#!/usr/bin/env bash
# Checks the format, builds with warnings as errors and runs every test.
# usage: test.sh [PROJECT...]    e.g. test.sh LoopbackModel.Tests; default: every test project
# The last line counts all tests: "N passed, N failed". Exit codes: 0 all passed; 1 a test failed, was skipped,
# hung, or a project ran none; 2 wrong usage; 3 and 4 as setup.sh; 5 the format or the build is not clean.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
cd "$root"
export BROKER_ROOT=$root
# Most processes of the tests live for seconds: profiling their code costs more than it gives.
export DOTNET_TieredPGO=0
results=$root/artifacts/test-results
at_once=2
limit_seconds=1800

# The longest first, so that none of them is left to run alone at the end.
longest=(Soak SessionHost.Tests EndToEnd Functions.Tests SessionHost.Soak Platform.Tests Api.Tests Infra.Tests ClaudeCode.Tests FunctionsHost.Tests)

projects=()
for name in "${@:-}"; do
  if [[ -z $name ]]; then
    for project in "${longest[@]/#/tests/}" tests/*; do
      if grep -qs '<IsTestProject>true' "$project"/*.csproj && [[ " ${projects[*]} " != *" ${project#tests/} "* ]]; then
        projects+=("${project#tests/}")
      fi
    done
  elif [[ -f tests/$name/FunctionsBroker.$name.csproj ]]; then
    projects+=("$name")
  else
    echo "test: there is no tests/$name" >&2
    exit 2
  fi
done

# Tests of the sandbox and of the channel need these; without them they fail, they are not skipped.
install() { # package, program, what needs it
  if command -v "$2" >/dev/null; then return; fi
  if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
    echo "test: installing $1"
    { apt-get install -y -q "$1" || { apt-get update -q && apt-get install -y -q "$1"; }; } >"artifacts/$1.log" 2>&1 || true
  fi
  command -v "$2" >/dev/null || echo "test: $1 is not installed; the tests of $3 need it" >&2
}

eng/setup.sh --quiet --tests
install bubblewrap bwrap "that sandbox"
install socat socat "the channel"
rm -rf "$results"
mkdir -p "$results"

count() { # trx file, counter
  sed -n "s/.*<Counters[^>]* $2=\"\([0-9]*\)\".*/\1/p" "$1" | head -n 1
}

run_project() {
  local name=$1 log=$results/$1.log trx=$results/$1.trx started=$SECONDS code=0
  local program=artifacts/bin/FunctionsBroker.$name/release/FunctionsBroker.$name
  timeout --kill-after=10 $limit_seconds "$program" -noColor -longRunning 60 -trx "$trx" >"$log" 2>&1 </dev/null || code=$?
  if ((code == 124 || code == 137)); then
    tail -n 30 "$log"
    echo "test: $name did not end within $limit_seconds s"
    touch "$results/$name.hung"
  elif [[ ! -f $trx ]]; then
    tail -n 30 "$log"
    echo "test: $name ended with code $code and without results"
    touch "$results/$name.broken"
  else
    local passed failed total
    passed=$(count "$trx" passed) failed=$(count "$trx" failed) total=$(count "$trx" total)
    if ((failed > 0)); then sed -n '/\[FAIL\]/,$p' "$log"; fi
    # Nothing ran, or something outside of the tests themselves failed.
    if ((total == 0 || (code != 0 && passed == total))); then
      tail -n 30 "$log"
      touch "$results/$name.broken"
    fi
    echo "test: $name: $passed passed, $failed failed, $((total - passed - failed)) skipped ($((SECONDS - started)) s)"
  fi
}

# Spaces and lines only, in seconds: the build checks the style, and Architecture.Tests the order of usings.
check_format() {
  dotnet format whitespace --folder --verify-no-changes . >&2 || touch "$results/format.wrong"
}

check_format &
for name in "${projects[@]}"; do
  while (($(jobs -rp | wc -l) >= at_once)); do wait -n || true; done
  run_project "$name" &
done
wait

passed=0 failed=0 skipped=0
for trx in "$results"/*.trx; do
  [[ -f $trx ]] || continue
  p=$(count "$trx" passed) f=$(count "$trx" failed) t=$(count "$trx" total)
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + t - p - f))
done
# A project that hung, crashed or ran nothing counts as one failure: its tests are not known to pass.
broken=$(find "$results" -name '*.hung' -o -name '*.broken' | wc -l)
failed=$((failed + broken))

line="$passed passed, $failed failed"
((skipped == 0)) || line+=", $skipped skipped"
if [[ -f $results/format.wrong ]]; then
  echo "test: the format is not right: run 'dotnet format'" >&2
  echo "$line"
  exit 5
fi
echo "$line"
((passed > 0 && failed == 0 && skipped == 0))
