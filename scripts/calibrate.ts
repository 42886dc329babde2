import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InputError, unknownName } from '../search-space/input-error.ts';
import { boundOf, type Calibration } from '../src/targets/npu/machine/calibration.ts';
import { loadTarget } from '../src/targets/npu/machine/load.ts';
import { type WrittenFigure, withWrittenFigures } from '../src/targets/npu/machine/write-figures.ts';
import { readJson } from '../src/text/read-json.ts';
import { fitLeftOut, JUDGED_TARGET, LEFT_OUT_FILE } from './fidelity/left-out.ts';
import { observations } from './fidelity/observations.ts';
import { fit, TOLERANCE } from './fit/fit.ts';
import { plans } from './fit/plans.ts';

/** The number of columns of a formatted file. */
const LINE_WIDTH = 110;
const TARGETS = 'src/targets/npu/machine/data';

/**
 * npm run calibrate -- --target hexagon-mlir: fits the free figures again and writes them into the target's file. Of the
 * target whose ladder was published also the fits without each row of it, which judge the row.
 */
function main(): void {
  const { values } = parseArgs({
    options: { target: { type: 'string' }, seed: { type: 'string', default: '1' } },
  });
  const names = values.target === undefined ? Object.keys(plans) : [values.target];
  for (const name of names) calibrate(name, Number(values.seed));
  if (names.includes(JUDGED_TARGET)) leaveOut(Number(values.seed));
}

function leaveOut(seed: number): void {
  const fits = fitLeftOut(seed, ({ id }) => process.stdout.write(`fitted without ${id}\n`));
  writeJson(sourceFile(`scripts/data/${LEFT_OUT_FILE}`), fits);
}

function calibrate(name: string, seed: number): void {
  const plan = plans[name];
  if (plan === undefined) throw unknownName('--target', name, Object.keys(plans));
  const target = loadTarget(name);
  const fitted = observations().filter(({ device, use }) => device === name && use !== 'validation');
  const { error, sets } = fit(target, plan, fitted, seed);
  const calibration: Calibration = {
    schemaVersion: 1,
    target: name,
    free: [...plan.free],
    figures: fitted.length,
    tolerance: TOLERANCE,
    error,
    sets: [...sets],
  };
  writeJson(sourceFile(`${TARGETS}/calibration/${name}.json`), calibration);
  const file = sourceFile(`${TARGETS}/${name}.json`);
  writeJson(file, withWrittenFigures(readJson('target', file), file, fittedFigures(calibration)));
  const nominal = Object.entries(sets[0]).map(([path, value]) => `${path} ${value}`);
  process.stdout.write(
    `${name}: rms error ${(100 * error).toFixed(1)} %, ${sets.length} sets; ${nominal.join(', ')}\n`,
  );
}

/** Compiled scripts are in dist/scripts, but the data that they update is in the sources. */
function sourceFile(file: string): string {
  const root = import.meta.url.includes('/dist/') ? '../../' : '../';
  return fileURLToPath(new URL(`${root}${file}`, import.meta.url));
}

function writeJson(file: string, data: unknown): void {
  writeFileSync(file, `${shortLists(JSON.stringify(data, null, 2))}\n`);
}

/** Puts short lists of words or numbers on one line, as the formatter does. */
function shortLists(json: string): string {
  return json.replace(/^(.*)\[\n\s+([^[\]{}]*?)\n\s+\]/gm, (whole, before: string, items: string) => {
    const line = `${before}[${items.replace(/\s*\n\s*/g, ' ')}]`;
    return line.length < LINE_WIDTH ? line : whole;
  });
}

/**
 * Fitted figures with their range in the accepted sets. One that ends at a bound of its range was chosen by the bound, not
 * by what was published, so it is a prior.
 */
function fittedFigures({ free, sets }: Calibration): Readonly<Record<string, WrittenFigure>> {
  const written = free.map((parameter): [string, WrittenFigure] => {
    const { path } = parameter;
    const values = sets.map((set) => set[path]);
    const bound = boundOf(parameter, sets[0][path]);
    const source =
      bound === undefined
        ? 'fitted'
        : `prior: the fit ends at its bound, ${bound}; ${parameter.prior.why}; range: the accepted sets`;
    return [path, { value: sets[0][path], source, range: [Math.min(...values), Math.max(...values)] }];
  });
  return Object.fromEntries(written);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = error instanceof InputError ? 2 : 1;
}
