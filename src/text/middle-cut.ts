const MARK = '…';

/** A text of at most so many characters: what is left out of a longer one is in its middle, so that both ends tell. */
export function middleCut(text: string, most: number): string {
  const characters = [...text];
  if (characters.length <= most) return text;
  const kept = Math.max(0, most - 1);
  const head = Math.ceil(kept / 2);
  const tail = kept - head;
  return [...characters.slice(0, head), MARK, ...characters.slice(characters.length - tail)].join('');
}
