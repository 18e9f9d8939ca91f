namespace Sesh.Commands;

/// <summary>The scripts that make a shell ask <c>sesh __complete</c>: a candidate a line, a tab, what it is. Without candidates the shell completes files.</summary>
internal static class CompletionScript
{
    public static IReadOnlyList<string> Shells => ["bash", "zsh", "fish"];

    public static string? For(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => Zsh,
        "fish" => Fish,
        _ => null,
    };

    // bash cuts words at "=" and ":", and replaces only what stands behind them: the words are put together for sesh, and the candidates cut again for bash.
    // Of a single candidate the explanation is cut off and it is inserted, escaped but for commas, which join columns; of several it is shown beside.
    private const string Bash = """
        _sesh() {
            local line word glued= last=${COMP_WORDS[COMP_CWORD]}
            local -a words=() found=()
            for word in "${COMP_WORDS[@]:1:COMP_CWORD}"; do
                if [ ${#words[@]} -gt 0 ] && [[ $glued || $word == [=:]* ]]; then
                    words[${#words[@]}-1]+=$word
                else
                    words+=("$word")
                fi
                glued=
                [[ $word != [=:]* ]] || glued=1
            done
            [[ $last != [=:]* ]] || last=
            word=${words[${#words[@]}-1]}
            while IFS= read -r line; do found+=("${line#"${word%"$last"}"}"); done < <(command sesh __complete -- "${words[@]}" 2>/dev/null)
            if [ ${#found[@]} -eq 1 ]; then
                printf -v line %q "${found[0]%%$'\t'*}"
                COMPREPLY=("${line//\\,/,}")
            elif [ "${COMP_TYPE:-9}" = 63 ]; then
                COMPREPLY=("${found[@]//$'\t'/  }")
            else
                COMPREPLY=("${found[@]%%$'\t'*}")
            fi
            [[ $last != *, && ${COMPREPLY[0]:-} != *= ]] || compopt -o nospace 2>/dev/null
        }
        complete -o bashdefault -o default -F _sesh sesh
        """;

    private const string Zsh = """
        #compdef sesh
        _sesh() {
            local line
            local -a values shown joined
            while IFS= read -r line; do
                values+=("${line%%$'\t'*}")
                shown+=("${line/$'\t'/  }")
            done < <(command sesh __complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
            if (( $#values )); then
                [[ $values[1] != *= ]] || joined=(-S '')
                compadd -l -d shown "${joined[@]}" -a values
            else
                _files
            fi
        }
        if [ "$funcstack[1]" = _sesh ]; then _sesh "$@"; else compdef _sesh sesh; fi
        """;

    private const string Fish = """
        function __sesh_complete
            set -l words (commandline -opc) (commandline -ct)
            set -l found (command sesh __complete -- $words[2..-1] 2>/dev/null)
            if test (count $found) -gt 0
                printf '%s\n' $found
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c sesh -f -a '(__sesh_complete)'
        """;
}
