import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError, unknownName } from '../../../../search-space/input-error.ts';
import { canonicalJson } from '../../../kernels/json.ts';
import { describeIssue } from '../../../text/describe-issue.ts';
import { attachCalibration, calibrationOf, calibrationSchema } from './calibration.ts';
import { type SimulatedTarget, targetSchema } from './schema.ts';

/** Changes whenever the simulator's times do, so that older results are not taken for its own. */
export const MODEL_REVISION = 1;

const DATA = fileURLToPath(new URL('./data/', import.meta.url));
const CALIBRATIONS = `${DATA}calibration/`;

/** Names of the targets that come with nightshift. */
export function listTargets(): readonly string[] {
  return readdirSync(DATA)
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'))
    .sort();
}

/** A target by name, or from a file: anything with a slash or that ends in .json. Throws InputError. */
export function loadTarget(nameOrPath: string): SimulatedTarget {
  if (nameOrPath.includes('/') || nameOrPath.endsWith('.json'))
    return parseTarget(readJson(nameOrPath), nameOrPath);
  const names = listTargets();
  if (nameOrPath.startsWith('wasm'))
    throw new InputError('--target', `'${nameOrPath}' is no simulated target`, `one of: ${names.join(', ')}`);
  if (!names.includes(nameOrPath)) throw unknownName('target', nameOrPath, [...names, 'wasm']);
  const target = parseTarget(readJson(`${DATA}${nameOrPath}.json`), nameOrPath);
  const calibration = `${CALIBRATIONS}${nameOrPath}.json`;
  if (!existsSync(calibration)) return target;
  return attachCalibration(target, calibrationSchema.parse(readJson(calibration)));
}

/** A target from parsed JSON. Throws InputError that names the file and the first field that is wrong. */
export function parseTarget(json: unknown, file: string): SimulatedTarget {
  const parsed = targetSchema.safeParse(json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const isFigure = issue.code === 'invalid_type' && issue.expected === 'object';
    const hint = isFigure ? '; a figure is {"value": …, "source": "…"}' : '';
    throw new InputError('target', `${file}: ${describeIssue(issue, json, targetSchema)}${hint}`);
  }
  const objection = inconsistency(parsed.data);
  if (objection !== undefined) throw new InputError('target', `${file}: ${objection}`);
  return parsed.data;
}

/** What a schema cannot say: how the parts of a target depend on each other. */
function inconsistency({ memory, compiler }: SimulatedTarget): string | undefined {
  if (memory.findIndex(({ bytes }) => bytes === null) !== memory.length - 1) {
    return 'memory: the last level, and only it, must have "bytes": null';
  }
  if (!compiler.splits.some((split) => split !== 'tiles-cyclic')) {
    return "compiler.splits: must have 'tiles-block' or 'chunks'";
  }
  if (!compiler.stagings.includes(compiler.default.staging)) {
    return `compiler.default.staging: '${compiler.default.staging}' is not among compiler.stagings`;
  }
  if (!compiler.unrolls.includes(compiler.default.unroll)) {
    return `compiler.default.unroll: ${compiler.default.unroll} is not among compiler.unrolls`;
  }
  return undefined;
}

/** Hash of every figure and habit (not of descriptions and sources), the calibration, and the model. */
export function targetFingerprint(target: SimulatedTarget): string {
  const { description: _, ...figures } = target;
  const sets = calibrationOf(target)?.sets ?? [];
  const text = canonicalJson({ figures, sets, revision: MODEL_REVISION });
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? error.code : String(error);
    throw new InputError(
      'target',
      `cannot read ${path}: ${reason === 'ENOENT' ? 'there is no such file' : reason}`,
    );
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InputError('target', `${path} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}
