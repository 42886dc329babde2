import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** The version in the package's own package.json, which lies above both src/ and dist/. */
export function toolVersion(): string {
  for (const above of ['../../package.json', '../../../package.json']) {
    const file = new URL(above, import.meta.url);
    if (existsSync(file))
      return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(file, 'utf8'))).version;
  }
  return 'unknown';
}
