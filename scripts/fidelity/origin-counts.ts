import { listTargets, loadTarget } from '../../src/targets/npu/machine/load.ts';
import { type FigureOrigin, ORIGINS, originsOf } from '../../src/targets/npu/machine/origins.ts';
import { setsOf } from '../../src/targets/npu/machine/parameter-sets.ts';
import { markdownTable } from './markdown-table.ts';

/** Groups of figures, each with the paths of its figures; the first that fits counts. */
const GROUPS: readonly (readonly [group: string, paths: RegExp])[] = Object.freeze([
  ['clock', /^clockGHz$/],
  ['contexts, units, registers', /^(contexts|vectorUnits|vector\.)/],
  ['packets', /^packet\./],
  ['matrix unit', /^matrix\./],
  ['processor of compiled code', /^processor$/],
  ['latencies', /^ops\.(vector\.|scalar\.|vectorLatencyScale|unrollHides)/],
  ['calls of functions, float formats', /^ops\./],
  ['sizes of memories', /\.bytes$/],
  ['waits for memory, scalar accesses', /Ns$/],
  ['bandwidths', /GBs$/],
  ['DMA: engines, queues, set-up', /^dma\./],
  ['calls and threads', /Us$/],
]);

type Counts = Readonly<Record<FigureOrigin['kind'], number>>;

/** How many figures of a target were measured, were fitted, and are priors. */
export type TargetOrigins = Readonly<{
  target: string;
  all: Counts;
  groups: Readonly<Record<string, Counts>>;
  /** Where its intervals come from; null where it has none. */
  intervalsFrom: string | null;
}>;

export function originCounts(): readonly TargetOrigins[] {
  return listTargets()
    .filter((name) => !name.endsWith('-beyond'))
    .map((target) => {
      const machine = loadTarget(target);
      const all = { measured: 0, fitted: 0, prior: 0 };
      const groups = Object.fromEntries(
        GROUPS.map(([group]) => [group, { measured: 0, fitted: 0, prior: 0 }]),
      );
      for (const [path, { kind }] of originsOf(machine)) {
        all[kind]++;
        groups[groupOf(path)][kind]++;
      }
      return { target, all, groups, intervalsFrom: setsOf(machine)?.from ?? null };
    });
}

function groupOf(path: string): string {
  const found = GROUPS.find(([, paths]) => paths.test(path));
  if (found === undefined) throw new Error(`${path} is in no group of figures`);
  return found[0];
}

/** The groups of figures, and all, for each target: "4 measured, 1 prior". */
export function originTable(): string {
  const targets = originCounts();
  const rows = GROUPS.map(([group]) => [group, ...targets.map(({ groups }) => countsText(groups[group]))]);
  const all = ['all', ...targets.map((each) => countsText(each.all))];
  const from = ['intervals from', ...targets.map(({ intervalsFrom }) => intervalsFrom ?? 'nothing')];
  const head = ['figures', ...targets.map(({ target }) => `\`${target}\``)];
  return markdownTable(head, [...rows, all, from]).join('\n');
}

function countsText(counts: Counts): string {
  return ORIGINS.filter((kind) => counts[kind] > 0)
    .map((kind) => `${counts[kind]} ${kind}`)
    .join(', ');
}
