import { digest, endsInMark, isOurs } from './names.ts';

/**
 * A name from elsewhere as a part of a file's name; two names never become one. Letters, digits, `_` and `.`
 * stand as they are, a blank is a hyphen, and a hyphen two; in names that are spelled as ours it stays one.
 * Anything else becomes its letters and digits, and a mark: `x` and 16 digits of its SHA-256.
 */
export function filePart(text: string): string {
  if (isOurs(text, 'kebab-case')) return RESERVED.test(text) ? marked(text) : text;
  if (!PLAIN.test(text) || endsInMark(text) || text.length > LONGEST) return marked(text);
  const part = text.replaceAll('-', '--').replaceAll(' ', '-');
  return isOurs(part, 'kebab-case') || RESERVED.test(text) ? marked(text) : part;
}

/** A name as a language can say it: itself, or else as it stands in names of files. */
export function sayable(name: string, canSay: (name: string) => boolean): string {
  return canSay(name) && !endsInMark(name) ? name : filePart(name);
}

/** The name of a file out of `filePart`s, cut short and marked where file systems would not take it. */
export function fileName(parts: readonly string[], ending: string): string {
  const stem = parts.join('-');
  return `${stem.length <= LONGEST ? stem : marked(stem)}${ending}`;
}

const PLAIN = /^\w[\w.]*(?:[- ][\w.]+)*(?<!\.)$/;
/** What Windows takes for a device. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** File systems take 255 bytes; endings and the name of a draft need some of them. */
const LONGEST = 180;
const LONGEST_MARKED = 60;

function marked(text: string): string {
  const words = text
    .replaceAll(/[^\w.]+/g, '-')
    .slice(0, LONGEST_MARKED)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${words}${words === '' ? '' : '-'}x${digest(text)}`;
}
