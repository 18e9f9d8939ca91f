# shellcheck shell=bash
# Sourced by the scripts beside it: where the repository is, and what a machine must have.
# On Debian (or Ubuntu) as root what is missing is installed; elsewhere it is said exactly what to install.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
me=${0##*/}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1 MSBUILDDISABLENODEREUSE=1

say() { printf '%s\n' "$*" >&2; }
die() {
    say "$me: $1"
    shift
    for line in "$@"; do say "  $line"; done
    exit 1
}

missing=()
# want PACKAGE COMMAND...: the Debian package is missing unless the command succeeds.
want() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}
has() { command -v "$1"; }

# provide WHAT-FOR: installs what want() found missing, or says how and ends.
provide() {
    [ ${#missing[@]} -gt 0 ] || return 0
    if [ "$(id -u)" = 0 ] && has apt-get >/dev/null; then
        say "$me: installing ${missing[*]} ($1)"
        local log
        log=$(mktemp)
        if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"; } \
            >"$log" 2>&1 </dev/null; then
            tail -n 5 "$log" >&2
            rm -f "$log"
            die "apt-get could not install ${missing[*]}"
        fi
        rm -f "$log"
    elif has apt-get >/dev/null; then
        die "missing for $1: ${missing[*]}" "sudo apt-get install ${missing[*]}"
    elif [ "$(uname -s)" = Darwin ]; then
        die "missing for $1 (Debian's names): ${missing[*]}" "xcode-select --install        # clang and zlib" "brew install tmux git jq rsync sqlite"
    else
        die "missing for $1 (Debian's names): ${missing[*]}" "install them with this system's package manager"
    fi
    missing=()
}

# The .NET SDK that global.json asks for, on PATH or where Microsoft's script puts it.
want_dotnet() {
    if ! has dotnet >/dev/null && [ -x "${DOTNET_ROOT:-$HOME/.dotnet}/dotnet" ]; then
        export PATH="${DOTNET_ROOT:-$HOME/.dotnet}:$PATH"
    fi
    if ! has dotnet >/dev/null || ! (cd "$root" && dotnet --version) >/dev/null 2>&1; then
        die "the .NET SDK 10 is missing. To install it for this user:" \
            "curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0" \
            "export PATH=\"\$HOME/.dotnet:\$PATH\""
    fi
}

links_zlib() { # a compiler that finds zlib, which the runtime is linked against
    local cc
    cc=$(has clang || has gcc) && printf '#include <zlib.h>\nint main(void){return !zlibVersion();}\n' | "$cc" -x c -o /dev/null - -lz
}

want_native() {
    has clang >/dev/null || has gcc >/dev/null || missing+=(clang)
    if [ "$(uname -s)" = Linux ]; then
        want libc6-dev test -e /usr/include/stdio.h
        links_zlib 2>/dev/null || missing+=(zlib1g-dev)
    fi
}

# quietly WHAT COMMAND...: its output is shown only when it fails.
quietly() {
    local what=$1 log
    shift
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1 </dev/null; then
        grep -E '(error|warning) ' "$log" | sort -u | head -n 40 >&2 || true
        tail -n 5 "$log" >&2
        rm -f "$log"
        say "$me: $what failed"
        return 1
    fi
    rm -f "$log"
}
