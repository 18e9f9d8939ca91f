# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: sessions of each agent named by a real pi, of whose asking nothing remains, and by a real claude as the user's own command.

autoname() {
    echo "== autoname: what a model calls a session, by a pi that leaves nothing behind"
    local agent uuid before
    for agent in claude codex pi; do
        sesh new --agent "$agent" --headless --msg "what is this about? [[reply:**About $agent.**]]" >/dev/null 2>"$work/send.err" || bad "new --headless $agent" "$(cat "$work/send.err")"
        uuid=$(head -n 1 "$work/send.err")
        before=$(find "$home" -name '*.jsonl' | wc -l)
        expect "autoname $agent" "About $agent" "$(sesh autoname "$uuid" 2>&1)"
        expect "its record" "About $agent true 1" "$(sesh info "$uuid" --json | jq -r '"\(.name) \(.autoRename) \(.lastAutoNameTurnCount)"')"
        expect "nothing of it remains" "$before" "$(find "$home" -name '*.jsonl' | wc -l)"
        sesh autoname-toggle "$uuid" --off >/dev/null
    done
    expect "an unknown model is told" 1 "$(sesh autoname-toggle "$uuid" --on >/dev/null; printf '[models]\npi = "none-such"\n' >>"$home/.sesh/config.toml"; sesh autoname "$uuid" >"$work/send.out" 2>&1; echo $?)"
    cat "$work/send.out"
    printf 'machine = "alpha"\n[autoname]\ncommand = "claude -p --no-session-persistence --model sonnet --tools \\"\\""\n' >"$home/.sesh/config.toml"
    before=$(find "$home" -name '*.jsonl' | wc -l)
    expect "autoname by claude" "About pi" "$(sesh autoname "$uuid" 2>&1)"
    expect "nothing of it remains" "$before" "$(find "$home" -name '*.jsonl' | wc -l)"
    printf 'machine = "alpha"\n' >"$home/.sesh/config.toml"
}
