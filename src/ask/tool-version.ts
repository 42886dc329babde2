import { existsSync, readFileSync } from 'node:fs';

/** The version in package.json, which is found from both src/ and dist/. */
export function toolVersion(): string {
  for (const above of ['../../package.json', '../../../package.json']) {
    const file = new URL(above, import.meta.url);
    if (existsSync(file)) return versionIn(JSON.parse(readFileSync(file, 'utf8')));
  }
  return 'unknown';
}

function versionIn(manifest: unknown): string {
  const hasVersion = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return hasVersion ? String(manifest.version) : 'unknown';
}
