import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ImportOptions, importTtir } from '../../src/importers/ttir/import-ttir.ts';
import { expectAgreement, type Grid } from './agreement.ts';

const folder = new URL('../../../shared/inductor/', import.meta.url);
const absent = existsSync(folder) ? '' : ' (skipped: ../shared/inductor is not there)';

/** Program ids times their blocks, as Inductor names them: `%xoffset_0 = arith.muli %xoffset, %c512_i32`. */
function blockOf(text: string, axis: string): number {
  const match = new RegExp(`%${axis}offset_\\d+ = arith\\.muli %${axis}offset, %c(\\d+)_i32`).exec(text);
  return Number(match?.[1] ?? 1);
}

/** The grid for the extents of an import with one dimension for each program id. */
function gridOf(text: string, extents: { x?: number; y?: number }): Grid {
  return [Math.ceil((extents.x ?? 1) / blockOf(text, 'x')), Math.ceil((extents.y ?? 1) / blockOf(text, 'y'))];
}

const files = absent === '' ? readdirSync(folder).filter((name) => name.endsWith('.ttir')) : [];

describe.skipIf(absent !== '')(`files that Inductor generated${absent}`, () => {
  it.each(files)('%s agrees with the interpreted program', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const perRow = /_per_|_red_/.test(name);
    const shape = perRow ? undefined : [4096];
    const { kernel } = importTtir(text, { file: name });
    const rows = kernel.dimensions.find((dimension) => dimension.kind === 'parallel')?.extent ?? 1;
    expect(rows).toBeGreaterThan(0);
    const options: ImportOptions = perRow ? { numels: { xnumel: 4 } } : { shape: shape! };
    const x = perRow ? (options.numels!.xnumel ?? 1) : 4096;
    expectAgreement(text, gridOf(text, { x }), { file: name, ...options });
  });
});
