#!/usr/bin/env bash
# Faults of a real mesh, all at once: a laptop with a daemon and ten machines around it, each a host of its own with real sshd. At one of them the cable is pulled, another's packets vanish, others freeze, lose
# their sshd, run out of disk, wake up a year off; one is left alone. Told for each: how long after the way was open again both sides had what was written meanwhile, and how long the one left alone took meanwhile.
#   Sesh.Tests/RealMesh/faults.sh      (as scripts/test runs it)
# Owed (quality.md, R6): within 15 seconds, nothing lost, others undisturbed. Ends non-zero where it is not so. Needs Linux and root (namespaces). Nothing of it outlives the script.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../../scripts/needs.sh"
sesh=${SESH_BIN:-$root/out/sesh}

if [ -z "${SESH_FAULTS_INSIDE:-}" ]; then
    if [ "$(uname -s)" != Linux ] || [ "$(id -u)" != 0 ]; then
        die "this needs Linux and root, to make hosts of namespaces" "sudo Sesh.Tests/RealMesh/faults.sh"
    fi
    want_native
    want jq has jq
    want openssh-server test -x /usr/sbin/sshd
    want openssh-client has ssh
    want iproute2 has ip
    want util-linux has nsenter
    want procps has pgrep
    provide "the faults of the mesh"
    [ -n "${SESH_BIN:-}" ] || "$root/scripts/build"
    SESH_FAULTS_INSIDE=1 exec unshare -n -m -p -f --mount-proc --kill-child bash "$0" "$@"
fi

work=$(mktemp -d /tmp/sesh-faults-XXXXXX)
trap 'hosts_end; rm -rf "$work"' EXIT
# shellcheck source=hosts.sh
. "$root/Sesh.Tests/RealMesh/hosts.sh"

now() { echo "$((${EPOCHREALTIME/[.,]/} / 1000))"; } # milliseconds
seconds() { printf '%d.%d' "$(($1 / 1000))" "$(($1 % 1000 / 100))"; }
start=$(now)
said() { [ -z "${SESH_FAULTS_TIMES:-}" ] || say "$(seconds $(($(now) - start))) s: $*"; }
wrong=0
fault() { say "FAIL  $*"; wrong=$((wrong + 1)); }

# ── The machines ──
# Which machine suffers what, for how many seconds, reached by which transport.
#   29 s: a silent link is not yet given up then, and TCP, which tries again ever more seldom, would alone take another 20. 50 s: given up on both sides.
suffers=(
    "cable 29 openssh its cable is pulled"
    "hole 29 sshnet its packets vanish without a word"
    "longhole 50 openssh its packets vanish, for longer than a link lives"
    "frozen 26 sshnet the whole machine stands still"
    "stuck 26 sshnet its sesh processes stand still, sshd does not"
    "nosshd 26 openssh sshd and all its children are killed"
    "full 26 sshnet its disk is full"
    "ahead 0 sshnet its clock jumps a year ahead"
    "behind 0 openssh its clock jumps a year back"
    "asleep 50 sshnet it only dials out, and sleeps"
)
names=() ; declare -A lasts=() by=() what=() session=()
for line in "${suffers[@]}"; do
    read -r name hold transport text <<<"$line"
    names+=("$name")
    lasts[$name]=$hold by[$name]=$transport what[$name]=$text
done

# A wall clock that is off by what stands in /tmp/clock-offset of the host; the kernel has no such thing for namespaces.
cat >"$work/clock.c" <<'TEXT'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static long offset(void) {
    char text[32] = {0};
    int file = open("/tmp/clock-offset", O_RDONLY | O_CLOEXEC);
    if (file < 0) return 0;
    if (read(file, text, sizeof text - 1) < 0) text[0] = 0;
    close(file);
    return atol(text);
}
int clock_gettime(clockid_t id, struct timespec *t) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(id, t);
    if (!result && (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)) t->tv_sec += offset();
    return result;
}
int gettimeofday(struct timeval *t, void *zone) {
    struct timespec now;
    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now)) return -1;
    t->tv_sec = now.tv_sec;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}
time_t time(time_t *t) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (t) *t = now.tv_sec;
    return now.tv_sec;
}
TEXT
"$(has clang || has gcc)" -shared -fPIC -O1 -o "$work/clock.so" "$work/clock.c" -ldl

mkdir "$work/lib"
cp "$sesh" "$work/lib/"
cp "$(dirname "$sesh")"/*.so "$work/lib/" 2>/dev/null || true
install_on() { # HOST
    on "$1" mkdir -p .local/lib .local/bin
    cp -rl "$work/lib" "$work/$1/home/.local/lib/sesh"
    case $1 in
        ahead | behind)
            cp "$work/clock.so" "$work/$1/home/.local/lib/"
            printf '#!/bin/sh\nLD_PRELOAD=/root/.local/lib/clock.so exec /root/.local/lib/sesh/sesh "$@"\n' >"$work/$1/home/.local/bin/sesh"
            chmod +x "$work/$1/home/.local/bin/sesh" ;;
        *) ln -sfn ../lib/sesh/sesh "$work/$1/home/.local/bin/sesh" ;;
    esac
    if [ "$1" = full ]; then
        on "$1" mkdir -m 700 .sesh
        inside "$1" mount -t tmpfs -o size=2m,mode=700 none /root/.sesh
    fi
    on "$1" sesh init --quiet --machine "$1"
}

bridge
number=1
for h in laptop left "${names[@]}"; do
    host "$h" "$number"
    install_on "$h"
    number=$((number + 1))
done
recorded() { # HOST: a session of it, for what is written during its fault
    session[$1]=$(cat /proc/sys/kernel/random/uuid)
    on "$1" sesh register "${session[$1]}" --agent claude --name "$1" --cwd /root --quiet >/dev/null
}
link() { on "$1" sesh daemon status --json | jq -r --arg peer "$2" '.peers[] | select(.peer == $peer) | .state'; }
peers=()
for h in left "${names[@]}"; do
    recorded "$h"
    if [ "$h" = asleep ]; then
        trust asleep laptop
        on asleep sesh peer add laptop "${host_ip[laptop]}" --transport sshnet --quiet >/dev/null
        on laptop sesh peer add asleep >/dev/null
    else
        trust laptop "$h"
        on laptop sesh peer add "$h" "${host_ip[$h]}" --transport "${by[$h]:-sshnet}" --quiet >/dev/null
        peers+=("$h")
    fi
done
on laptop sesh daemon start >/dev/null
on asleep sesh daemon start >/dev/null
on stuck sesh daemon start >/dev/null
said "$((number - 1)) machines"
for h in "${peers[@]}"; do until [ "$(link laptop "$h")" = connected ]; do sleep 0.1; done; done
until [ "$(link asleep laptop)" = connected ]; do sleep 0.1; done

# ── What is written, and who has it ──
acknowledged=()
# tag HOST OF WORD: a label on the session of OF, set on HOST; once the command said that it is done, it must never be lost.
tag() {
    on "$1" sesh tag "${session[$2]}" "$3" --quiet >/dev/null 2>"$work/error" || return $?
    acknowledged+=("$2 $3")
}
has_tag() { on "$1" sesh info "${session[$2]}" --json 2>/dev/null | jq -e --arg tag "$3" '.tags | index($tag)' >/dev/null; } # HOST OF WORD
worst_left=0 worst_list=0
# The one that is left alone has its news at the laptop as if nothing were amiss, and a command there does not wait for the others.
left_alone() {
    local since word=left-$1
    since=$(now)
    tag left left "$word" || fault "left could not write: $(cat "$work/error")"
    until has_tag laptop left "$word"; do
        if [ $(($(now) - since)) -gt 5000 ]; then fault "the laptop does not have $word of the machine that is left alone"; break; fi
        sleep 0.02
    done
    local took=$(($(now) - since))
    worst_left=$((took > worst_left ? took : worst_left))
    since=$(now)
    on laptop sesh list >/dev/null || true
    took=$(($(now) - since))
    worst_list=$((took > worst_list ? took : worst_list))
}

# ── What befalls them ──
send_all() { # SIGNAL PIDS...: those that are still there
    local signal=$1 pid
    shift
    for pid in "$@"; do kill "-$signal" "$pid" 2>/dev/null || true; done
}
# Packets that vanish further on do so unseen: the next hop is always there.
known() { inside "$1" ip neigh replace "${host_ip[$2]}" dev eth0 nud permanent lladdr "$(inside "$2" ip -j link show eth0 | jq -r '.[0].address')"; }
for h in hole longhole; do known laptop $h; known $h laptop; done
strike() {
    case $1 in
        cable) cut cable ;;
        hole | longhole) ip link set "v${host_ip[$1]##*.}" nomaster ;;
        frozen) mapfile -t stopped < <(processes frozen); send_all STOP "${stopped[@]}" ;;
        stuck) mapfile -t stuck_ones < <(processes stuck sesh); send_all STOP "${stuck_ones[@]}" ;;
        nosshd) mapfile -t killed < <(processes nosshd); send_all KILL "${killed[@]}" ;;
        full) inside full sh -c 'cat /dev/zero >/root/.sesh/ballast' 2>/dev/null || true ;;
        ahead) echo $((365 * 86400)) >"$work/ahead/tmp/clock-offset" ;;
        behind) echo $((-365 * 86400)) >"$work/behind/tmp/clock-offset" ;;
        asleep) cut asleep; mapfile -t sleepers < <(processes asleep); send_all STOP "${sleepers[@]}" ;;
    esac
}
heal() {
    case $1 in
        cable) mend cable ;;
        hole | longhole) ip link set "v${host_ip[$1]##*.}" master sesh0 ;;
        frozen) send_all CONT "${stopped[@]}" ;;
        stuck) send_all CONT "${stuck_ones[@]}" ;;
        nosshd) listen nosshd ;;
        full) inside full rm /root/.sesh/ballast ;;
        ahead | behind) ;;
        asleep) mend asleep; send_all CONT "${sleepers[@]}" ;;
    esac
}
# Standing still, or without room, it writes when that is over.
writes_meanwhile() { case $1 in frozen | stuck | asleep | full) return 1 ;; esac; }

declare -A open=() back=()
said "all linked"
left_alone before
began=$(now)
for h in "${names[@]}"; do strike "$h"; done
said "all struck"
for h in "${names[@]}"; do
    tag laptop "$h" laptop-meanwhile || fault "the laptop could not write about $h: $(cat "$work/error")"
    if writes_meanwhile "$h"; then tag "$h" "$h" there-meanwhile || fault "$h could not write: $(cat "$work/error")"; fi
done
# There is room until the last block is full.
for ((i = 0; i < 100; i++)); do tag full full "room-$i" || break; done
[ "$i" -lt 100 ] || fault "changes on a full disk are acknowledged"
grep -q '^sesh: .*[Nn]o space' "$work/error" || fault "a full disk is not told: $(cat "$work/error")"
code=0
on laptop timeout 20 sesh sync longhole >/dev/null 2>&1 || code=$?
[ "$code" = 5 ] || fault "a sync with who does not answer ends with $code"

round=0 pending=${#names[@]}
while [ "$pending" -gt 0 ] && [ $(($(now) - began)) -lt 85000 ]; do
    pending=0
    for h in "${names[@]}"; do
        if [ -z "${open[$h]:-}" ]; then
            pending=$((pending + 1))
            [ $(($(now) - began)) -ge $((lasts[$h] * 1000)) ] || continue
            heal "$h"
            open[$h]=$(now)
            writes_meanwhile "$h" || tag "$h" "$h" there-afterwards || fault "$h cannot write: $(cat "$work/error")"
        elif [ -z "${back[$h]:-}" ]; then
            pending=$((pending + 1))
            word=there-meanwhile
            writes_meanwhile "$h" || word=there-afterwards
            if has_tag "$h" "$h" laptop-meanwhile && has_tag laptop "$h" "$word"; then back[$h]=$(($(now) - open[$h])); fi
        fi
    done
    left_alone "$((round += 1))"
    sleep 0.2
done

said "all back"
[ -z "${SESH_FAULTS_TIMES:-}" ] || cat "$work/laptop/home/.sesh/daemon.log" >&2

# ── What came of it ──
printf '%-10s %-8s %6s %10s  %s\n' machine by lasts back what
for h in "${names[@]}"; do
    printf '%-10s %-8s %4d s %8s s  %s\n' "$h" "${by[$h]}" "${lasts[$h]}" "$([ -z "${back[$h]:-}" ] || seconds "${back[$h]}")" "${what[$h]}"
    if [ -z "${back[$h]:-}" ]; then
        fault "$h never had its news, or the laptop not $h's"
        grep "$h" "$work/laptop/home/.sesh/daemon.log" | tail -n 12 >&2 || true
    elif [ "${back[$h]}" -gt 15000 ]; then
        fault "$h was back after $(seconds "${back[$h]}") s, 15 are owed"
        grep "$h" "$work/laptop/home/.sesh/daemon.log" | tail -n 12 >&2 || true
    fi
done
printf 'left alone meanwhile: its news at the laptop within %s s at worst, of %d times; a list on the laptop %s s at worst\n' "$(seconds "$worst_left")" "$((round + 1))" "$(seconds "$worst_list")"
[ "$worst_list" -le 3000 ] || fault "a list took $(seconds "$worst_list") s"

# Everybody has everything that was acknowledged, wherever it was written.
for h in laptop left "${names[@]}"; do
    [ "$h" = laptop ] || [ "$h" = asleep ] || on laptop sesh sync "$h" >/dev/null 2>&1 || fault "$h is not to be synced with"
done
on asleep sesh sync >/dev/null || fault "the one that slept cannot sync"
for h in laptop "${names[@]}"; do
    all=$(on "$h" sesh list --json | jq -r '.[] | .name as $of | .tags[] | "\($of) \(.)"')
    for entry in "${acknowledged[@]}"; do grep -qxF "$entry" <<<"$all" || fault "$h has lost \"$entry\""; done
    # A home of two megabytes has a disk as full as the doctor rightly calls it, there and at who asks it.
    on "$h" sesh doctor --json >"$work/doctor" 2>/dev/null || true
    ill=$(jq -c '[.. | objects | select(.health? == "fail" and (.subject | startswith("full") | not))]' "$work/doctor")
    [ "$ill" = '[]' ] || [ "$h" = full ] || fault "the doctor at $h: $ill"
done
[ -z "${SESH_FAULTS_TIMES:-}" ] || { on laptop sesh doctor; on full sesh doctor; } >&2 || true
on laptop sesh doctor >"$work/doctor" 2>&1 || true
grep -q "machine 'ahead' wrote with a clock more than a day ahead" "$work/doctor" || fault "the doctor does not tell of the clock that is ahead"
[ "$wrong" = 0 ] || exit 1
echo "${#acknowledged[@]} changes were acknowledged and all are everywhere"
