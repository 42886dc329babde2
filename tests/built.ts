import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Vitest runs this before all tests. */
export function setup(): void {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed, and tests use what it makes');
}

/** Has tests import from dist/: what users run is tested, and no worker compiles it again. */
export const built = {
  name: 'built',
  enforce: 'pre' as const,
  resolveId(id: string, importer: string | undefined) {
    if (!id.startsWith('.') || importer === undefined) return undefined;
    const source = relative(root, join(dirname(importer), id));
    const file = join(root, 'dist', source.replace(/\.ts$/, '.js'));
    return source.endsWith('.ts') && existsSync(file) ? { id: file, external: true } : undefined;
  },
};

/** The modules that Node loads itself. */
export const EXTERNAL = { deps: { external: [/\/dist\//] } };
