// How far the simulator on a calibrated host agrees with the real backend, and what screening by it saves.
//   node dist/scripts/bench-agreement.js [--machine wasm-host.json] [--configurations 120] [--seed 1] [--seeds 3]
//     [--kernel gelu] [--format table|json]
import { parseArgs } from 'node:util';
import { InputError } from '../search-space/input-error.ts';
import { calibrateHost } from '../src/calibrate-host.ts';
import type { Kernel } from '../src/kernels/ir.ts';
import { formatShape } from '../src/kernels/shape.ts';
import { markdownTable } from '../src/languages/markdown.ts';
import { loadTarget } from '../src/targets/simulated/load.ts';
import { wasmHost } from '../src/targets/wasm/host.ts';
import { wasmTarget } from '../src/targets/wasm/target.ts';
import { CASES } from './bench-agreement/cases.ts';
import { pairsOf } from './bench-agreement/correlation.ts';
import { type Saving, savingsOf } from './bench-agreement/savings.ts';
import { type Agreement, agreements } from './bench-agreement/subsets.ts';

type Result = Readonly<{
  kernel: string;
  agreement: readonly Agreement[];
  savings: readonly Saving[];
}>;

const { values: flags } = parseArgs({
  options: {
    machine: { type: 'string' },
    configurations: { type: 'string', default: '120' },
    seed: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '3' },
    kernel: { type: 'string' },
    format: { type: 'string', default: 'table' },
  },
});
if (flags.format !== 'table' && flags.format !== 'json') {
  throw new InputError('--format', `cannot be '${flags.format}'`, 'table or json');
}

const host = await wasmHost();
const target = wasmTarget(host);
const machine = flags.machine === undefined ? (await calibrateHost(host)).machine : loadTarget(flags.machine);
const seeds = Array.from({ length: Number(flags.seeds) }, (_, n) => n + 1);
const results: Result[] = [];
for (const kernel of CASES.filter(({ name }) => flags.kernel === undefined || flags.kernel === name)) {
  const result = await resultOf(kernel);
  results.push(result);
  if (flags.format === 'table') process.stdout.write(draw(result));
}
if (flags.format === 'json') {
  const { cpu, cores, node, v8 } = host;
  process.stdout.write(`${JSON.stringify({ cpu, cores, node, v8, results }, null, 2)}\n`);
}

async function resultOf(kernel: Kernel): Promise<Result> {
  const pairs = await pairsOf(kernel, target, machine, Number(flags.configurations), Number(flags.seed));
  const savings = seeds.length === 0 ? [] : await savingsOf(kernel, target, machine, seeds);
  return { kernel: `${kernel.name} ${formatShape(kernel.shape)}`, agreement: agreements(pairs), savings };
}

function draw({ kernel, agreement, savings }: Result): string {
  const correlations = agreement.map(({ subset, pairs, spearman }) => [
    subset,
    String(pairs),
    Number.isNaN(spearman) ? '–' : spearman.toFixed(3),
  ]);
  const slower = (ratio: number): string => `${((ratio - 1) * 100).toFixed(1)} %`;
  const rows = savings.map(({ trials, without, screened }) => [
    String(trials),
    slower(without),
    slower(screened),
  ]);
  const right = ['left', 'right', 'right'] as const;
  const first = markdownTable([kernel, 'configurations', 'rank correlation'], right, correlations);
  const second = markdownTable(['real trials', 'slower than the best without', 'screened'], right, rows);
  return `${first}\n${rows.length === 0 ? '' : `${second}\n`}`;
}
