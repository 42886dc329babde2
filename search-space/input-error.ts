/**
 * Invalid input from a user, a file or a request. The message is one sentence: the field, the value, what is
 * allowed, and what to do.
 */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly field: string;
  /** The sentence without field and hint. */
  readonly problem: string;

  constructor(field: string, problem: string, hint?: string) {
    super(hint === undefined ? `${field}: ${problem}` : `${field}: ${problem} (${hint})`);
    this.field = field;
    this.problem = problem;
  }
}

/** "unknown kernel 'gelo'; did you mean gelu?", or the whole list if no name is near. */
export function unknownName(field: string, given: string, known: readonly string[]): InputError {
  return new InputError(field, `unknown ${field} '${given}'`, knownHint(given, known));
}

/** A hint with the nearest known name, or else with all known names. */
export function knownHint(given: string, known: readonly string[]): string {
  const near = nearestName(given, known);
  return near === undefined ? `one of: ${known.join(', ')}` : `did you mean '${near}'?`;
}

/** The nearest known name within two edits (or a third of its length) of the given one. */
export function nearestName(given: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const name of known) {
    const distance = editDistance(given.toLowerCase(), name.toLowerCase());
    if (distance < bestDistance) {
      best = name;
      bestDistance = distance;
    }
  }
  return bestDistance <= Math.max(2, given.length / 3) ? best : undefined;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = previous[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(previous[j] + 1, current[j - 1] + 1, substitution));
    }
    previous = current;
  }
  return previous[b.length];
}
