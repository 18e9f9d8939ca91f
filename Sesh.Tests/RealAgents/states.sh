# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: T1. A sample is taken when the truth is seen by other means (the model's log, the screen, tmux);
# then sesh must say so within a second.

declare -A right unknown mistaken slowest sum
# Asks again and again until an answer to a question put a second after the truth: that one must be right, and counts.
sample() { # AGENT STATE UUID
    local k="$1 $2" from asked=0 got first=""
    from=$(now)
    while [ "$asked" -lt 1000 ]; do
        asked=$((($(now) - from) / 1000))
        got=$(sesh info "$3" --json 2>/dev/null | jq -r 'if .live then .turnStatus else "killed" end') || got=unknown
        [ "$got" != "$2" ] || first=${first:-$((($(now) - from) / 1000))}
    done
    if [ "$got" = "$2" ]; then
        right[$k]=$((${right[$k]:-0} + 1)) sum[$k]=$((${sum[$k]:-0} + first))
        [ "$first" -le "${slowest[$k]:-0}" ] || slowest[$k]=$first
    elif [ "$got" = unknown ]; then
        unknown[$k]=$((${unknown[$k]:-0} + 1))
    else
        mistaken[$k]=$((${mistaken[$k]:-0} + 1))
        bad "$1 is $2, sesh says $got after a second" "$(sesh explain "$3" 2>&1 | head -20; title "$pane" 2>/dev/null)"
    fi
}
round() { # AGENT NUMBER
    local agent=$1 n=$2 flags=() uuid out pid
    pane=t-$agent-$n
    [ "$agent" != claude ] || flags=(-- "${claude_flags[@]}")
    if ! out=$(sesh new --agent "$agent" --name "$agent $n" --target "$sock:$pane" "${flags[@]}" 2>&1); then bad "new $agent" "$out"; return; fi
    uuid=$(tail -n 1 <<<"$out")
    within 30 ready "$agent" "$pane" || { bad "$agent did not start" "$(screen "$pane")"; return; }
    sample "$agent" idle "$uuid" # start
    local i
    for i in 1 2; do
        paste "$pane" "turn $n.$i.$agent [[sleep:2.5]]"
        within 20 asked_model "turn $n.$i.$agent" || { bad "$agent took no message" "$(screen "$pane")"; return; }
        sample "$agent" busy "$uuid"
        within 20 shows "$pane" "echo: turn $n.$i.$agent" || { bad "$agent did not answer" "$(screen "$pane")"; return; }
        sample "$agent" idle "$uuid"
    done
    if [ "$agent" != pi ]; then # pi never asks
        local tool=bash
        [ "$agent" = claude ] || tool=escalate
        paste "$pane" "ask $n.$agent [[tool:$tool:touch asked-$n-$agent]]"
        within 20 asks "$agent" "$pane" || { bad "$agent did not ask" "$(screen "$pane")"; return; }
        sample "$agent" blocked "$uuid"
        tm send-keys -t "$pane" Enter
        within 20 shows "$pane" "echo: ask $n.$agent" || { bad "$agent did not go on" "$(screen "$pane")"; return; }
        sample "$agent" idle "$uuid"
    fi
    paste "$pane" "last $n.$agent [[sleep:30]]" # killed in the middle of a turn
    within 20 asked_model "last $n.$agent" || { bad "$agent took no message" "$(screen "$pane")"; return; }
    pid=$(pane_pid "$pane")
    kill -9 "$pid"
    gone() { case $(ps -o stat= -p "$pid") in "" | Z*) true ;; *) false ;; esac; } # a zombie waits for its parent alone
    within 5 gone || bad "pid $pid outlived kill -9"
    sample "$agent" killed "$uuid"
    tm kill-session -t "$pane" 2>/dev/null || true
}
states() {
    echo "== states: start, idle, busy, blocked, killed; $repeat rounds of each agent"
    local agent n k
    for n in $(seq "$repeat"); do for agent in ${agents//,/ }; do round "$agent" "$n"; done; done
    printf '%-8s %-8s %6s %8s %6s %10s %10s\n' agent state right unknown wrong 'mean ms' 'worst ms'
    for agent in claude codex pi; do
        for n in idle busy blocked killed; do
            k="$agent $n"
            [ $((${right[$k]:-0} + ${unknown[$k]:-0} + ${mistaken[$k]:-0})) -gt 0 ] || continue
            printf '%-8s %-8s %6d %8d %6d %10d %10d\n' "$agent" "$n" "${right[$k]:-0}" "${unknown[$k]:-0}" "${mistaken[$k]:-0}" \
                $((${sum[$k]:-0} / (${right[$k]:-0} > 0 ? ${right[$k]:-0} : 1))) "${slowest[$k]:-0}"
        done
    done
    local all=0 missed=0
    for k in "${!right[@]}"; do all=$((all + right[$k])); done
    for k in "${!unknown[@]}"; do missed=$((missed + unknown[$k])); done
    expect "right within 1 s in 99 of 100 ($all right, $missed unknown)" yes "$([ $((missed * 100)) -le $((all + missed)) ] && echo yes || echo no)"
}
