#!/usr/bin/env bash
# Installs the pinned tools and builds the programs, only where something is missing or out of date.
# usage: setup.sh [--quiet] [--tests]
#   --quiet says nothing when there is nothing to do; --tests installs and builds what the tests need too.
# Exit codes: 0 ready, 2 wrong usage, 3 a required tool is missing, 4 a step failed.
set -euo pipefail

# A compiler that runs once gains nothing from a profile of itself: a fifth of the time is saved.
export DOTNET_TieredPGO=0
root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
cd "$root"
state=artifacts/setup
programs=(Cli/release/broker Functions/release/FunctionsBroker.Functions FunctionsHost/release/FunctionsBroker.FunctionsHost
  LoopbackModel/release/FunctionsBroker.LoopbackModel SessionHost/release/FunctionsBroker.SessionHost)
# Where no terminal can show the time that a step takes, a line does after so many seconds.
progress_seconds=${BROKER_PROGRESS_SECONDS:-10}
quiet=false
tests=false

for option in "$@"; do
  case $option in
    --quiet) quiet=true ;;
    --tests) tests=true ;;
    *) echo "usage: broker setup [--quiet] [--tests]" >&2; exit 2 ;;
  esac
done

# ---- what is up to date ---------------------------------------------------------------------------------------

tools_are_current() {
  [[ -f $state/tools && package-lock.json -ot $state/tools && -x node_modules/.bin/claude && -x node_modules/.bin/azurite ]]
}

# What only the tests run.
test_tools_are_current() {
  [[ -f $state/test-tools && tests/package-lock.json -ot $state/test-tools && -d tests/node_modules ]]
}

# Nothing of these is newer than the last build. Folders are compared too: a removed file leaves its mark there.
sources_are_older() { # the file that the build has touched, folders...
  [[ -f $1 && -z $(find "${@:2}" eng/BannedSymbols.txt eng/programs.slnf Directory.*.props Directory.*.targets .editorconfig \
    global.json FunctionsBroker.sln -path tests/node_modules -prune -o -newer "$1" ! -path tests -print -quit) ]]
}

programs_are_current() {
  local program
  for program in "${programs[@]}"; do
    [[ -f artifacts/bin/FunctionsBroker.$program.dll ]] || return 1
  done
  sources_are_older $state/build src
}

tests_are_current() {
  local project
  for project in tests/*/*.csproj; do
    [[ ! -f $project || -d artifacts/bin/$(basename "$project" .csproj)/release ]] || return 1
  done
  programs_are_current && sources_are_older $state/test-build src tests bench
}

# ---- required tools -------------------------------------------------------------------------------------------

missing=()

need() { # command, how to get it
  command -v "$1" >/dev/null || missing+=("$1 is not installed: $2")
}

check_tools() {
  need dotnet "install the .NET SDK 10, https://dotnet.microsoft.com/download"
  need node "install Node.js 20 or newer, https://nodejs.org"
  need npm "it comes with Node.js, https://nodejs.org"
  need git "install it with your package manager"
  need setsid "it is part of util-linux"
  need flock "it is part of util-linux"
  local version
  if command -v dotnet >/dev/null; then
    version=$(dotnet --version 2>/dev/null || true)
    [[ ${version%%.*} == 10 ]] || missing+=("the .NET SDK is ${version:-too old for global.json}, 10 is needed: https://dotnet.microsoft.com/download")
  fi
  if command -v node >/dev/null; then
    version=$(node --version)
    version=${version#v}
    ((${version%%.*} >= 20)) || missing+=("Node.js is $version, 20 or newer is needed: https://nodejs.org")
  fi
  if ((${#missing[@]} > 0)); then
    printf 'setup: %s\n' "${missing[@]}" >&2
    exit 3
  fi
}

# ---- steps, several at a time ---------------------------------------------------------------------------------

titles=() logs=() pids=() begun=()

# Starts a step with its output in a log.
begin() { # title, log name, command...
  titles+=("$1") logs+=("$state/$2.log") begun+=("$SECONDS")
  echo "setup: $1 ..." >&2
  # In a process group of its own, so that all of it can be ended.
  set -m
  "${@:3}" >"$state/$2.log" 2>&1 9>&- </dev/null &
  set +m
  pids+=($!)
}

end_steps() {
  local pid
  for pid in "${pids[@]}"; do
    [[ -z $pid ]] || kill -TERM -- "-$pid" 2>/dev/null || true
  done
}

trap 'end_steps; exit 130' INT TERM HUP

say_progress() {
  local index line=
  for index in "${!pids[@]}"; do
    [[ -z ${pids[index]} ]] || line+="${line:+, }${titles[index]} ... $((SECONDS - begun[index])) s"
  done
  if [[ -t 2 ]]; then
    printf '\r\033[Ksetup: %s ' "$line" >&2
  elif ((SECONDS - told >= progress_seconds)); then
    told=$SECONDS
    echo "setup: $line" >&2
  fi
}

# Waits for all steps, and says how long each is taking while it runs; shows the log of one that fails, and ends the others.
finish() {
  local index running=true told=$SECONDS
  while $running; do
    running=false
    for index in "${!pids[@]}"; do
      [[ -n ${pids[index]} ]] || continue
      if kill -0 "${pids[index]}" 2>/dev/null; then
        running=true
        continue
      fi

      [[ ! -t 2 ]] || printf '\r\033[K' >&2
      if ! wait "${pids[index]}"; then
        pids[index]=
        end_steps
        tail -n 40 "${logs[index]}" >&2
        echo "setup: ${titles[index]} failed; all of its output is in ${logs[index]}" >&2
        exit 4
      fi
      echo "setup: ${titles[index]}: done in $((SECONDS - begun[index])) s" >&2
      pids[index]=
    done
    ! $running || { say_progress; sleep 0.2; }
  done
}

# True when a folder's node_modules, however it came about, holds the versions of its package-lock.json.
packages_are_installed() { # folder
  [[ -f $1/node_modules/.package-lock.json ]] && node -e '
    const packages = path => require(require("path").resolve(process.argv[1], path)).packages;
    const wanted = packages("package-lock.json"), present = packages("node_modules/.package-lock.json");
    for (const [path, { version, optional }] of Object.entries(wanted)) {
      if (path !== "" && present[path]?.version !== version && !(optional && !present[path])) process.exit(1);
    }' "$1" 2>/dev/null
}

install_packages() { # folder, options
  packages_are_installed "$1" || (cd "$1" && npm ci --no-audit --no-fund "${@:2}")
}

claude_answers() {
  node_modules/.bin/claude --version >/dev/null 2>&1 </dev/null
}

install_tools() {
  install_packages . || return
  # npm may be configured not to run install scripts, and the CLI's fetches its program.
  claude_answers || node node_modules/@anthropic-ai/claude-code/install.cjs || return
  if ! claude_answers; then
    echo "node_modules/.bin/claude does not answer; run it by hand to see why"
    return 1
  fi
  touch $state/tools
}

install_test_tools() {
  # Pure JavaScript and WebAssembly: nothing of it needs to be built.
  install_packages tests --ignore-scripts || return
  touch $state/test-tools
}

build() { # solution or filter, options for it, the files to touch...
  # The time before the build: what is edited meanwhile is built the next time.
  touch $state/build.next
  dotnet build "$1" -c Release -nodeReuse:false $2 || return
  local built
  for built in "${@:3}"; do touch -r $state/build.next "$state/$built"; done
}

# ---- do it ----------------------------------------------------------------------------------------------------

all_is_current() {
  tools_are_current && programs_are_current && { ! $tests || { test_tools_are_current && tests_are_current; }; }
}

if all_is_current; then
  $quiet || echo "setup: everything is up to date"
  exit 0
fi

mkdir -p $state
check_tools
exec 9>$state/lock
if ! flock --nonblock 9; then
  echo "setup: waiting for another setup to finish" >&2
  flock 9
fi

tools_are_current || begin "installing the pinned tools" npm install_tools
if $tests; then
  test_tools_are_current || begin "installing the tests' tools" npm-tests install_test_tools
  # With the analyzers, without which the programs alone are built for whoever only runs them.
  tests_are_current || begin "building the programs and the tests" build build FunctionsBroker.sln "" build test-build
else
  programs_are_current || begin "building the programs" build build eng/programs.slnf -p:RunAnalyzers=false build
fi

finish
$quiet || echo "setup: ready"
