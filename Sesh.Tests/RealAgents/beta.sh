# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: a second machine, beta, on this one: a home of its own with the same agents, a tmux server of its own, a real sshd on loopback. Sessions of beta are
# driven from alpha; whether anything was typed where it belongs is looked up in beta itself.

bhome=$work/beta-home bsock=$work/beta.sock sshd_pid=
benv=()
for variable in "${env[@]}"; do
    case $variable in
        HOME=*) benv+=(HOME="$bhome") ;;
        SESH_TMUX_SOCKETS=*) benv+=(SESH_TMUX_SOCKETS="$bsock") ;;
        *) benv+=("$variable") ;;
    esac
done
bsesh() { (cd "$proj" && env -i "${benv[@]}" "$sesh" "$@" </dev/null); }
btm() { env -i "${benv[@]}" tmux -S "$bsock" -f /dev/null "$@"; }
beta_ends() {
    btm kill-server 2>/dev/null || true
    [ -z "$sshd_pid" ] || kill "$sshd_pid" 2>/dev/null || true
}

# Once; later calls find it there.
beta_begins() {
    [ -z "$sshd_pid" ] || return 0
    local port
    port=$(comm -13 <(ss -Htln | awk '{sub(/.*:/, "", $4); print $4}' | sort -u) <(seq 42000 42999 | sort) | shuf -n 1)
    mkdir -p "$bhome/.ssh" "$work/ssh" /run/sshd 2>/dev/null || mkdir -p "$bhome/.ssh" "$work/ssh"
    chmod 700 "$bhome/.ssh"
    ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/host"
    ssh-keygen -q -t ed25519 -N '' -f "$work/ssh/key"
    cp "$work/ssh/key.pub" "$bhome/.ssh/authorized_keys"
    cat >"$work/ssh/config" <<TEXT
ListenAddress 127.0.0.1
Port $port
HostKey $work/ssh/host
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
MaxStartups 100
MaxSessions 100
AuthorizedKeysFile $bhome/.ssh/authorized_keys
SetEnv $(printf '"%s" ' "${benv[@]}")
TEXT
    /usr/sbin/sshd -D -f "$work/ssh/config" -E "$work/ssh/log" &
    sshd_pid=$!
    btm new-session -d -s keep -x 120 -y 36 'exec sleep 86400'
    bsesh init --machine beta >/dev/null
    reaches_beta() { sesh sync beta; }
    sesh peer add beta 127.0.0.1 --port "$port" --identity "$work/ssh/key" --host-key "$(ssh-keygen -lf "$work/ssh/host.pub" | awk '{print $2}')" --remote-sesh "$sesh" >/dev/null || bad "peer add"
    within 20 reaches_beta >/dev/null || bad "beta cannot be reached" "$(sesh sync beta 2>&1; tail -3 "$work/ssh/log")"
}
