# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: sesh starts each agent, and resumes each that nothing holds.

launch() {
    echo "== launch: sesh new, each agent"
    local agent out uuid flags
    for agent in claude codex pi; do
        flags=()
        [ "$agent" != claude ] || flags=(-- "${claude_flags[@]}")
        if ! out=$(sesh new --agent "$agent" --name "new $agent" --tag fresh --target "$sock:n-$agent" "${flags[@]}" 2>&1); then
            bad "new $agent" "$out"
            continue
        fi
        uuid=$(tail -n 1 <<<"$out")
        expect "new $agent is live where asked" "true n-$agent new $agent" "$(sesh info "$uuid" --json | jq -r '"\(.live) \(.tmux.session) \(.name)"')"
        within 30 ready "$agent" "n-$agent" || bad "$agent did not start" "$(screen "n-$agent")"
        paste "n-$agent" "born $agent"
        within 30 shows "n-$agent" "echo: born $agent" || bad "$agent did not answer" "$(screen "n-$agent")"
        expect "pane-resolve finds $agent" "$uuid" "$(sesh pane-resolve --pane "$(tm display -p -t "n-$agent" '#{pane_id}')" --socket-path "$sock" 2>&1)"
        # The screen may be ahead of the file.
        written() { sesh transcript "$uuid" 2>/dev/null | grep -qF "echo: born $agent"; }
        within 5 written || true
        expect "its transcript" "$(printf 'born %s\necho: born %s' "$agent" "$agent")" \
            "$(sesh transcript "$uuid" --format json | jq -r '.[]|select(.role=="user" or .role=="assistant")|.text' | grep -F "born $agent")"
        tm kill-session -t "n-$agent"
    done
}

resume() {
    echo "== resume: detached sessions of each agent, into tmux"
    local agent id
    for agent in claude codex pi; do
        id=$(headless "$agent" "remember $agent")
        sesh adopt >/dev/null
        id=$(sesh list --json | jq -r --arg id "$id" '.[]|select(.agentSessionId==$id or .uuid==$id).uuid')
        start "r-$agent" /bin/sh
        look_at "r-$agent"
        tm send-keys -t "r-$agent" "sesh resume $id" Enter
        on_screen() { tm list-panes -a -F '#{pane_id}' | while read -r p; do screen "$p"; done | grep -qF "echo: remember $agent"; }
        if within 30 on_screen; then ok "resume $agent shows its history"; else bad "resume $agent" "$(screen "r-$agent")"; fi
        is_live() { [ "$(field "$id" live)" = true ]; }
        if within 5 is_live; then ok "and is live"; else bad "$agent resumed, not live" "$(sesh explain "$id" 2>&1 | head -20)"; fi
        tm new-window -t "r-$agent" -n again -c "$proj" /bin/sh
        tm send-keys -t "r-$agent:again" "sesh resume $id; echo again: \$?" Enter
        is_there() { [ "$(tm display -p -c "$(tm list-clients -F '#{client_name}')" '#{pane_id}')" = "$(field "$id" tmux.pane)" ]; }
        if within 10 is_there; then ok "resumed again: taken to its pane"; else bad "resumed again: not taken there" "$(screen "r-$agent:again")"; fi
        expect "resumed again: $agent processes" 1 "$(tm list-panes -a -F '#{pane_current_command}' | grep -xc "$agent")"
        local p
        p=$(sesh info "$id" --json | jq -r '.tmux.pane // empty')
        [ -z "$p" ] || tm kill-pane -t "$p"
        tm kill-session -t "r-$agent" 2>/dev/null || true
    done
}
