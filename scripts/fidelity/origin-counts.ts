import { listTargets, loadTarget } from '../../src/targets/npu/machine/load.ts';
import { ORIGINS, originsOf } from '../../src/targets/npu/machine/origins.ts';
import { setsOf } from '../../src/targets/npu/machine/parameter-sets.ts';
import { markdownTable } from './markdown-table.ts';

/** How many figures of each target were measured, were fitted, and are priors, and where its intervals come from. */
export function originCounts(): readonly Readonly<{
  target: string;
  counts: Readonly<Record<(typeof ORIGINS)[number], number>>;
  intervalsFrom: string | null;
}>[] {
  return listTargets()
    .filter((name) => !name.endsWith('-beyond'))
    .map((target) => {
      const machine = loadTarget(target);
      const counts = { measured: 0, fitted: 0, prior: 0 };
      for (const { kind } of originsOf(machine).values()) counts[kind]++;
      return { target, counts, intervalsFrom: setsOf(machine)?.from ?? null };
    });
}

export function originTable(): string {
  const rows = originCounts().map(({ target, counts, intervalsFrom }) => [
    `\`${target}\``,
    ...ORIGINS.map((kind) => String(counts[kind])),
    intervalsFrom ?? 'nothing',
  ]);
  return markdownTable(['target', ...ORIGINS, 'intervals from'], rows).join('\n');
}
