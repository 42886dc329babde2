/** The least number of digits of a hash in a title; more if they are not unique. */
export const TITLE_DIGITS = 4;

/** A title's name and digits: the digits are empty where it is a plain name. */
export function partsOfTitle(title: string): Readonly<{ called: string; digits: string }> {
  const [, called, digits] = /^(.+) \(\w+ ([0-9a-f]+)\)$/.exec(title) ?? [];
  return { called: called ?? title, digits: digits ?? '' };
}

/** What a kernel is called where its name alone would mean another one: "gelu (imported a1b2)". */
export function titleOfOther(called: string, source: string, digits: string): string {
  const origin = source === 'library' || source === 'opaque' ? source : 'imported';
  return `${called} (${origin} ${digits})`;
}
