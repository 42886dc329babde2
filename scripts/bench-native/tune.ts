import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import type { Configuration } from '../../search-space/parameter.ts';
import { type Case, shapeName } from '../rivals/case.ts';

const main = fileURLToPath(new URL('../../src/cli/main.js', import.meta.url));
const result = z.object({
  best: z.object({ configuration: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])) }),
});

/** What `nightshift tune` uses after a visit of `seconds`, from an empty store. */
export function tunedByCommand(one: Case, threads: number, seconds: number): Configuration {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-bench-'));
  try {
    const words = ['tune', one.kernel, '--shape', shapeName(one), '--target', 'native', '--quiet'];
    const how = ['--fix', `threads=${threads}`, '--for', `${seconds}s`, '--format', 'json'];
    const text = execFileSync(
      process.execPath,
      [main, ...words, ...how, '--store', join(folder, 'store.db')],
      {
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    return result.parse(JSON.parse(text)).best.configuration;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
