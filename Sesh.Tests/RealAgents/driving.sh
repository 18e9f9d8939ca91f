# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: T2 to T4. Messages to real agents, live in panes and detached: the answer is the transcript's and this message's,
# nothing forks, and after every way of going on the whole history is there, in the right folder.

declare -A good_turns bad_turns
turn_kinds=(plain lines dash long tool history error question interrupt many)
# turn AGENT PLACE KIND WANTED GOT [MORE]: one turn's result for the table.
turn() {
    local k="$1 $2 $3"
    if [ "$4" = "$5" ]; then
        good_turns[$k]=$((${good_turns[$k]:-0} + 1))
    else
        bad_turns[$k]=$((${bad_turns[$k]:-0} + 1))
        bad "send: $k: wanted '$(head -c 300 <<<"$4")', got '$(head -c 300 <<<"$5")'" "${6:-}"
    fi
}
rounds() { [[ ,$places, != *,$1,* ]] || seq "$repeat"; } # PLACE

# What the transcript answers to the last message: all that was said since.
answered() { sesh transcript "$1" --format json | jq -r '[.[]|select(.tool==null)] | (map(.role)|rindex("user")) as $u | [.[$u+1:][]|select(.role=="assistant").text] | join("\n")'; }
from_input() { (cd "$proj" && env -i "${env[@]}" "$sesh" "$@"); }
said=0 # messages that the session's model has been told

recount() { said=$(sesh send "$1" "count [[history:1]]" 2>/dev/null | sed -n 's/^history: //p') || said=0; }

# say AGENT PLACE KIND UUID MESSAGE WANTED: a message whose answer is known and stands in the transcript.
say() {
    local out
    out=$(printf '%s' "$5" | from_input send "$4" - 2>"$work/send.err") || true
    turn "$1" "$2" "$3" "$6" "$out" "$(cat "$work/send.err")"
    [ "$out" = "$(answered "$4")" ] || turn "$1" "$2" "$3" "$(answered "$4")" "$out" "the transcript says otherwise"
    said=$((said + 1))
}

# One round of turns of every kind that both places know.
turns_of() { # AGENT PLACE UUID NUMBER
    local agent=$1 place=$2 uuid=$3 n=$4 long status
    say "$agent" "$place" plain "$uuid" "plain $n" "echo: plain $n"
    say "$agent" "$place" lines "$uuid" "two $n
  lines, 'quoted' \$(id) \`id\` #{pane_id} ;" "echo: two $n
  lines, 'quoted' \$(id) \`id\` #{pane_id} ;"
    say "$agent" "$place" dash "$uuid" "-x dash $n" "echo: -x dash $n"
    # Once: after a few of them codex makes its context shorter by itself, and the model sees another history.
    if [[ $n == 1.* ]]; then
        long=$(seq -f 'line %06g of a long message' 1 4000)
        say "$agent" "$place" long "$uuid" "$long [[reply:all of $n]]" "all of $n"
    fi
    said=$((said + 1))
    say "$agent" "$place" history "$uuid" "[[history:1]]" "history: $said"
    said=$((said - 1))
    tool_turn "$agent" "$place" "$uuid" "$n"
    status=0
    sesh send "$uuid" "bad $n [[error:400]]" >"$work/send.out" 2>"$work/send.err" || status=$?
    turn "$agent" "$place" error "1 yes" "$status $(grep -q 'the turn failed:.*400' "$work/send.err" && echo yes)" "$(cat "$work/send.err")"
    # How much of a failed turn an agent keeps is its own affair: count anew.
    recount "$uuid"
    several "$agent" "$place" "$uuid" "$n"
}
tool_turn() { # AGENT PLACE UUID NUMBER: in the session's own folder
    local out
    out=$(sesh send "$3" "tool $4 [[tool:bash:pwd]]" 2>"$work/send.err") || true
    turn "$1" "$2" tool "yes" "$(grep -qF "$proj" <<<"$out" && [ "$out" = "$(answered "$3")" ] && echo yes)" "$out $(cat "$work/send.err")"
    said=$((said + 1))
}
several() { # AGENT PLACE UUID NUMBER: at once
    local i waiting=() out
    for i in 1 2 3 4 5; do
        sesh send "$3" "many $4.$i" >"$work/many.$i" 2>&1 &
        waiting+=($!)
    done
    wait "${waiting[@]}" || true
    for i in 1 2 3 4 5; do
        # Notes of those who waited stand before the answer.
        out=$(tail -n 1 "$work/many.$i")
        turn "$1" "$2" many "echo: many $4.$i" "$out" "$(cat "$work/many.$i")"
    done
    said=$((said + 5))
}

asked_and_interrupted() { # AGENT PLACE UUID NUMBER: live
    local agent=$1 place=$2 uuid=$3 n=$4 status=0 tool=bash
    if [ "$agent" != pi ]; then # pi never asks
        [ "$agent" = claude ] || tool=escalate
        sesh send "$uuid" "ask $n [[tool:$tool:touch asked-$agent-$n]]" >"$work/send.out" 2>"$work/send.err" || status=$?
        turn "$agent" "$place" question "6 yes blocked" \
            "$status $(grep -qF "touch asked-$agent-$n" "$work/send.out" && echo yes) $(sesh state "$uuid")" "$(cat "$work/send.out" "$work/send.err")"
        status=0
        sesh send "$uuid" "not now" >/dev/null 2>"$work/send.err" || status=$?
        turn "$agent" "$place" question "6" "$status" "$(cat "$work/send.err")"
        sesh abort "$uuid"
    fi
    status=0
    sesh send "$uuid" "slow $agent $n [[sleep:30]]" >"$work/send.out" 2>"$work/send.err" &
    local sending=$!
    within 20 asked_model "slow $agent $n" || bad "$agent took no message"
    sesh abort "$uuid" || bad "abort of $agent"
    wait "$sending" || status=$?
    turn "$agent" "$place" interrupt "1 idle" "$status $(sesh state "$uuid")" "$(cat "$work/send.err")"
    say "$agent" "$place" interrupt "$uuid" "after $n" "echo: after $n"
    recount "$uuid"
}
interrupted_detached() { # AGENT PLACE UUID NUMBER
    local status=0
    sesh send "$3" "slow $1 $4 [[sleep:30]]" >"$work/send.out" 2>"$work/send.err" &
    local sending=$!
    within 20 asked_model "slow $1 $4" || bad "$1 took no message"
    sesh abort "$3" || bad "abort of $1"
    wait "$sending" || status=$?
    turn "$1" "$2" interrupt "1 idle" "$status $(sesh state "$3")" "$(cat "$work/send.err")"
    recount "$3"
}

# T3: nodes of the tree from which more than one conversation goes on. A prompt that was taken back before an answer leaves a sibling, which no answer follows.
forks_of() { # AGENT UUID
    case $1 in
        claude) sesh transcript "$2" --raw | jq -rs '[.[]|select(.type=="assistant" and .isSidechain!=true and .parentUuid!=null)] as $a
            | [.[]|select(.type=="user" and .isSidechain!=true)] as $u | [$u[]|select(.uuid as $i|any($a[]; .parentUuid==$i) or any(.message.content[]?|objects; .type=="tool_result"))|.parentUuid]
            | group_by(.)|map(select(.[0]!=null and length>1))|length' ;;
        pi) sesh transcript "$2" --raw | jq -rs '[.[]|select(.type=="message" and .message.role=="user")|.parentId]|group_by(.)|map(select(length>1))|length' ;;
        codex) sesh transcript "$2" --raw | jq -rs '[.[]|select(.type=="session_meta")]|length-1' ;;
    esac
}

send() {
    echo "== send: messages to each agent, live and detached, here and over ssh on another machine; $repeat rounds"
    local agent uuid n out flags forks=0 k kind place
    for agent in ${agents//,/ }; do
        flags=()
        [ "$agent" != claude ] || flags=(-- "${claude_flags[@]}")
        said=0
        if ! out=$(sesh new --agent "$agent" --name "send $agent" --target "$sock:s-$agent" --msg "born [[history:1]]" "${flags[@]}" 2>"$work/send.err"); then
            bad "new --msg $agent" "$(cat "$work/send.err")"
            continue
        fi
        uuid=$(head -n 1 "$work/send.err")
        said=1
        expect "new --msg $agent" "history: 1" "$out"
        for n in $(rounds live); do
            turns_of "$agent" live "$uuid" "$n.l"
            asked_and_interrupted "$agent" live "$uuid" "$n.l"
        done
        tm kill-session -t "s-$agent"
        # Its agent takes a moment to end.
        let_go() { [ -z "$(field "$uuid" live)" ]; }
        within 20 let_go || bad "$agent outlives its pane" "$(sesh explain "$uuid" 2>&1 | head -5)"
        for n in $(rounds detached); do
            turns_of "$agent" detached "$uuid" "$n.d"
            interrupted_detached "$agent" detached "$uuid" "$n.d"
        done
        # Back into a pane: T4.
        sesh resume "$uuid" --target "$sock:r-$agent" >/dev/null 2>"$work/send.err" || bad "resume of $agent" "$(cat "$work/send.err")"
        said=$((said + 1))
        say "$agent" live history "$uuid" "[[history:1]]" "history: $said"
        expect "await $agent" idle "$(sesh await "$uuid")"
        k=$(forks_of "$agent" "$uuid")
        forks=$((forks + k))
        expect "no fork of $agent (T3)" 0 "$k"
        tm kill-session -t "r-$agent"
        begun_headless "$agent"
        [ -z "$(rounds live@beta)$(rounds detached@beta)" ] || remote_turns "$agent" "${flags[@]}"
    done
    [ "$agents" != claude,codex,pi ] || to_many
    printf '%-8s %-13s' agent where
    printf ' %9s' "${turn_kinds[@]}"
    printf '\n'
    local all=0 missed=0
    for agent in ${agents//,/ }; do
        for place in live detached live@beta detached@beta; do
            printf '%-8s %-13s' "$agent" "$place"
            for kind in "${turn_kinds[@]}"; do
                k="$agent $place $kind"
                all=$((all + ${good_turns[$k]:-0} + ${bad_turns[$k]:-0})) missed=$((missed + ${bad_turns[$k]:-0}))
                printf ' %9s' "$([ $((${good_turns[$k]:-0} + ${bad_turns[$k]:-0})) = 0 ] && echo - || echo "${good_turns[$k]:-0}/$((${good_turns[$k]:-0} + ${bad_turns[$k]:-0}))")"
            done
            printf '\n'
        done
    done
    expect "turns that were not as wanted, of $all (T2, T4)" 0 "$missed"
    expect "forks (T3)" 0 "$forks"
}

# The same turns, asked for here and done by beta: the link is made for each.
remote_turns() { # AGENT FLAGS...
    local agent=$1 uuid n k
    shift
    beta_begins
    if ! uuid=$(bsesh new --agent "$agent" --name "far $agent" --target "$bsock:f-$agent" "$@" 2>"$work/send.err"); then
        bad "new $agent on beta" "$(cat "$work/send.err")"
        return
    fi
    sesh sync beta >/dev/null || bad "sync with beta"
    said=0
    say "$agent" live@beta history "$uuid" "[[history:1]]" "history: 1"
    for n in $(rounds live@beta); do
        turns_of "$agent" live@beta "$uuid" "$n.rl"
        asked_and_interrupted "$agent" live@beta "$uuid" "$n.rl"
    done
    btm kill-session -t "f-$agent"
    for n in $(rounds detached@beta); do
        turns_of "$agent" detached@beta "$uuid" "$n.rd"
        interrupted_detached "$agent" detached@beta "$uuid" "$n.rd"
    done
    k=$(forks_of "$agent" "$uuid")
    forks=$((forks + k))
    expect "no fork of $agent on beta (T3)" 0 "$k"
    expect "what was said to $agent is where it lives" "$(bsesh transcript "$uuid" | grep -c '^user: plain')" "$(sesh transcript "$uuid" | grep -c '^user: plain')"
}

begun_headless() { # AGENT
    local agent=$1 out uuid before
    out=$(sesh new --agent "$agent" --headless --msg "headless $agent" 2>"$work/send.err") || true
    uuid=$(head -n 1 "$work/send.err")
    expect "new --headless $agent" "echo: headless $agent" "$out"
    expect "and on" "echo: on $agent" "$(sesh send "$uuid" "on $agent" 2>&1)"
    before=$(find "$home" -name '*.jsonl' | wc -l) # all
    expect "delegate $agent" "echo: task $agent" "$(sesh delegate --agent "$agent" "task $agent" 2>&1)"
    expect "nothing of it remains" "$before" "$(find "$home" -name '*.jsonl' | wc -l)"
    out=$(sesh delegate --agent "$agent" "write [[tool:bash:touch $proj/written-by-$agent]]" 2>&1) || true
    expect "delegate $agent may not write" no "$([ -e "$proj/written-by-$agent" ] && echo yes || echo no)"
}

to_many() {
    local i agent uuids=() waiting=() wrong_ones=0 before
    for i in $(seq 1 20); do
        agent=$(sed -n "$((i % 3 + 1))p" <<<$'claude\ncodex\npi')
        uuids+=("$(sesh new --agent "$agent" --no-launch --name "many $i")")
    done
    before=$(now)
    for i in $(seq 1 20); do
        sesh send "${uuids[$((i - 1))]}" "to many $i" >"$work/many.$i" 2>&1 &
        waiting+=($!)
    done
    wait "${waiting[@]}" || true
    for i in $(seq 1 20); do
        [ "$(tail -n 1 "$work/many.$i")" = "echo: to many $i" ] || { wrong_ones=$((wrong_ones + 1)); cat "$work/many.$i"; }
    done
    expect "20 at once to 20 sessions, wrong" 0 "$wrong_ones"
    echo "     in $((($(now) - before) / 1000)) ms"
}
