import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, knownHint } from '../../../../search-space/input-error.ts';
import { canonicalJson } from '../../../kernels/canonical-json.ts';
import { describeIssue, mainIssue } from '../../../text/describe-issue.ts';
import { type TargetReference, targetWord } from '../../reference.ts';
import { simulatedName } from '../compiled/compiled-names.ts';
import { beyondCompiler, beyondName, withinName } from './beyond.ts';
import { calibrationSchema } from './calibration.ts';
import { apartFromCalibration, setsOfLog } from './log-calibration.ts';
import { originsOf, rememberOrigins } from './origins.ts';
import { attachSets, setsOf, setsWithinRanges } from './parameter-sets.ts';
import { type SimulatedTarget, targetSchema } from './schema.ts';

/** Raised whenever the simulator's times change, so that results of older revisions are told apart. */
export const MODEL_REVISION = 3;

const DATA = fileURLToPath(new URL('./data/', import.meta.url));
const CALIBRATIONS = `${DATA}calibration/`;

/** Names of the targets that come with nightshift. */
export function listTargets(): readonly string[] {
  return files()
    .flatMap((name) =>
      beyondCompiler(ownJson(`${DATA}${name}.json`)) === undefined ? [name] : [name, beyondName(name)],
    )
    .sort();
}

function files(): readonly string[] {
  return readdirSync(DATA)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'));
}

/** Those that were read, by name: their files come with the program. */
const loaded = new Map<string, SimulatedTarget>();

/** A target that comes with nightshift. Throws InputError for another name. */
export function loadTarget(name: string): SimulatedTarget {
  const target = loaded.get(name) ?? readTarget(name);
  loaded.set(name, target);
  return target;
}

function readTarget(name: string): SimulatedTarget {
  const names = listTargets();
  const simulated = simulatedName(name);
  if (simulated !== undefined && names.includes(simulated)) throw countsCode(name, `--target ${simulated}`);
  if (!names.includes(name)) {
    throw new InputError('target', `'${name}' is no simulated target`, knownHint(name, names));
  }
  const file = files().includes(name) ? name : (withinName(name) ?? name);
  const content = ownJson(`${DATA}${file}.json`);
  const target = parseTarget(file === name ? content : beyondCompiler(content), name);
  const fitted = `${CALIBRATIONS}${file}.json`;
  if (!existsSync(fitted)) return target;
  const calibration = calibrationSchema.parse(ownJson(fitted));
  return attachSets(target, { from: 'calibration', sets: calibration.sets, calibration });
}

/** A reference to the target that goes beyond its compiler's limits. Throws InputError for a target that stands for no such compiler. */
export function beyondReference(reference: TargetReference): TargetReference {
  if (reference.kind === 'machine') {
    const machine = beyondCompiler(reference.machine);
    if (machine !== undefined) return { ...reference, machine };
  } else if (reference.kind === 'named' && listTargets().includes(beyondName(reference.name)))
    return { kind: 'named', name: beyondName(reference.name) };
  throw new InputError(
    '--beyond-compiler',
    `${targetWord(reference)} has no limits of a compiler to go beyond`,
    'leave it out: the whole space is searched',
  );
}

/** The machine that a reference names or contains. Throws InputError for an unknown name and for invalid content. */
export function machineOf(reference: TargetReference): SimulatedTarget {
  if (reference.kind !== 'machine') return loadTarget(targetWord(reference));
  if (reference.compiled === true) throw countsCode(reference.source, 'leave --compiled out');
  return parseTarget(reference.machine, reference.source);
}

function countsCode(name: string, hint: string): InputError {
  const problem = `'${name}' counts compiled code, and this asks a machine that is simulated in all`;
  return new InputError('target', problem, hint);
}

/** The same; undefined where it names or contains none of today. */
export function knownMachine(reference: TargetReference): SimulatedTarget | undefined {
  try {
    return machineOf(reference);
  } catch (error) {
    if (error instanceof InputError) return undefined;
    throw error;
  }
}

/** A target from parsed JSON. Throws InputError that names the file and the first field that is wrong. */
export function parseTarget(json: unknown, file: string): SimulatedTarget {
  const { machine, calibration } = apartFromCalibration(json);
  const parsed = targetSchema.safeParse(machine);
  if (!parsed.success) {
    const issue = mainIssue(parsed.error.issues, machine);
    const isFigure = issue.code === 'invalid_type' && issue.expected === 'object';
    const hint = isFigure ? '; a figure is {"value": …, "source": "…"}' : '';
    throw new InputError('target', `${file}: ${describeIssue(issue, machine, targetSchema)}${hint}`);
  }
  const objection = objectionTo(parsed.data);
  if (objection !== undefined) throw new InputError('target', `${file}: ${objection}`);
  const target = rememberOrigins(parsed.data, machine);
  if (calibration !== undefined) return attachSets(target, setsOfLog(calibration, target, file));
  return attachSets(target, setsWithinRanges(originsOf(target)));
}

/** What is wrong with how the parts of a target depend on each other, which a schema cannot say; undefined if nothing is. */
export function objectionTo({ memory, compiler }: SimulatedTarget): string | undefined {
  if (memory.findIndex(({ bytes }) => bytes === null) !== memory.length - 1) {
    return 'memory: the last level, and only it, must have "bytes": null';
  }
  if (!compiler.splits.some((split) => split !== 'tiles-cyclic')) {
    return "compiler.splits: must have 'tiles-block' or 'chunks'";
  }
  if (!compiler.stagings.includes(compiler.default.staging)) {
    return `compiler.default.staging: '${compiler.default.staging}' is not among compiler.stagings`;
  }
  if (compiler.threads !== 'any' && !compiler.threads.includes(1)) {
    return 'compiler.threads: must have 1';
  }
  if (!compiler.unrolls.includes(compiler.default.unroll)) {
    return `compiler.default.unroll: ${compiler.default.unroll} is not among compiler.unrolls`;
  }
  return undefined;
}

const fingerprints = new WeakMap<SimulatedTarget, string>();

/** A hash of every figure and habit (not of descriptions, sources and the processor), the parameter sets and the model's revision. */
export function targetFingerprint(target: SimulatedTarget): string {
  const fingerprint = fingerprints.get(target) ?? fingerprintOf(target);
  fingerprints.set(target, fingerprint);
  return fingerprint;
}

function fingerprintOf(target: SimulatedTarget): string {
  const figures = { ...target, description: undefined, processor: undefined };
  const sets = setsOf(target)?.sets ?? [];
  const text = canonicalJson({ figures, sets, revision: MODEL_REVISION });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function ownJson(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}
