# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: what README says of agents that drive agents. A claude session here asks a codex on another machine by its own shell tool, and answers with what that said.

delegate() {
    echo "== delegate: a claude here that asks a codex on beta"
    local uuid out before
    beta_begins
    uuid=$(sesh new --agent claude --name lead --target "$sock:lead" -- "${claude_flags[@]}" --allowedTools 'Bash(sesh delegate:*)' 2>&1 | tail -n 1)
    before=$(find "$bhome" -name '*.jsonl' | wc -l)
    out=$(sesh send "$uuid" "ask codex on beta [[tool:bash:sesh delegate --agent codex --machine beta --cwd $proj \"where is the retry limit set?\"]]" 2>&1) || bad "send" "$out"
    expect "claude's answer has codex's in it" "echo: where is the retry limit set?" "$(sed -n 's/^tool: //p' <<<"$out")"
    expect "it is in claude's transcript" yes "$(sesh transcript "$uuid" | grep -qF 'tool: echo: where is the retry limit set?' && echo yes)"
    expect "codex was asked, by its own program" yes "$(jq -r 'select(.user=="where is the retry limit set?")|.ua' "$fake_log" | grep -qi codex && echo yes)"
    expect "nothing of it remains on beta" "$before" "$(find "$bhome" -name '*.jsonl' | wc -l)"
    expect "no record of it" lead "$(sesh list --json | jq -r '[.[]|select(.machine=="beta" or .name=="lead")|.name]|join(" ")')"
    expect "a question to another machine's session, by its uuid" "echo: and now" "$(bsesh new --agent pi --headless --msg "first" 2>"$work/send.err" >/dev/null; sesh sync beta >/dev/null; sesh send "$(head -n 1 "$work/send.err")" "and now" 2>&1)"
    tm kill-session -t lead
}
