import { parseArgs } from 'node:util';
import { type Random, randomFor } from '../search-space/random.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { originsOf, rememberOrigins } from '../src/targets/npu/machine/origins.ts';
import type { SimulatedTarget } from '../src/targets/npu/machine/schema.ts';
import {
  drawnOf,
  hiddenMachine,
  type JudgedMachine,
  KERNELS,
  medianOf,
} from './bench-calibrate/hidden-machine.ts';
import { markdownTable } from './fidelity/markdown-table.ts';

/**
 * npm run bench:calibrate -- --target hexagon-v73,edge-2mib --timings 20,60 --noise 0,0.01 --machines 6: machines whose
 * figures are drawn anywhere in the stated ranges write logs of random configurations, which give the figures back: how
 * many ranges are claimed, and hold the truth; how much is fixed; how far other shapes are off. Each machine draws which
 * of the targets, timings and noises it has, and which share (`--open`) of the figures with a range stay open. `--from` is
 * the first machine's number.
 */
function main(): void {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', default: 'hexagon-v73' },
      timings: { type: 'string', default: '20' },
      noise: { type: 'string', default: '0' },
      open: { type: 'string', default: '1' },
      kernels: { type: 'string', default: 'first' },
      from: { type: 'string', default: '0' },
      machines: { type: 'string', default: '6' },
    },
  });
  const judged: JudgedMachine[] = [];
  for (let seed = Number(values.from); judged.length < Number(values.machines); seed++) {
    const random = randomFor('a hidden machine', seed);
    const one = (list: string): string => drawnOf(random, list.split(','));
    const target = partlyOpen(random, loadTarget(one(values.target)), Number(one(values.open)));
    const [timings, noise] = [Number(one(values.timings)), Number(one(values.noise))];
    const kernels = KERNELS[one(values.kernels)];
    judged.push(hiddenMachine(random, `${target.name} ${seed}`, target, kernels, timings, noise));
    process.stdout.write(`${judged.length === 1 ? rowsOf(judged).join('\n') : rowsOf(judged).at(-1)}\n`);
  }
  process.stdout.write(`\n${totalsOf(judged).join('\n')}\n`);
}

/** The target with a range left to some of the figures that have one; the others are as the file says. */
function partlyOpen(random: Random, target: SimulatedTarget, share: number): SimulatedTarget {
  const left = [...originsOf(target)].filter(() => random() < share);
  return rememberOrigins({ ...target }, Object.fromEntries(left));
}

function rowsOf(judged: readonly JudgedMachine[]): readonly string[] {
  const titles = [
    'machine',
    'open',
    'timings',
    'noise',
    'claimed',
    'hold',
    'fixed',
    'right',
    'bounded',
    'of it fixed',
  ];
  const more = [
    'other calls: within',
    'median off',
    'with the file’s figures',
    's of CPU',
    'ranges without the truth',
  ];
  const rows = judged.map((one) => [
    one.machine,
    ...[one.open, one.timings].map(String),
    percent(one.noise),
    ...[one.claimed, one.claimed - one.missed.length, one.fixed, one.right].map(String),
    ...[one.possible, one.reached].map(String),
    percent(one.within / one.predicted),
    ...[one.median, one.before].map(percent),
    one.cpu.toFixed(0),
    one.missed.join('; ') || 'none',
  ]);
  return markdownTable([...titles, ...more], rows);
}

/** The sums of all machines, for each noise and for all. */
function totalsOf(judged: readonly JudgedMachine[]): readonly string[] {
  const noises = [...new Set(judged.map(({ noise }) => noise))].sort((a, b) => a - b);
  const groups = noises.map((noise): [string, JudgedMachine[]] => [
    percent(noise),
    judged.filter((one) => one.noise === noise),
  ]);
  groups.push(['all', [...judged]]);
  const rows = groups.map(([title, of]) => {
    const sum = (value: (one: JudgedMachine) => number): number =>
      of.map(value).reduce((all, one) => all + one, 0);
    const [claimed, missed] = [sum((one) => one.claimed), sum((one) => one.missed.length)];
    return [
      title,
      String(of.length),
      `${claimed - missed} of ${claimed}: ${percent((claimed - missed) / claimed)}`,
      `${sum((one) => one.right)} of ${sum((one) => one.fixed)}`,
      `${sum((one) => one.reached)} of ${sum((one) => one.possible)}`,
      percent(sum((one) => one.within) / sum((one) => one.predicted)),
      percent(medianOf(of.map((one) => one.median))),
      (sum((one) => one.cpu) / of.length).toFixed(0),
    ];
  });
  const titles = ['noise', 'machines', 'ranges that hold', 'fixed that are right', 'bounded that are fixed'];
  return markdownTable([...titles, 'other calls: within', 'median of medians off', 's of CPU'], rows);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

main();
