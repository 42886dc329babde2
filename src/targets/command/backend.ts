import { explain } from '../../../search-space/explain.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Backend, Failure, TimingSession, Variant, Verdict } from '../../../tuner/backend.ts';
import type { Execution } from './execution.ts';
import { Keeper, type KeeperOptions } from './keeper/keeper.ts';
import type { DeviceProgram } from './program.ts';
import { readTime } from './reading.ts';
import { StudyClock } from './study-clock.ts';
import { fillTemplate, hasPlaceholder, type Template } from './template.ts';

/** A configuration whose keeper ends so many times in a row is invalid. */
const MOST_LOSSES = 3;
/** The number of other configurations executed to learn whether the program ever prints a time. */
const PROBES = 2;

/**
 * Executes the user's program for every sample. Its clock counts as noisy, so the measuring
 * protocol repeats samples; the program warms up by itself. Throws BackendGone if no keeper can be started.
 */
export async function commandBackend(
  program: DeviceProgram,
  space: SearchSpace,
  options: KeeperOptions,
): Promise<Backend> {
  const keeper = new Keeper(options);
  // Starts the keeper now, so that its start is in no run's duration.
  await keeper.enclosure();
  const clock = new StudyClock(program.timeSource);
  let isClosed = false;
  const execute: Execute = async (template, { configuration }, signal) => {
    for (let losses = 1; ; losses++) {
      const words = fillTemplate(template, configuration);
      const execution = await keeper.execute(words, program.timeoutMs, signal);
      if (execution.state !== 'lost' || losses === MOST_LOSSES || isClosed) return execution;
    }
  };
  return {
    provenance: 'device',
    timing: { kind: 'noisy' },
    batchSize: 1,
    recall: (log) => clock.recall(log),
    notes: () => [...clock.notes(), ...leftBehindNotes(keeper.leftBehind)],
    prepare: async ({ configuration }) => {
      if (space.has(configuration)) return { state: 'ready', variant: { configuration, handle: null } };
      const message = explain(space, configuration) ?? 'the configuration is not in the search space';
      return { state: 'invalid', reason: 'constraints', message };
    },
    verify: async (variant, signal) =>
      program.check === undefined
        ? { state: 'correct' }
        : verdictOf(await execute(program.check, variant, signal), program.check, program),
    session: async (_, signal) => sessionOf(program, space, { clock, execute, signal }),
    close: () => {
      isClosed = true;
      return keeper.close();
    },
  };
}

type Execute = (
  template: Template,
  variant: Pick<Variant, 'configuration'>,
  signal: AbortSignal,
) => Promise<Execution>;

type Means = Readonly<{ clock: StudyClock; execute: Execute; signal: AbortSignal }>;

function sessionOf(program: DeviceProgram, space: SearchSpace, means: Means): TimingSession {
  const { clock, execute, signal } = means;
  let executions = 0;
  return {
    sample: async (variant) => {
      executions += 1;
      const execution = await execute(program.argv, variant, signal);
      if (execution.state === 'aborted') return { state: 'dropped' };
      if (execution.state !== 'exited' || execution.code !== 0)
        return failureOf(execution, program.argv, program);
      const others = () => anyPrints(program, space, variant, means);
      return clock.time(readTime(execution.output, program.unit), execution.elapsedMs, others);
    },
    environment: () => ({ executions, timeFrom: clock.source }),
    close: async () => {},
  };
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
  { argv, unit }: DeviceProgram,
  space: SearchSpace,
  { configuration }: Variant,
  { execute, signal }: Means,
): Promise<boolean | undefined> {
  const own = space.indexOf(configuration);
  for (let probe = 1; probe <= PROBES; probe++) {
    const index = (Math.max(0, own) + Math.ceil((probe * space.size) / (PROBES + 1))) % space.size;
    if (index === own) continue;
    const execution = await execute(argv, { configuration: space.at(index) }, signal);
    if (execution.state === 'aborted') return undefined;
    if (execution.state === 'exited' && readTime(execution.output, unit).state === 'time') return true;
  }
  return false;
}

function verdictOf(execution: Execution, check: Template, program: DeviceProgram): Verdict {
  if (execution.state === 'aborted') return failure('disturbed', 'interrupted during the check');
  if (execution.state === 'exited' && execution.code === 0) return { state: 'correct' };
  const failed = failureOf(execution, check, program);
  const reason = failed.reason === 'runtime' ? 'correctness' : failed.reason;
  return { ...failed, reason, message: `the check: ${failed.message}` };
}

/** A program that cannot start says nothing about the configuration, unless its path has a placeholder. */
function failureOf(
  execution: Exclude<Execution, { state: 'aborted' }>,
  template: Template,
  { timeoutMs }: DeviceProgram,
): Failure {
  switch (execution.state) {
    case 'timeout':
      return failure('timeout', `took longer than ${timeoutMs / 1000} s`);
    case 'unstartable':
      return failure(
        hasPlaceholder(template[0]) ? 'runtime' : 'disturbed',
        `could not be started: ${execution.complaint}`,
      );
    case 'lost':
      return failure('runtime', `${execution.complaint}, ${MOST_LOSSES} times in a row`);
    case 'killed':
      return failure('runtime', ended(`ended by ${execution.signal}`, execution.complaint));
    case 'exited':
      return failure('runtime', ended(`exit code ${execution.code}`, execution.complaint));
  }
}

function ended(how: string, complaint: string): string {
  return complaint === '' ? how : `${how}: ${complaint.slice(0, 200)}`;
}

function failure(reason: Failure['reason'], message: string): Failure {
  return { state: 'invalid', reason, message };
}
