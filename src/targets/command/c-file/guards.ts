const DIRECTIVE = /^[ \t]*#[ \t]*(ifndef|ifdef|if|elif|else|endif)\b(.*)$/;

/** The conditions of the preprocessor around a line, while a file is read line by line. */
export class Guards {
  readonly #open: string[] = [];

  read(line: string): void {
    const [, directive, condition = ''] = DIRECTIVE.exec(line) ?? [];
    if (directive === undefined) return;
    if (directive === 'endif') this.#open.pop();
    else if (directive === 'ifndef') this.#open.push(`!defined(${nameIn(condition)})`);
    else if (directive === 'if') this.#open.push(condition.replaceAll(/\s/g, ''));
    else if (directive === 'ifdef') this.#open.push('');
    else this.#open[this.#open.length - 1] = directive === 'elif' ? condition.replaceAll(/\s/g, '') : '';
  }

  /** Whether this place is read only where nobody has defined the name yet. */
  allow(name: string): boolean {
    const unless = new RegExp(`!defined(?:\\(${name}\\)|${name}\\b)`);
    return this.#open.some((condition) => unless.test(condition));
  }
}

function nameIn(condition: string): string {
  return /\w+/.exec(condition)?.[0] ?? '';
}
