# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: real sessions on disk and in panes are found, each in its true state.

declare -A on_disk
found() {
    echo "== found: sessions of all three, on disk and in tmux"
    local agent i
    for agent in claude codex pi; do
        for i in 1 2; do on_disk[$agent$i]=$(headless "$agent" "disk $agent $i"); done
    done
    # Started as a user starts them, before sesh knew of them.
    start c-idle claude "${claude_flags[@]}"
    start c-asks claude "${claude_flags[@]}"
    start c-busy claude "${claude_flags[@]}"
    start x-idle codex
    start x-busy codex
    start p-idle pi
    local p
    for p in c-idle c-asks c-busy; do within 30 ready claude $p || bad "$p did not start" "$(screen $p)"; done
    for p in x-idle x-busy; do within 30 ready codex $p || bad "$p did not start" "$(screen $p)"; done
    within 30 ready pi p-idle || bad "p-idle did not start" "$(screen p-idle)"
    for p in c-idle x-idle p-idle c-asks c-busy x-busy; do
        paste $p "live $p"
        within 30 shows $p "echo: live $p" || bad "$p did not answer" "$(screen $p)"
    done
    paste c-asks "now [[tool:bash:touch asked]]"
    within 20 asks claude c-asks || bad "c-asks did not ask" "$(screen c-asks)"
    paste c-busy "work c [[sleep:60]]"
    paste x-busy "work x [[sleep:60]]"
    for p in c x; do within 20 asked_model "work $p" || bad "$p-busy is not busy" "$(screen $p-busy)"; done

    local total=12 list
    succeeds "adopt" sesh adopt
    list=$(sesh list --json)
    expect "listed of $total" $total "$(jq length <<<"$list")"
    expect "adopting again adds nothing" $total "$(sesh adopt >/dev/null; sesh list --json | jq length)"
    for agent in claude codex pi; do
        for i in 1 2; do
            expect "on disk: $agent $i" "$agent false" \
                "$(jq -r --arg id "${on_disk[$agent$i]}" '.[]|select(.agentSessionId==$id or .uuid==$id)|"\(.agent) \(.live)"' <<<"$list")"
        done
    done
    state_in() { jq -r --arg s "$1" '.[]|select(.tmux.session==$s)|"\(.agent) \(.turnStatus)"' <<<"$list"; }
    # How soon is for the states part to tell.
    both_busy() { list=$(sesh list --json) && [ "$(state_in c-busy) $(state_in x-busy)" = "claude busy codex busy" ]; }
    within 3 both_busy || true
    expect "in tmux, idle" "claude idle" "$(state_in c-idle)"
    expect "in tmux, asking" "claude blocked" "$(state_in c-asks)"
    expect "in tmux, busy" "claude busy" "$(state_in c-busy)"
    expect "in tmux, idle" "codex idle" "$(state_in x-idle)"
    expect "in tmux, busy" "codex busy" "$(state_in x-busy)"
    # Nothing outside tells which session a pi holds that sesh did not start: idle, or unknown, never anything else.
    local pi_state
    pi_state=$(jq -r '[.[]|select(.agent=="pi")|select(.name|test("live p-idle"))|.turnStatus][0] // "missing"' <<<"$list")
    case $pi_state in idle | unknown) ok "pi in tmux: $pi_state" ;; *) bad "pi in tmux: $pi_state" ;; esac
    sesh list
    for p in c-idle c-asks c-busy x-idle x-busy p-idle; do
        tm kill-session -t $p
    done
    none_live() { [ "$(sesh list --json --live | jq length)" = 0 ]; }
    if within 10 none_live; then ok "all panes killed: none live"; else bad "panes killed, still live" "$(sesh list --live)"; fi
}
