import { digest, endsInMark, isProjectSpelling } from './names.ts';

/**
 * A user's name as a part of a file name; different names give different parts. Letters, digits, `_` and `.`
 * are kept, a blank becomes a hyphen and a hyphen two, except in names in kebab-case, which are kept. Any
 * other name is reduced to its letters and digits with a mark: `x` and 16 digits of its SHA-256.
 */
export function filePart(text: string): string {
  if (isProjectSpelling(text, 'kebab-case')) return RESERVED.test(text) ? marked(text) : text;
  if (!PLAIN.test(text) || endsInMark(text) || text.length > LONGEST) return marked(text);
  const part = text.replaceAll('-', '--').replaceAll(' ', '-');
  return isProjectSpelling(part, 'kebab-case') || RESERVED.test(text) ? marked(text) : part;
}

/** The name itself if a language can express it; else its `filePart`. */
export function expressibleName(name: string, canExpress: (name: string) => boolean): string {
  return canExpress(name) && !endsInMark(name) ? name : filePart(name);
}

/** A file name made of `filePart`s, cut and marked if it is too long for file systems. */
export function fileName(parts: readonly string[], ending: string): string {
  const stem = parts.join('-');
  return `${stem.length <= LONGEST ? stem : marked(stem)}${ending}`;
}

const PLAIN = /^\w[\w.]*(?:[- ][\w.]+)*(?<!\.)$/;
/** Device names of Windows. */
const RESERVED = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;
/** File systems allow 255 bytes; the ending and the suffix of a draft need some of them. */
const LONGEST = 180;
const LONGEST_MARKED = 60;

function marked(text: string): string {
  const words = text
    .replaceAll(/[^\w.]+/g, '-')
    .slice(0, LONGEST_MARKED)
    .replaceAll(/^[-.]+|[-.]+$/g, '');
  return `${words}${words === '' ? '' : '-'}x${digest(text)}`;
}
