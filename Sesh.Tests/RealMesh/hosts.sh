# shellcheck shell=bash
# Sourced by scripts/demo-mesh and faults.sh: several hosts on one machine. Each has network, process, mount and name spaces of its own, its own HOME and /tmp, its own sshd
# and tmux server; all hang on one bridge. Needs root. Nothing of them outlives the caller.
# Needs: root (the repository), sesh (the binary), work (a new folder). Gives: host, on, inside, processes, listen, cut, mend, trust, hosts_end.
: "${root:?}" "${sesh:?}" "${work:?}"

declare -A host_pid=() host_ip=()

# Ends every host with all that runs there: the first process of each is killed, and the kernel ends the rest.
hosts_end() {
    local pid
    for pid in "${host_pid[@]}"; do kill -KILL "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
}

# host NAME NUMBER: makes one, at 10.77.0.NUMBER, with sshd on port 22.
host() {
    local name=$1 ip=10.77.0.$2 dir=$work/$1
    mkdir -p "$dir/home/.ssh" "$dir/home/bin" "$dir/etc" "$dir/run" "$dir/tmp"
    chmod 700 "$dir/home" "$dir/home/.ssh"
    chmod 1777 "$dir/tmp"
    ssh-keygen -q -t ed25519 -N '' -C "$name" -f "$dir/home/.ssh/id_ed25519"
    ssh-keygen -q -t ed25519 -N '' -C "$name host key" -f "$dir/etc/host_key"
    head -c 16 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$dir/etc/machine-id"
    cat >"$dir/etc/sshd_config" <<TEXT
HostKey /run/host/host_key
PidFile none
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
AuthorizedKeysFile /root/.ssh/authorized_keys
StrictModes no
PrintMotd no
TEXT
    # shellcheck disable=SC2016 # expanded over there
    unshare -n -u -p -m -f --mount-proc --kill-child bash -c '
        dir=$1 name=$2
        hostname "$name"
        mount --bind "$dir/home" /root && mount -t tmpfs none /run && mount -t tmpfs none /var/tmp
        mkdir -p /run/sshd /run/host && cp "$dir"/etc/* /run/host/ && chmod 600 /run/host/host_key
        [ ! -e /etc/machine-id ] || mount --bind /run/host/machine-id /etc/machine-id
        mount --bind "$dir/tmp" /tmp
        ip link set lo up
        echo up >/root/.up
        # The first process, which outlives sshd and buries who has no parent any more.
        while :; do sleep infinity & wait $!; done' - "$dir" "$name" >"$dir/host.log" 2>&1 &
    local outer=$!
    until [ -s "$dir/home/.up" ]; do kill -0 "$outer" || { cat "$dir/host.log" >&2; return 1; }; sleep 0.02; done
    host_pid[$name]=$(pgrep -P "$outer") host_ip[$name]=$ip
    ip link add "v$2" type veth peer name eth0 netns "${host_pid[$name]}"
    ip link set "v$2" master sesh0 up
    inside "$name" ip addr add "$ip/24" dev eth0
    inside "$name" ip link set eth0 up
    listen "$name"
}
# Starts sshd there.
listen() { inside "$1" /usr/sbin/sshd -e -f /run/host/sshd_config >>"$work/$1/sshd.log" 2>&1; }
# The processes of one host but its first, by the ids that they have out here; only those of that name where one is given.
processes() { pgrep --ns "${host_pid[$1]}" --nslist pid ${2:+-x "$2"} | grep -vx "${host_pid[$1]}" || true; }

# Calls of a host's own: inside NAME COMMAND... with the caller's environment.
inside() {
    local name=$1
    shift
    nsenter -t "${host_pid[$name]}" -n -u -p -m "$@"
}
# on NAME COMMAND...: as its user would, in a login of his own.
on() {
    local name=$1
    shift
    inside "$name" env -i HOME=/root USER=root LOGNAME=root SHELL=/bin/bash TERM=xterm-256color LANG=C.UTF-8 \
        PATH="/root/.local/bin:/root/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin" \
        bash -c 'cd && "$@"' - "$@"
}
# One host's cable: packets vanish without a word, as with a laptop that sleeps.
cut() { ip link set "v${host_ip[$1]##*.}" down; }
mend() { ip link set "v${host_ip[$1]##*.}" up; }

bridge() { ip link set lo up; ip link add sesh0 type bridge; ip link set sesh0 up; }

# trust FROM TO: FROM may log in at TO, and knows its host key.
trust() {
    cat "$work/$1/home/.ssh/id_ed25519.pub" >>"$work/$2/home/.ssh/authorized_keys"
    echo "${host_ip[$2]} $(cut_key "$work/$2/etc/host_key.pub")" >>"$work/$1/home/.ssh/known_hosts"
}
cut_key() { awk '{print $1, $2}' "$1"; }
