import { availableParallelism } from 'node:os';
import { explain } from '../../../search-space/explain.ts';
import type { Configuration } from '../../../search-space/parameter.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Backend, Failure, Prepared, TimingSession, Variant, Verdict } from '../../../tuner/backend.ts';
import type { OpaqueKernel } from '../../kernels/opaque.ts';
import type { Execution } from '../../programs/execution.ts';
import { Keeper, type KeeperOptions } from '../../programs/keeper/keeper.ts';
import { triedAgain } from '../../programs/lost.ts';
import { type Reading, readTime } from '../../programs/reading.ts';
import { Builds } from './builds/builds.ts';
import { Sources } from './builds/sources.ts';
import { failure, failureOf } from './failure.ts';
import type { DeviceProgram } from './program.ts';
import { askServer } from './serving.ts';
import { StudyClock } from './study-clock.ts';
import { fillTemplate, placeholdersIn, type Template } from './template.ts';

/** The number of other configurations executed to learn whether the program ever prints a time. */
const PROBES = 2;
/** Proposals made without learning from each other, so that their builds run at once: one a core, but not more. */
const MOST_BUILDS_AHEAD = 16;

/** What a device's programs are run with. */
export type Surroundings = Readonly<{
  keeping: KeeperOptions;
  seed: number;
  /** The folder of builds, which only this process uses; without one, a temporary one. */
  buildFolder?: string;
  /** What builds read, as it was when the target was identified; read at the first build if it is not given. */
  sources?: Sources;
}>;

/**
 * Executes the user's program for every sample. Its clock counts as noisy, so the measuring protocol
 * repeats samples; the program warms up by itself. Builds run side by side, and never while a program
 * is measured. Throws BackendGone if no keeper can be started.
 */
export async function commandBackend(
  program: DeviceProgram,
  { space, default: usual }: Readonly<{ space: SearchSpace; default: Configuration }>,
  { shape, dtype }: Pick<OpaqueKernel, 'shape' | 'dtype'>,
  { keeping, seed, buildFolder, sources = new Sources() }: Surroundings,
): Promise<Backend> {
  const keeper = new Keeper(keeping);
  // Starts the keeper now, so that its start is in no run's duration.
  await keeper.enclosure();
  const around = { shape, dtype, seed };
  const clock = new StudyClock(program.timeSource);
  const { timeoutMs } = program;
  const atOnce = availableParallelism();
  const builds =
    program.build &&
    new Builds(
      {
        template: program.build,
        given: program.c?.given ?? {},
        timeoutMs,
        folder: buildFolder,
        sources,
        atOnce,
        keeping,
      },
      around,
    );
  const fill = (template: Template, { configuration }: Pick<Variant, 'configuration'>) => {
    const folders = builds && {
      build: builds.folderOf(configuration),
      defaultBuild: builds.folderOf(usual),
    };
    return fillTemplate(template, { ...around, configuration, ...folders });
  };
  let isClosed = false;
  const execute: Execute = (template, variant, signal) =>
    triedAgain(
      () => keeper.execute(fill(template, variant), timeoutMs, signal),
      () => isClosed,
    );
  const server = program.serves && new Keeper({ ...keeping, mark: `${keeping.mark}-serve` });
  const measure: Measure = (variant, signal) =>
    server === undefined
      ? execute(program.argv, variant, signal)
      : askServer(server, fill(program.argv, variant), variant.configuration, timeoutMs, signal);
  return {
    provenance: 'device',
    timing: { kind: 'noisy', sampling: program.sampling ?? { kind: 'by rank' } },
    batchSize: builds === undefined ? 1 : Math.min(MOST_BUILDS_AHEAD, atOnce),
    recall: (log) => clock.recall(log),
    notes: () => [...clock.notes(), ...leftBehindNotes(keeper.leftBehind)],
    ...(builds && { prefetch: (configurations, signal) => builds.make(configurations, signal) }),
    prepare: async ({ configuration }, signal) => {
      if (space.has(configuration)) return preparedBy(builds, { configuration, handle: null }, signal);
      return failure(
        'constraints',
        explain(space, configuration) ?? 'the configuration is not in the search space',
      );
    },
    verify: async (variant, signal) => {
      if (program.check === undefined) return { state: 'correct' };
      const compared = await comparedWith(usual, program.check, builds, signal);
      if (compared.state === 'invalid') return compared;
      return verdictOf(await execute(program.check, variant, signal), program.check, program);
    },
    session: async (_, signal) => sessionOf(program, space, { clock, measure, builds, signal }),
    close: async () => {
      isClosed = true;
      await Promise.all([keeper.close(), server?.close(), builds?.close()]);
    },
  };
}

async function preparedBy(
  builds: Builds | undefined,
  variant: Variant,
  signal: AbortSignal,
): Promise<Prepared> {
  const built = await builds?.built(variant.configuration, signal);
  return built?.state === 'invalid' ? built : { state: 'ready', variant };
}

/** Builds the default for a check that names its folder. */
async function comparedWith(
  usual: Configuration,
  check: Template,
  builds: Builds | undefined,
  signal: AbortSignal,
): Promise<Verdict> {
  if (builds === undefined || !placeholdersIn(check).has('defaultBuild')) return { state: 'correct' };
  const built = await builds.built(usual, signal);
  if (built.state === 'built') return { state: 'correct' };
  return { ...built, message: `the default, with which results are compared: ${built.message}` };
}

type Execute = (
  template: Template,
  variant: Pick<Variant, 'configuration'>,
  signal: AbortSignal,
) => Promise<Execution>;

type Measure = (variant: Pick<Variant, 'configuration'>, signal: AbortSignal) => Promise<Execution | Failure>;

type Means = Readonly<{
  clock: StudyClock;
  measure: Measure;
  builds: Builds | undefined;
  signal: AbortSignal;
}>;

function sessionOf(program: DeviceProgram, space: SearchSpace, means: Means): TimingSession {
  const { clock, measure, signal } = means;
  const warm = new Set<Variant>();
  let executions = 0;
  const executeWarm = async (variant: Variant): Promise<Execution | Failure> => {
    for (let warmUp = 0; !warm.has(variant) && warmUp < (program.warmUps ?? 0); warmUp++) {
      const ended = await measure(variant, signal);
      if (ended.state !== 'exited' || ended.code !== 0) return ended;
    }
    warm.add(variant);
    executions += 1;
    return measure(variant, signal);
  };
  return {
    sample: async (variant) => {
      const ended = await executeWarm(variant);
      if (ended.state === 'invalid') return ended;
      if (ended.state === 'aborted') return { state: 'dropped' };
      if (ended.state !== 'exited' || ended.code !== 0)
        return failureOf(ended, program.argv, program.timeoutMs);
      const reading = readTime(ended.output, program.unit);
      if (program.serves && reading.state === 'unreadable') return noAnswer(reading);
      return clock.time(reading, ended.elapsedMs, () => anyPrints(program, space, variant, means));
    },
    environment: () => ({ executions, timeFrom: clock.source }),
    close: async () => {},
  };
}

/** A program that stays has answered with neither a time nor an error. */
function noAnswer({ line, lacks }: Extract<Reading, { state: 'unreadable' }>): Failure {
  const wanted = lacks ?? 'is not one: answer {"timeUs": 12.5} or {"error": "why"}';
  return failure('runtime', `the answer ${line.slice(0, 80)} ${wanted}`);
}

function leftBehindNotes(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const [first] = names;
  return [
    `The program left ${names.join(', ')} running, which nightshift ended: \`--keep-running ${first}\` keeps it running.`,
  ];
}

/**
 * Whether the program prints a time for any of a few other configurations, spread over the space;
 * undefined if interrupted.
 */
async function anyPrints(
  { unit }: DeviceProgram,
  space: SearchSpace,
  { configuration }: Variant,
  { measure, builds, signal }: Means,
): Promise<boolean | undefined> {
  const own = space.indexOf(configuration);
  for (let probe = 1; probe <= PROBES; probe++) {
    const index = (Math.max(0, own) + Math.ceil((probe * space.size) / (PROBES + 1))) % space.size;
    if (index === own) continue;
    const other = { configuration: space.at(index), handle: null };
    if ((await preparedBy(builds, other, signal)).state === 'invalid') continue;
    const execution = await measure(other, signal);
    if (execution.state === 'aborted') return undefined;
    if (execution.state === 'exited' && readTime(execution.output, unit).state === 'time') return true;
  }
  return false;
}

function verdictOf(execution: Execution, check: Template, { timeoutMs }: DeviceProgram): Verdict {
  if (execution.state === 'aborted') return failure('disturbed', 'interrupted during the check');
  if (execution.state === 'exited' && execution.code === 0) return { state: 'correct' };
  const failed = failureOf(execution, check, timeoutMs);
  const reason = failed.reason === 'runtime' ? 'correctness' : failed.reason;
  return { ...failed, reason, message: `the check: ${failed.message}` };
}
