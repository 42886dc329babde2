import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus, freemem, loadavg } from 'node:os';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { StoreError } from '../../store/store-error.ts';
import { targetKinds } from '../../store/target-kinds.ts';
import { currentWriter } from '../../store/writer-lock.ts';
import { BackendGone } from '../../tuner/backend.ts';
import type { Clock } from '../../tuner/clock.ts';
import { contradictions } from '../../tuner/measurement/machine-limits.ts';
import { packagedModel } from '../../tuner/priors/packaged-model.ts';
import { compilerNames, findCompiler } from '../c/compiler.ts';
import { Keeper } from '../programs/keeper/keeper.ts';
import type { EnclosureKind } from '../programs/keeper/messages.ts';
import { thisProcessor } from '../targets/native/machine.ts';
import { findHexagonTools, HEXAGON_INSTALL } from '../targets/npu/compiled/hexagon-tools.ts';

/** The result of one check. `hint` says how to solve a problem. */
export type Check = Readonly<{
  what: string;
  state: 'ok' | 'warning' | 'problem';
  found: string;
  hint?: string;
}>;

/** Above this load per core, other programs are running. */
const BUSY = 0.25;
/** A clock coarser than this cannot time a kernel of some microseconds. */
const COARSE_US = 1;
const LITTLE_MEMORY = 512 << 20;

/** Checks what a long run depends on. Changes nothing. */
export async function checkHealth(store: string, clock: Clock): Promise<readonly Check[]> {
  return [
    node(),
    package_('better-sqlite3', 'the store does not work without it: npm install'),
    modelPackage(),
    firstPrior(),
    processor(),
    load(),
    memory(),
    timer(clock),
    await programs(),
    await compilers(),
    await hexagon(),
    ...(await storeHealth(store, clock)),
  ];
}

function node(): Check {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isOld = major < 20 || (major === 20 && minor < 19);
  const found = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
  if (!isOld) return { what: 'node', state: 'ok', found };
  return { what: 'node', state: 'problem', found, hint: 'install Node 20.19 or later' };
}

function package_(name: string, hint: string): Check {
  const version = versionOf(name);
  if (version !== undefined) return { what: name, state: 'ok', found: version };
  return { what: name, state: 'problem', found: 'not installed', hint };
}

const NATIVE = '@tensorflow/tfjs-node';
const CORE = '@tensorflow/tfjs-core';

/** Network models are optional: the first of these packages that is installed is loaded. */
function modelPackage(): Check {
  const installed = [NATIVE, '@tensorflow/tfjs-backend-wasm', CORE].flatMap((name) => {
    const version = versionOf(name);
    return version === undefined ? [] : [{ name, version }];
  });
  if (installed.length === 0) {
    const hint = 'searches use trees and a Gaussian process; for network models: npm install';
    return { what: 'models', state: 'warning', found: 'no TensorFlow package', hint };
  }
  const [{ name, version }] = installed;
  const check = { what: 'models', state: 'ok', found: `${name} ${version}` } as const;
  if (name === NATIVE) return check;
  return { ...check, hint: `networks are trained faster on native code: npm install ${NATIVE}@${version}` };
}

/** What a study starts with in a store that knows nothing of its kind. */
function firstPrior(): Check {
  const { version, card } = packagedModel();
  const kernels = `${card.kernels.length} kernels on ${card.targets.length} targets`;
  const found = `new ${targetKinds[card.kind].label} studies start with ${version}, learned from ${kernels}, until the store knows more`;
  return { what: 'prior', state: 'ok', found };
}

function versionOf(name: string): string | undefined {
  try {
    const manifest: unknown = createRequire(import.meta.url)(`${name}/package.json`);
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : undefined;
  } catch {
    return undefined;
  }
}

function processor(): Check {
  const found = `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`;
  const governor = readLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor');
  if (governor === undefined) return { what: 'processor', state: 'ok', found: `${found}, governor unknown` };
  if (governor === 'performance') return { what: 'processor', state: 'ok', found: `${found}, ${governor}` };
  const hint = 'times on this host vary with its clock: sudo cpupower frequency-set -g performance';
  return { what: 'processor', state: 'warning', found: `${found}, governor ${governor}`, hint };
}

function load(): Check {
  const [minute] = loadavg();
  const found = `load ${minute.toFixed(2)} on ${availableParallelism()} cores`;
  if (minute < BUSY * availableParallelism()) return { what: 'load', state: 'ok', found };
  const hint = 'other programs disturb times measured on this host (simulated times are not affected)';
  return { what: 'load', state: 'warning', found, hint };
}

function memory(): Check {
  const found = `${Math.round(freemem() / (1 << 20))} MiB free`;
  if (freemem() >= LITTLE_MEMORY) return { what: 'memory', state: 'ok', found };
  return { what: 'memory', state: 'warning', found, hint: 'end other programs, or use fewer cores' };
}

/** The clock's resolution: the smallest step seen. */
function timer(clock: Clock): Check {
  let stepUs = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 2000; i++) {
    const from = clock.elapsed();
    let to = clock.elapsed();
    while (to === from) to = clock.elapsed();
    stepUs = Math.min(stepUs, 1000 * (to - from));
  }
  const found = `steps of ${stepUs.toFixed(2)} µs`;
  if (stepUs <= COARSE_US) return { what: 'timer', state: 'ok', found };
  const hint = 'kernels of a few microseconds are timed many calls at once';
  return { what: 'timer', state: 'warning', found, hint };
}

const ENCLOSURES: Readonly<Record<EnclosureKind, string>> = Object.freeze({
  'pid-namespace': 'in a PID namespace, which no process can leave',
  cgroup: 'in a cgroup, which no process leaves by itself',
  processes: 'by a mark in their environment and by their parents',
});

/** How nightshift finds the processes that a measured program started, to end them (`--target command`). */
async function programs(): Promise<Check> {
  const keeper = new Keeper({ mark: `doctor ${process.pid}`, kept: [] });
  try {
    const held = ENCLOSURES[await keeper.enclosure()];
    return { what: 'programs', state: 'ok', found: `their processes are followed ${held}` };
  } catch (error) {
    if (!(error instanceof BackendGone)) throw error;
    return { what: 'programs', state: 'problem', found: error.message, hint: 'see ulimit -u' };
  } finally {
    await keeper.close();
  }
}

/** What `--target native` compiles with, and for which registers. */
async function compilers(): Promise<Check> {
  const names = compilerNames(process.env);
  const known = await Promise.all(names.map((name) => findCompiler([name])));
  const found = known.flatMap((one) => (one === undefined ? [] : [`${one.words.join(' ')}: ${one.version}`]));
  const { lanes, fma } = thisProcessor();
  const bytes = lanes.map((count) => 4 * count).join(', ');
  const has = `registers of ${bytes} bytes${fma ? ', fused multiply-adds' : ''}`;
  if (found.length > 0) return { what: 'compilers', state: 'ok', found: `${found.join('; ')}; ${has}` };
  const hint = '--target native needs one: install gcc or clang, or name yours: CC=clang';
  return { what: 'compilers', state: 'warning', found: `no C compiler (${names.join(', ')}); ${has}`, hint };
}

/** What `--compiled` compiles for Hexagon with. */
async function hexagon(): Promise<Check> {
  const tools = await findHexagonTools();
  if (typeof tools !== 'string')
    return {
      what: 'hexagon',
      state: 'ok',
      found: `${tools.compiler.version}; ${tools.emulator} checks its code`,
    };
  const hint = `--compiled needs them: ${HEXAGON_INSTALL}`;
  return { what: 'hexagon', state: 'warning', found: tools, hint };
}

/** More studies are not looked at for contradictions, the newest first. */
const MOST_STUDIES = 200;

/** Whether a result that was measured is above a limit of its machine. */
async function limitsCheck(store: Store): Promise<Check> {
  const studies = await store.studies({ limit: MOST_STUDIES });
  const measured = studies.filter(({ target }) => !targetKinds[target.kind].isSimulated);
  for (const { study } of measured) {
    const id = (await store.findings(study.id))?.comparisonId ?? null;
    const compared = id === null ? undefined : await store.comparison(id);
    const [said] = contradictions(compared?.environment ?? {});
    if (said !== undefined)
      return { what: 'limits', state: 'warning', found: `study ${study.id}: ${said}`, hint: 'tune it again' };
  }
  return {
    what: 'limits',
    state: 'ok',
    found: 'no result is above a limit that its machine was measured to have',
  };
}

async function storeHealth(path: string, clock: Clock): Promise<readonly Check[]> {
  const holder = currentWriter(path);
  const writer: Check =
    holder === undefined
      ? { what: 'writer', state: 'ok', found: 'no process is writing the store' }
      : {
          what: 'writer',
          state: 'ok',
          found: `nightshift ${holder.role} (pid ${holder.pid})${holder.listen === undefined ? '' : ` on ${holder.listen}`}`,
        };
  return [...(await soundness(path, clock)), writer];
}

async function soundness(path: string, clock: Clock): Promise<readonly Check[]> {
  try {
    const store = await openStore(path, { mode: 'read', clock });
    try {
      return [await soundStore(store), await limitsCheck(store)];
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const state = error.kind === 'missing' ? 'ok' : 'problem';
    return [{ what: 'store', state, found: error.message }];
  }
}

async function soundStore(store: Store): Promise<Check> {
  const problems = await store.problems();
  const studies = await store.studies();
  const found = `${store.location}: ${studies.length} ${studies.length === 1 ? 'study' : 'studies'}, sound`;
  if (problems.length === 0) return { what: 'store', state: 'ok', found };
  const hint = 'restore a backup, or start a new store with --store';
  return { what: 'store', state: 'problem', found: problems[0], hint };
}

function readLine(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
