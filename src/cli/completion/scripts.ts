import { shellWord } from '../../languages/shell.ts';

export const SHELLS = ['bash', 'zsh'] as const;

/**
 * A script that defines the completion of `nightshift`: it calls `program` with the words so far, the last of them
 * unfinished. Where nothing is known, the shell completes files.
 */
export function completionScript(shell: (typeof SHELLS)[number], program: string): string {
  const ask = `node ${shellWord(program)} completion ${shell} --`;
  return shell === 'bash' ? bash(ask) : zsh(ask);
}

/** Titles have blanks and parentheses, which are quoted, unless a quote is open. */
const bash = (ask: string): string => `_nightshift() {
  local found
  mapfile -t COMPREPLY < <(${ask} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | while IFS= read -r found; do
    if [[ "\${COMP_WORDS[COMP_CWORD]}" == [\\'\\"]* ]]; then printf '%s\\n' "$found"; else printf '%q\\n' "$found"; fi
  done)
}
complete -o bashdefault -o default -F _nightshift nightshift
`;

const zsh = (ask: string): string => `_nightshift() {
  local -a found
  found=("\${(@f)$(${ask} "\${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${found[@]}"; else _files; fi
}
compdef _nightshift nightshift
`;
