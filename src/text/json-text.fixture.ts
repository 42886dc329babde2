import type { ByteSource } from './json-file.ts';

/** A text as a source in chunks of `piece` bytes. */
export function textSource(text: string | Uint8Array, piece = 1 << 16): ByteSource {
  const whole = Buffer.from(text);
  return {
    name: 'file.json',
    bytes: async function* () {
      for (let at = 0; at < whole.length; at += piece) yield whole.subarray(at, at + piece);
    },
  };
}
