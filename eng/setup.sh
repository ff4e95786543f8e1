#!/usr/bin/env bash
# Installs the pinned tools and builds the programs, only where something is missing or out of date.
# usage: setup.sh [--quiet]    --quiet says nothing when there is nothing to do
# Exit codes: 0 ready, 2 wrong usage, 3 a required tool is missing, 4 a step failed.
set -euo pipefail

root=$(dirname "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")")
cd "$root"
state=artifacts/setup
test_tools=tests
quiet=false

case "${1-}" in
  '') ;;
  --quiet) quiet=true ;;
  *) echo "usage: broker setup [--quiet]" >&2; exit 2 ;;
esac

# ---- what is up to date ---------------------------------------------------------------------------------------

tools_are_current() {
  [[ -f $state/tools && package-lock.json -ot $state/tools && -x node_modules/.bin/claude && -x node_modules/.bin/azurite ]]
}

# What only the tests run.
test_tools_are_current() {
  [[ -f $state/test-tools && $test_tools/package-lock.json -ot $state/test-tools && -d $test_tools/node_modules ]]
}

build_is_current() {
  [[ -f $state/build ]] || return 1
  local program
  for program in Cli/release/broker Functions/release/FunctionsBroker.Functions \
    SessionHost/release/FunctionsBroker.SessionHost LoopbackModel/release/FunctionsBroker.LoopbackModel; do
    [[ -f artifacts/bin/FunctionsBroker.$program.dll ]] || return 1
  done
  # Folders are compared too: a removed file leaves its mark there.
  [[ -z $(find src tests eng Directory.*.props Directory.*.targets .editorconfig global.json FunctionsBroker.sln \
    -path tests/node_modules -prune -o -newer $state/build ! -path tests -print -quit) ]]
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

# ---- steps ----------------------------------------------------------------------------------------------------

# Runs a step with its output in a log; says how long it is taking while it runs, and shows the log when it fails.
step() { # title, log name, command...
  local title=$1 log=$state/$2.log started=$SECONDS pid
  shift 2
  echo "setup: $title ..." >&2
  "$@" >"$log" 2>&1 9>&- </dev/null &
  pid=$!
  while kill -0 $pid 2>/dev/null; do
    sleep 0.2
    [[ ! -t 2 ]] || printf '\rsetup: %s ... %d s ' "$title" $((SECONDS - started)) >&2
  done
  [[ ! -t 2 ]] || printf '\r\033[K' >&2
  if ! wait $pid; then
    tail -n 40 "$log" >&2
    echo "setup: $title failed; all of its output is in $log" >&2
    exit 4
  fi
  echo "setup: $title: done in $((SECONDS - started)) s" >&2
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
  cd "$1"
  npm ci --no-audit --no-fund "${@:2}"
}

claude_answers() {
  node_modules/.bin/claude --version >/dev/null 2>&1 </dev/null
}

install_tools() {
  packages_are_installed . || step "installing the pinned tools (npm ci)" npm install_packages .
  # npm may be configured not to run install scripts, and the CLI's fetches its program.
  claude_answers || step "installing the claude CLI" claude node node_modules/@anthropic-ai/claude-code/install.cjs
  if ! claude_answers; then
    echo "setup: node_modules/.bin/claude does not answer; run it by hand to see why" >&2
    exit 4
  fi
  touch $state/tools
}

install_test_tools() {
  # Pure JavaScript and WebAssembly: nothing of it needs to be built.
  packages_are_installed $test_tools || step "installing the tests' tools (npm ci)" npm-tests install_packages $test_tools --ignore-scripts
  touch $state/test-tools
}

build() {
  # The time before the build: what is edited meanwhile is built the next time.
  touch $state/build.next
  step "restoring packages" restore dotnet restore
  step "building" build dotnet build --no-restore -c Release -nodeReuse:false
  mv $state/build.next $state/build
}

# ---- do it ----------------------------------------------------------------------------------------------------

if tools_are_current && test_tools_are_current && build_is_current; then
  $quiet || echo "setup: everything is up to date"
  exit 0
fi

mkdir -p $state
check_tools
need flock "it is part of util-linux"
exec 9>$state/lock
if ! flock --nonblock 9; then
  echo "setup: waiting for another setup to finish" >&2
  flock 9
fi

tools_are_current || install_tools
test_tools_are_current || install_test_tools
build_is_current || build
$quiet || echo "setup: ready"
