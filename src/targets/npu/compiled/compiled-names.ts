const SUFFIX = '-compiled';

/** The name of a simulated target with compiled computation. */
export function compiledName(name: string): string {
  return `${name}${SUFFIX}`;
}

/** The simulated target of such a name; undefined for other names. */
export function simulatedName(name: string): string | undefined {
  return name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : undefined;
}
