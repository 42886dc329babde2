import { compiledFolderOf } from '../../src/c/compiled-files.ts';
import { libraryKernel } from '../../src/kernels/library.ts';
import { HexagonBuilds } from '../../src/targets/npu/compiled/builds.ts';
import { type CODE_OPTIONS, hexagonCodeOf } from '../../src/targets/npu/compiled/code.ts';
import type { HexagonTools } from '../../src/targets/npu/compiled/hexagon-tools.ts';
import { loadTarget } from '../../src/targets/npu/machine/load.ts';
import { loweredForNpu } from '../../src/targets/npu/policy.ts';
import { type CountedNest, useCountedPackets } from '../../src/targets/npu/simulator/counted.ts';
import { buildSpace } from '../../src/targets/npu/space/space.ts';
import { LADDER_ROWS, type LadderRow, ladderGain } from './ladder-rows.ts';
import { JUDGED_TARGET, leftOutFits, setsWithout } from './left-out.ts';
import { markdownTable } from './markdown-table.ts';

type Floats = (typeof CODE_OPTIONS.floats.values)[number];

/** A published gain beside the simulator's, with modelled packets and with those of object code in each format of floats. */
type CompiledRow = Readonly<{ row: LadderRow; modelled: Gain } & Record<Floats, Gain>>;
type Gain = Readonly<{ nominal: number; low: number; high: number }>;

/** Every row of the ladder that can be compiled, each judged by a fit without itself, as docs/fidelity.md has it. */
export async function compiledRows(tools: HexagonTools): Promise<readonly CompiledRow[]> {
  const rows: CompiledRow[] = [];
  for (const row of LADDER_ROWS.filter(({ dtype }) => dtype === 'f32')) {
    rows.push({
      row,
      modelled: gainOf(row),
      ieee: gainOf(row, await compiledKernel(row, 'ieee', tools)),
      qfloat: gainOf(row, await compiledKernel(row, 'qfloat', tools)),
    });
  }
  return rows;
}

function gainOf(row: LadderRow, kernel = libraryKernel(row.kernel, row.shape, row.dtype)): Gain {
  const gains = setsWithout(leftOutFits(), row).map(ladderGain(row, loadTarget(JUDGED_TARGET), kernel));
  return { nominal: gains[0], low: Math.min(...gains), high: Math.max(...gains) };
}

/** A row's kernel whose packets are counted. */
async function compiledKernel(
  { kernel: name, shape, dtype }: LadderRow,
  floats: Floats,
  tools: HexagonTools,
) {
  const kernel = libraryKernel(name, shape, dtype);
  const target = loadTarget(JUDGED_TARGET);
  const lowered = loweredForNpu(kernel);
  const { parameters } = buildSpace(kernel, target);
  const numbers = (wanted: string) =>
    parameters.find((each) => each.name === wanted)?.values.map(Number) ?? [];
  const folder = compiledFolderOf('hexagon');
  const builds = new HexagonBuilds({ tools, processor: 'hexagonv73', folder, atOnce: 1, timeoutMs: 60_000 });
  const counts = new Map<string, readonly CountedNest[]>();
  for (const vectorBytes of numbers('vectorBytes')) {
    for (const unroll of numbers('unroll')) {
      const division = target.ops.vectorDivision;
      const member = { vectorBytes, unroll, floats, alignment: 'vectors' };
      const counted = await builds.counts(lowered, hexagonCodeOf(member, division));
      if ('state' in counted)
        throw new Error(`${name}, ${vectorBytes} bytes, interleaved ${unroll}: ${counted.message}`);
      counts.set(`${vectorBytes} ${unroll}`, counted.nests);
    }
  }
  await builds.close();
  useCountedPackets(lowered, ({ vectorBytes, unroll }) => counts.get(`${vectorBytes} ${unroll}`));
  return kernel;
}

/** The table of docs/hexagon.md. */
export function compiledTable(rows: readonly CompiledRow[]): string {
  const words = ({ nominal, low, high }: Gain) =>
    `${nominal.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  return markdownTable(
    ['figure', 'published', 'simulated', 'compiled, ieee', 'compiled, qfloat'],
    rows.map(({ row, modelled, ieee, qfloat }) => [
      row.id,
      row.other === undefined
        ? row.published.toFixed(2)
        : `${row.published.toFixed(2)}, or ${row.other.toFixed(2)}`,
      ...[modelled, ieee, qfloat].map(words),
    ]),
  ).join('\n');
}
