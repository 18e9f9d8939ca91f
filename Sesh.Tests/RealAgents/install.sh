#!/usr/bin/env bash
# Installs the three agent CLIs (and a node new enough for pi) by npm into PREFIX. Idempotent.
#   install.sh PREFIX [claude] [codex] [pi]          (default: all three)
# Afterwards PREFIX/bin has node, claude, codex, pi. Needs npm on PATH; on an empty prefix it takes
# about half a minute and 1.1 GB (node 0.2, claude 0.4, codex 0.4, pi 0.2).
# Versions: NODE_VERSION, CLAUDE_VERSION, CODEX_VERSION, PI_VERSION.
set -euo pipefail
prefix=$(mkdir -p "${1:?usage: install.sh PREFIX [agents...]}" && cd "$1" && pwd)
shift
agents=("$@"); [ ${#agents[@]} -gt 0 ] || agents=(claude codex pi)

# Exact versions, since npm on an older node quietly picks an older release that allows that node, and
# since pi's newest releases could not be installed when this was written.
NODE_VERSION=${NODE_VERSION:-22.23.3}
CLAUDE_VERSION=${CLAUDE_VERSION:-2.1.330}
CODEX_VERSION=${CODEX_VERSION:-0.169.0}
PI_VERSION=${PI_VERSION:-0.87.1}

case "$(uname -sm)" in
  "Linux x86_64") os_arch=linux-x64 ;;
  "Linux aarch64") os_arch=linux-arm64 ;;
  *) echo "install.sh: no binaries known for $(uname -sm)" >&2; exit 1 ;;
esac

# install DIR PACKAGE@VERSION: one directory a CLI, so that their dependencies stay apart.
install() {
  local dir=$prefix/npm/$1 spec=$2
  if [ "$(cat "$dir/.installed" 2>/dev/null)" = "$spec" ]; then return; fi
  mkdir -p "$dir"
  [ -f "$dir/package.json" ] || echo '{"private":true}' > "$dir/package.json"
  (cd "$dir" && npm install --no-audit --no-fund --no-update-notifier --loglevel=error "$spec" >install.log 2>&1) || {
    echo "install.sh: npm install $spec failed:" >&2; tail -5 "$dir/install.log" >&2; exit 1; }
  echo "$spec" > "$dir/.installed"
}
link() { mkdir -p "$prefix/bin"; ln -sfn "$2" "$prefix/bin/$1"; }

install node "node-$os_arch@$NODE_VERSION"
link node "../npm/node/node_modules/node-$os_arch/bin/node"
export PATH=$prefix/bin:$PATH

for a in "${agents[@]}"; do
  case $a in
    claude)
      install claude "@anthropic-ai/claude-code@$CLAUDE_VERSION"
      # The platform package's binary itself: works also where npm blocks install scripts.
      link claude "../npm/claude/node_modules/@anthropic-ai/claude-code-$os_arch/claude" ;;
    codex)
      install codex "@openai/codex@$CODEX_VERSION"
      link codex "../npm/codex/node_modules/@openai/codex/bin/codex.js" ;;
    pi)
      install pi "@earendil-works/pi-coding-agent@$PI_VERSION"
      link pi "../npm/pi/node_modules/@earendil-works/pi-coding-agent/dist/cli.js" ;;
    *) echo "install.sh: unknown agent $a" >&2; exit 1 ;;
  esac
done

h=$(mktemp -d); trap 'rm -rf "$h"' EXIT
for a in "${agents[@]}"; do
  printf '%s: ' "$a"
  env -i HOME="$h" PATH="$prefix/bin:/usr/bin:/bin" PI_OFFLINE=1 TERM=dumb "$prefix/bin/$a" --version 2>/dev/null | tail -1
done
