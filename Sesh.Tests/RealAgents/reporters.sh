# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: the agents' own hooks report, after one install, and are taken out without a trace.

reporters() {
    echo "== reporters: the agents' own hooks tell whose turn it is"
    local agent out uuid flags before after p
    before=$(cat "$home/.codex/config.toml")
    succeeds "install" sesh reporters install --agent claude
    succeeds "install" sesh reporters install --agent codex
    succeeds "install" sesh reporters install --agent pi
    expect "all report" "installed installed installed" "$(sesh reporters --json | jq -r '[.[].state]|join(" ")')"
    for agent in claude codex pi; do
        flags=()
        [ "$agent" != claude ] || flags=(-- --model sonnet --permission-mode manual --tools Bash) # with its slash commands
        p=w-$agent
        if ! out=$(sesh new --agent "$agent" --name "told $agent" --target "$sock:$p" "${flags[@]}" 2>&1); then
            bad "new $agent" "$out"
            continue
        fi
        uuid=$(tail -n 1 <<<"$out")
        within 30 ready "$agent" "$p" || bad "$agent did not start" "$(screen "$p")"
        told() { sesh explain "$uuid" --json | jq -e --arg v "$1" 'any(.[]; .field=="turnStatus" and .value==$v and (.evidence|startswith("reporter")))' >/dev/null; }
        paste "$p" "told $agent [[sleep:8]]"
        within 20 asked_model "told $agent" || bad "$agent took no message" "$(screen "$p")"
        if [ "$agent" != codex ]; then # codex tells ends alone
            if within 15 told busy; then ok "$agent's start is reported"; else bad "$agent's start is not reported" "$(sesh explain "$uuid" 2>&1 | grep -i turn)"; fi
        fi
        within 20 shows "$p" "echo: told $agent" || bad "$agent did not answer" "$(screen "$p")"
        if within 15 told idle; then ok "$agent's end is reported"; else bad "$agent's end is not reported" "$(sesh explain "$uuid" 2>&1 | grep -i turn; ls "$home/.sesh/reports")"; fi
        expect "$agent's state" idle "$(sesh state "$uuid")"
        if [ "$agent" = claude ]; then
            paste "$p" "ask $agent [[tool:bash:touch asked]]"
            within 20 asks claude "$p" || bad "claude did not ask" "$(screen "$p")"
            if within 15 told blocked; then ok "its question is reported: $(sesh state "$uuid" --json | jq -r .pendingQuestion)"; else bad "its question is not reported"; fi
            # The report may be there before the dialog takes keys.
            says_yes() { tm send-keys -t "$p" Enter && within 3 shows "$p" "echo: ask $agent"; }
            within 20 says_yes || bad "claude did not go on" "$(screen "$p")"
        fi
        if [ "$agent" != codex ]; then # the new session's id shows by the report alone
            paste "$p" "$([ "$agent" = claude ] && echo /clear || echo /new)"
            drifted() { [ "$(sesh info "$uuid" --json | jq -r .agentSessionId)" != "$uuid" ]; }
            if within 10 drifted; then ok "$agent's new id is known"; else bad "$agent's new id is not known" "$(sesh explain "$uuid" 2>&1 | head -20; screen "$p")"; fi
        fi
        if [ "$agent" = pi ]; then
            local socket
            socket=$(jq -r .socket "$home"/.pi/agent/live/*.json)
            expect "pi's socket is its user's alone" 600 "$(stat -c %a "$socket")"
            out=$("$prefix/bin/node" -e 'const c=require("net").connect(process.argv[1],()=>c.write(JSON.stringify({message:"by the door"})+"\n"));c.on("data",d=>{process.stdout.write(d);c.end()})' "$socket")
            expect "pi's door answers" true "$(jq .ok <<<"$out")"
            if within 10 shows "$p" "echo: by the door"; then ok "a message goes in by the door"; else bad "no message by the door" "$(screen "$p")"; fi
        fi
        tm kill-session -t "$p"
    done
    succeeds "uninstall" sesh reporters uninstall
    after=$(cat "$home/.codex/config.toml")
    # Codex writes to its settings itself, so the rest is compared without what it added.
    expect "codex's notify is gone" 0 "$(grep -c '^notify' <<<"$after" || true)"
    expect "codex's settings begin as before" "$(head -3 <<<"$before")" "$(head -3 <<<"$after")"
    expect "nothing of ours is left" "missing missing missing" "$(sesh reporters --json | jq -r '[.[].state]|join(" ")')"
}
