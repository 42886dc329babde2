import { explain } from '../../../search-space/explain.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Backend, Failure, TimingSession, Variant, Verdict } from '../../../tuner/backend.ts';
import type { Execution } from './execution.ts';
import { Keeper, type KeeperOptions } from './keeper/keeper.ts';
import type { DeviceProgram } from './program.ts';
import { readTime } from './reading.ts';
import { StudyClock } from './study-clock.ts';
import { fillTemplate, hasPlaceholder, type Template } from './template.ts';

/** Configurations that are executed once to learn whether the program ever prints a time. */
const ASKED = 2;

/**
 * Executes the user's program for every sample. The program stands for a device, so its clock is
 * noisy and the measuring protocol repeats it; warming up inside is the program's own affair.
 * Throws BackendGone where no process can be started to watch over the program.
 */
export async function commandBackend(
  program: DeviceProgram,
  space: SearchSpace,
  options: KeeperOptions,
): Promise<Backend> {
  const keeper = new Keeper(options);
  // Before the first run, so that no run is thought to take as long as that.
  await keeper.enclosure();
  const clock = new StudyClock(program.timeSource);
  const execute: Execute = (template, { configuration }, signal) =>
    keeper.execute(fillTemplate(template, configuration), program.timeoutMs, signal);
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
    close: () => keeper.close(),
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
      if (execution.state === 'lost') return { state: 'dropped', message: execution.complaint };
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
    `The program left ${names.join(', ')} running, which ended with it: \`--keep-running ${first}\` lets it go on.`,
  ];
}

/**
 * Whether the program prints a time for any of a few other configurations, spread over the space;
 * undefined where that was interrupted.
 */
async function anyPrints(
  { argv, unit }: DeviceProgram,
  space: SearchSpace,
  { configuration }: Variant,
  { execute, signal }: Means,
): Promise<boolean | undefined> {
  const own = space.indexOf(configuration);
  for (let asked = 1; asked <= ASKED; asked++) {
    const index = (Math.max(0, own) + Math.ceil((asked * space.size) / (ASKED + 1))) % space.size;
    if (index === own) continue;
    const execution = await execute(argv, { configuration: space.at(index) }, signal);
    if (execution.state === 'aborted') return undefined;
    if (execution.state === 'exited' && readTime(execution.output, unit).state === 'time') return true;
  }
  return false;
}

function verdictOf(execution: Execution, check: Template, program: DeviceProgram): Verdict {
  if (execution.state === 'aborted') return failure('disturbed', 'interrupted during the check');
  if (execution.state === 'lost') return failure('disturbed', execution.complaint);
  if (execution.state === 'exited' && execution.code === 0) return { state: 'correct' };
  const failed = failureOf(execution, check, program);
  const reason = failed.reason === 'runtime' ? 'correctness' : failed.reason;
  return { ...failed, reason, message: `the check: ${failed.message}` };
}

/** What has no configuration in its name and does not even start says nothing of the configuration. */
function failureOf(
  execution: Exclude<Execution, { state: 'aborted' | 'lost' }>,
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
