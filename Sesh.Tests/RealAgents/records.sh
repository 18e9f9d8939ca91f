# shellcheck shell=bash disable=SC2154,SC2317
# Sourced by scripts/agents: labels of a real session in two homes, merged by copying documents.

records() {
    echo "== records: two homes, merged by rsync"
    local id
    id=$(headless claude "a record to argue about")
    sesh adopt >/dev/null
    succeeds "info" sesh info "${id:0:8}"
    succeeds "tag" sesh tag "$id" argued
    expect "tagged" argued "$(field "$id" 'tags[0]')"
    succeeds "explain" sesh explain "$id"
    local alpha=$home/.sesh other=$work/beta
    carry() { mkdir -p "$2/docs" && rsync -a --update "$1/docs/" "$2/docs/"; }
    beta init --machine beta >/dev/null
    carry "$alpha" "$other"
    expect "beta sees it" argued "$(beta info "$id" --json | jq -r '.tags[0]')"
    succeeds "renamed in beta" beta rename "$id" "named by beta"
    succeeds "renamed in alpha" sesh rename "$id" "named by alpha"
    carry "$other" "$alpha" # which may put an older copy over alpha's own document in docs/: whoever reads next mends that
    sesh list >/dev/null
    carry "$alpha" "$other"
    expect "both show one name" "$(field "$id" name)" "$(beta info "$id" --json | jq -r .name)"
    expect "the other name is a conflict in alpha" 1 "$(sesh info "$id" --json | jq '.conflicts|length')"
    expect "and in beta" 1 "$(beta info "$id" --json | jq '.conflicts|length')"
    succeeds "explain names both" grep -q "named by alpha" <(sesh explain "$id")
    succeeds "beta undoes its rename" beta undo
    carry "$other" "$alpha"
    expect "alpha's name stands" "named by alpha" "$(field "$id" name)"
    expect "without conflict" 0 "$(sesh info "$id" --json | jq '.conflicts|length')"
}
