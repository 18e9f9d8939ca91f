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

# whole: after each way of resuming, does the agent have its whole history (the model is sent all of it again), in the right folder (the process works there)?
declare -A history folder
whole() {
    echo "== whole: history and folder after every way of resuming, $repeat rounds"
    local agent way round
    # Nothing outside shows that a pi has begun anew; its extension tells.
    sesh reporters install --agent pi >/dev/null
    for ((round = 1; round <= repeat; round++)); do
        for agent in ${agents//,/ }; do
            for way in detached moved gone drifted forked; do whole_one "$agent" "$way" "$round"; done
        done
    done
    sesh reporters uninstall --agent pi >/dev/null
    printf '%-8s %-10s %6s %8s %7s\n' agent way tried history folder
    local wanted=0 had=0
    for agent in ${agents//,/ }; do
        for way in detached moved gone drifted forked; do
            printf '%-8s %-10s %6d %8d %7d\n' "$agent" "$way" "$repeat" "${history[$agent $way]:-0}" "${folder[$agent $way]:-0}"
            wanted=$((wanted + 2 * repeat)) had=$((had + ${history[$agent $way]:-0} + ${folder[$agent $way]:-0}))
        done
    done
    expect "whole histories and right folders" "$wanted" "$had"
}

# One session of two turns, ended, resumed that way, and spoken to.
whole_one() { # AGENT WAY ROUND
    local agent=$1 way=$2 word="w$1$2$3" id uuid out pane options=() text
    local proj=$proj/$word
    mkdir -p "$proj"
    id=$(headless "$agent" "first $word") || { bad "$word: no first turn"; return; }
    sesh adopt >/dev/null 2>&1
    uuid=$(sesh list --json | jq -r --arg id "$id" '.[]|select(.agentSessionId==$id or .uuid==$id).uuid')
    sesh send "$uuid" "second $word" >/dev/null 2>&1 || { bad "$word: no second turn"; return; }
    case $way in
        drifted) # the agent's own "begin anew": the record follows, and so must the resume
            sesh resume "$uuid" --target "$sock:$word" >/dev/null 2>&1 || { bad "$word: not resumed before it drifts"; return; }
            pane=$(field "$uuid" tmux.pane)
            within 30 shows "$pane" "echo: second $word" || true
            within 30 ready "$agent" "$pane" || true
            tm send-keys -t "$pane" -l "$([ "$agent" = claude ] && echo /clear || echo /new)"
            # Pressed too early, Enter is lost or only chooses from the menu of commands.
            began_anew() { ! shows "$pane" "echo: second $word" || { sleep 1; tm send-keys -t "$pane" Enter; false; }; }
            within 20 began_anew || { bad "$word: did not begin anew" "$(screen "$pane")"; return; }
            within 30 ready "$agent" "$pane" || true
            paste "$pane" "first $word again"
            within 30 shows "$pane" "echo: first $word again" || { bad "$word: no turn after it began anew" "$(screen "$pane")"; return; }
            drifted() { [ "$(field "$uuid" agentSessionId)" != "$id" ]; }
            within 10 drifted || { bad "$word: its new id is not seen" "$(sesh explain "$uuid" 2>&1 | head -12)"; tm kill-pane -t "$pane"; return; }
            sesh send "$uuid" "second $word again" >/dev/null 2>&1 || true
            tm kill-pane -t "$pane"
            word="$word again"
            ;;
        moved)
            if [ "$agent" = pi ]; then options=(--fork); fi # pi goes on in its own folder, a fork where it is started
            mkdir -p "$proj.moved" && proj=$proj.moved && options+=(--cwd "$proj")
            ;;
        gone) # its folder is renamed: it goes on in the new one, and that is recorded
            mv "$proj" "$proj.new" && proj=$proj.new && options=(--cwd "$proj")
            ;;
        forked) options=(--fork) ;;
    esac
    gone() { [ "$(field "$uuid" live)" = false ] || [ -z "$(field "$uuid" live)" ]; }
    within 10 gone || true
    out=$(sesh resume "$uuid" --target "$sock:r-${word// /-}" "${options[@]}" 2>&1) || { bad "$word: not resumed" "$out"; return; }
    [[ "${options[*]}" != *--fork* ]] || uuid=$(sed -n 's/.*forked as \([0-9a-f-]*\).*/\1/p' <<<"$out")
    pane=$(field "$uuid" tmux.pane)
    text="third $word"
    sesh send "$uuid" --timeout 60s "$text" >/dev/null 2>&1 || bad "$word: no answer after resuming" "$(screen "$pane")"
    # The request that asks the third holds the first two.
    if grep -rlF -- "$text" "$bodies" | xargs -r grep -lF -- "first $word" | xargs -r grep -qF -- "second $word"; then
        history[$agent $way]=$((${history[$agent $way]:-0} + 1))
    else
        bad "$word: its history is not whole" "$(screen "$pane")"
    fi
    out=$(tm display -p -t "$pane" '#{pane_current_path}')
    if [ "$out" = "$proj" ]; then folder[$agent $way]=$((${folder[$agent $way]:-0} + 1)); else bad "$word: works in '$out', not in '$proj'"; fi
    [ "$way" != gone ] || expect "$word: its folder is recorded" "$proj" "$(field "$uuid" cwd)"
    tm kill-pane -t "$pane" 2>/dev/null || true
    [ "$way" != gone ] || ended_in_new_folder "$uuid" "$word"
}

# Without a terminal too: pi would refuse where its file names a folder that is gone.
ended_in_new_folder() { # UUID WORD
    within 10 gone || true
    expect "$2: and it goes on there without a terminal" "echo: fourth $2" "$(sesh send "$1" --timeout 60s "fourth $2" 2>&1)"
}
