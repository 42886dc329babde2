// How long an import of many results takes, and how much memory, with the real binary.
//   node dist/scripts/bench-import.js [--results 1000000]
// One result in ten is a failure, each other has seven samples and a metric that is not a time.

import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { type Random, randomFor } from '../search-space/random.ts';

const BINARY = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url));
/** Prints the time and memory of a process at its end. */
const REPORT = `data:text/javascript,process.on('exit',()=>console.error(JSON.stringify(process.resourceUsage())))`;

const AXES = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const VALUES = Array.from({ length: 10 }, (_, digit) => digit);

/** Parameters by the decimal digits of a number: up to a million configurations. */
function configurationOf(number: number): Readonly<Record<string, number>> {
  return Object.fromEntries(AXES.map((name, place) => [name, Math.floor(number / 10 ** place) % 10]));
}

function samplesOf(random: Random): readonly number[] {
  const time = 1 + random();
  return Array.from({ length: 7 }, () => time * (1 + random() / 50));
}

function* t4(results: number): Generator<string> {
  const random = randomFor('bench-import');
  yield '{"schema_version":"1.0.0","metadata":{"timeunit":"milliseconds","device":"card"},"results":[';
  for (let number = 0; number < results; number++) {
    const failed = number % 10 === 9;
    const runtimes = failed ? [] : samplesOf(random);
    const measurements = [
      { name: 'time', value: runtimes[0], unit: 'ms' },
      { name: 'GFLOP/s', value: 1e2 * random(), unit: '' },
    ];
    const entry = {
      timestamp: '2026-07-01 08:00:00+00:00',
      configuration: configurationOf(number),
      objectives: ['time'],
      times: { compilation: 210.5, framework: 1.2, search_algorithm: 0, validation: 0, runtimes },
      invalidity: failed ? 'compile' : 'correct',
      correctness: failed ? 0 : 1,
      measurements: failed ? [] : measurements,
    };
    yield `${number === 0 ? '' : ',\n'}${JSON.stringify(entry)}`;
  }
  yield ']}';
}

function* kernelTunerCache(results: number): Generator<string> {
  const random = randomFor('bench-import');
  const header = {
    device_name: 'card',
    kernel_name: 'k',
    problem_size: [2048, 1024],
    tune_params_keys: AXES,
    tune_params: Object.fromEntries(AXES.map((name) => [name, VALUES])),
    objective: ['time'],
  };
  yield `${JSON.stringify(header).slice(0, -1)},"cache":{`;
  for (let number = 0; number < results; number++) {
    const configuration = configurationOf(number);
    const times = number % 10 === 9 ? undefined : samplesOf(random);
    const outcome =
      times === undefined ? { __error__: 'CompilationFailedConfig' } : { time: times[0], times };
    const more = { 'GFLOP/s': 1e2 * random(), compile_time: 310.5, timestamp: '2026-07-01 08:00:00+00:00' };
    const entry = JSON.stringify({ ...configuration, ...outcome, ...more });
    yield `${number === 0 ? '' : ',\n'}"${Object.values(configuration).join(',')}":${entry}`;
  }
  yield '}}';
}

type Usage = Readonly<{ userCPUTime: number; systemCPUTime: number; maxRSS: number }>;

/** A space with constraints that every configuration satisfies. */
function spaceFile(folder: string): string {
  const path = join(folder, 'space.json');
  const parameters = AXES.map((name) => ({ name, values: VALUES }));
  writeFileSync(path, JSON.stringify({ parameters, constraints: ['a + b * c <= 90', 'd * e + f <= 90'] }));
  return path;
}

async function measure(
  format: string,
  content: Iterable<string>,
  folder: string,
  more: readonly string[] = [],
): Promise<unknown> {
  const file = join(folder, 'results.json');
  await pipeline(Readable.from(content), createWriteStream(file));
  const words = ['import', file, '--name', 'k', '--quiet', '--store', join(folder, `${format}.db`), ...more];
  const from = performance.now();
  const child = spawn(process.execPath, ['--import', REPORT, BINARY, ...words]);
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text;
  });
  child.stdout.resume();
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`import ended with ${code}: ${said}`);
  const usage: Usage = JSON.parse(said);
  return {
    format,
    megabytes: Math.round(statSync(file).size / 1e6),
    seconds: Number(((performance.now() - from) / 1000).toFixed(1)),
    cpuSeconds: Number(((usage.userCPUTime + usage.systemCPUTime) / 1e6).toFixed(1)),
    peakMegabytes: Math.round((usage.maxRSS * 1024) / 1e6),
  };
}

const { values } = parseArgs({ options: { results: { type: 'string', default: '1000000' } } });
const results = Number(values.results);
const folder = mkdtempSync(join(tmpdir(), 'nightshift-import-'));
try {
  console.table([
    await measure('T4', t4(results), folder),
    await measure('T4 of a space', t4(results), folder, ['--space', spaceFile(folder)]),
    await measure('Kernel Tuner', kernelTunerCache(results), folder),
  ]);
} finally {
  rmSync(folder, { recursive: true });
}
