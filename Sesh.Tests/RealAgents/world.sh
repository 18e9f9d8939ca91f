# shellcheck shell=bash
# Sourced by scripts/agents: one world for the real agent CLIs. A HOME of its own, the fake model, a tmux server on a socket of
# its own, every agent configured so that it starts without a dialog. Sets work, home, proj, sock.
# Needs: prefix (where install.sh put the CLIs), root (the repository), sesh (the binary).
: "${prefix:?}" "${root:?}" "${sesh:?}"

work=$(mktemp -d /tmp/sesh-agents-XXXXXX)
home=$work/home proj=$work/my_app.v1 sock=$work/tmux.sock fake_log=$work/fake.jsonl bodies=$work/bodies
mkdir -p "$bodies" "$home/.codex" "$home/.pi/agent" "$work/tmp" "$proj"
git -c init.defaultBranch=main init -q "$proj"
: >"$fake_log"

fake_pid=
world_ends() {
    tm kill-server 2>/dev/null || true
    outer kill-server 2>/dev/null || true
    beta_ends 2>/dev/null || true
    [ -z "$fake_pid" ] || kill "$fake_pid" 2>/dev/null || true
    if [ -n "${keep:-}" ]; then echo "kept: $work" >&2; else within 10 rm -rf "$work" || true; fi
}
trap world_ends EXIT

"$prefix/bin/node" "$root/Sesh.Tests/RealAgents/fake-model.mjs" --port 0 --log "$fake_log" --bodies "$bodies" --max-requests 100000 >"$work/fake.out" 2>&1 &
fake_pid=$!

# within SECONDS COMMAND...: until it succeeds; false when it did not in time.
within() {
    local end=$((SECONDS + $1))
    shift
    until "$@" 2>/dev/null; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}
port_known() { port=$(awk '/^PORT /{print $2}' "$work/fake.out") && [ -n "$port" ]; }
within 10 port_known || { echo "the fake model did not start" >&2; exit 1; }

key=sk-ant-dummy-0123456789abcdefghijklmnop # its last 20 characters are approved below
cat >"$home/.claude.json" <<JSON
{ "hasCompletedOnboarding": true, "customApiKeyResponses": { "approved": ["${key: -20}"], "rejected": [] },
  "projects": { "$proj": { "hasTrustDialogAccepted": true } } }
JSON
cat >"$home/.codex/config.toml" <<TOML
model = "gpt-6-sol"
model_provider = "fake"
check_for_update_on_startup = false
[analytics]
enabled = false               # else every exec waits 5 s for a server it cannot reach
[features]
daemon_auto_start = false     # else the TUI copies 400 MB into CODEX_HOME
plugins = false
apps = false
[model_providers.fake]
name = "fake"
base_url = "http://127.0.0.1:$port/v1"
wire_api = "responses"
env_key = "FAKE_API_KEY"
[projects."$proj"]
trust_level = "trusted"
TOML
cat >"$home/.pi/agent/models.json" <<JSON
{ "providers": { "fake": { "baseUrl": "http://127.0.0.1:$port", "api": "anthropic-messages", "apiKey": "dummy",
  "models": [ { "id": "fake-model", "contextWindow": 200000, "maxTokens": 8192 } ] } } }
JSON
echo '{ "defaultProvider": "fake", "defaultModel": "fake-model", "defaultProjectTrust": "always" }' >"$home/.pi/agent/settings.json"

cp -r "$home" "$work/beta-home" # for beta.sh, before anything is written there

# Nothing of the caller's environment reaches an agent or sesh but this.
env=(HOME="$home" TMPDIR="$work/tmp" LANG=C.UTF-8 SHELL=/bin/sh TERM=xterm-256color
    PATH="$prefix/bin:$(dirname "$sesh"):/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
    ANTHROPIC_BASE_URL="http://127.0.0.1:$port" ANTHROPIC_API_KEY="$key"
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1 DISABLE_AUTOUPDATER=1 FAKE_API_KEY=dummy PI_OFFLINE=1 PI_TELEMETRY=0
    SESH_TMUX_SOCKETS="$sock")
# shellcheck disable=SC2034 # for those who source this
claude_flags=(--model sonnet --permission-mode manual --system-prompt "You are a test." --tools Bash --disable-slash-commands)

tm() { env -i "${env[@]}" tmux -S "$sock" -f /dev/null "$@"; }
tm new-session -d -s keep -x 120 -y 36 'exec sleep 86400'

# A terminal that looks at that server, as a person's would: a pane of a second server.
outer() { env -i "${env[@]}" tmux -S "$work/outer.sock" -f /dev/null "$@"; }
look_at() { # SESSION
    if [ -z "$(tm list-clients)" ]; then
        outer new-session -d -s terminal -x 120 -y 36 "env -u TMUX tmux -S '$sock' attach -t '$1'"
        # shellcheck disable=SC2317 # within calls it by name
        attached() { [ -n "$(tm list-clients)" ]; }
        within 10 attached
    else
        tm switch-client -c "$(tm list-clients -F '#{client_name}')" -t "$1"
    fi
}

in_project() { (cd "$proj" && env -i "${env[@]}" "$@" </dev/null); }
sesh() { in_project "$sesh" "$@"; }
beta() { in_project env SESH_HOME="$work/beta" SESH_MACHINE=beta "$sesh" "$@"; }

# headless AGENT TEXT: one turn; prints the session's id.
headless() {
    local id
    case $1 in
        claude)
            id=$(cat /proc/sys/kernel/random/uuid)
            in_project timeout 60 claude -p --session-id "$id" --model sonnet "$2" >/dev/null && echo "$id"
            ;;
        codex) in_project timeout 60 codex exec --json --skip-git-repo-check "$2" 2>/dev/null | jq -r 'select(.type=="thread.started").thread_id' ;;
        pi)
            id=$(cat /proc/sys/kernel/random/uuid)
            in_project timeout 60 pi -p --session-id "$id" "$2" >/dev/null 2>&1 && echo "$id"
            ;;
    esac
}

# Panes.
start() { # NAME COMMAND...: a tmux session of that name
    local name=$1
    shift
    tm new-session -d -s "$name" -x 120 -y 36 -c "$proj" "$@"
}
title() { tm display -p -t "$1" '#{pane_title}'; }
screen() { tm capture-pane -p -t "$1" | sed 's/ *$//'; }
shows() { screen "$1" | grep -qF -- "$2"; }
pane_pid() { tm display -p -t "$1" '#{pane_pid}'; }
# Bracketed paste, then Enter: typed at once, codex takes the Enter for a part of the text.
paste() { printf '%s' "$2" | tm load-buffer -b say -; tm paste-buffer -p -d -b say -t "$1"; tm send-keys -t "$1" Enter; }
ready() { # AGENT PANE
    case $1 in
        claude) title "$2" | grep -q '^✳' ;;
        codex) shows "$2" "Ask Codex to do anything" ;;
        pi) title "$2" | grep -q '^π' ;;
    esac
}
asks() { # AGENT PANE: the permission prompt is on the screen
    case $1 in
        claude) shows "$2" "Do you want to proceed?" ;;
        codex) shows "$2" "Would you like to run the following command?" ;;
    esac
}
asked_model() { grep -qF -- "$1" "$fake_log"; } # the model holds a request with that text
