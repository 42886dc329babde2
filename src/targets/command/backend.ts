import { explain } from '../../../search-space/explain.ts';
import type { SearchSpace } from '../../../search-space/search-space.ts';
import type { Backend, Failure, Sample, Session, Variant, Verdict } from '../../../tuner/backend.ts';
import { type Execution, execute } from './execute.ts';
import { readTime, type Unit } from './reading.ts';
import { fillTemplate, type Template } from './template.ts';

/** Where a time comes from: the program says it, or it is how long the program took. */
export const TIME_SOURCES = Object.freeze(['output', 'duration'] as const);
export type TimeSource = (typeof TIME_SOURCES)[number];

/** A user's way to measure one configuration. */
export type Command = Readonly<{
  argv: Template;
  /** Exits with 0 where the configuration computes the right thing; executed once a configuration. */
  check?: Template;
  timeoutMs: number;
  /** Of a plain number in the output. */
  unit: Unit;
  /** Absent: output, or duration for a program that prints nothing. */
  timeSource?: TimeSource;
}>;

/**
 * Executes the user's program for every sample. The program stands for a device, so its clock is
 * noisy and the measuring protocol repeats it; warming up inside is the program's own affair.
 */
export function commandBackend(command: Command, space: SearchSpace, elapsed: () => number): Backend {
  const clock: ClockChoice = { source: command.timeSource };
  const run = (template: Template, { configuration }: Variant, signal: AbortSignal): Promise<Execution> =>
    execute(fillTemplate(template, configuration), { timeoutMs: command.timeoutMs, signal, elapsed });
  return {
    provenance: 'device',
    timing: { kind: 'noisy' },
    batchSize: 1,
    prepare: async ({ configuration }) => {
      if (space.has(configuration)) return { state: 'ready', variant: { configuration, handle: null } };
      const message = explain(space, configuration) ?? 'the configuration is not in the search space';
      return { state: 'invalid', reason: 'constraints', message };
    },
    verify: async (variant, signal) =>
      command.check === undefined
        ? { state: 'correct' }
        : verdictOf(await run(command.check, variant, signal), command.timeoutMs),
    session: async (_, signal) => session(command, clock, (variant) => run(command.argv, variant, signal)),
    close: async () => {},
  };
}

/**
 * The first good execution decides where times come from. Without that, a program that once forgets to
 * print its time would be credited with a duration that is no time of the kernel.
 */
type ClockChoice = { source: TimeSource | undefined };

function session(
  command: Command,
  clock: ClockChoice,
  run: (variant: Variant) => Promise<Execution>,
): Session {
  let executions = 0;
  return {
    sample: async (variant) => {
      executions += 1;
      return sampleOf(await run(variant), command, clock);
    },
    environment: () => ({ executions, timeFrom: clock.source ?? 'unknown' }),
    close: async () => {},
  };
}

function verdictOf(execution: Execution, timeoutMs: number): Verdict {
  if (execution.state === 'aborted') return failure('timeout', 'interrupted during the check');
  const failed = failureOf(execution, timeoutMs);
  if (failed === undefined) return { state: 'correct' };
  const reason = failed.reason === 'timeout' ? 'timeout' : 'correctness';
  return { ...failed, reason, message: `the check: ${failed.message}` };
}

function sampleOf(execution: Execution, command: Command, clock: ClockChoice): Sample {
  if (execution.state === 'aborted') return { state: 'dropped' };
  const failed = failureOf(execution, command.timeoutMs);
  if (failed !== undefined) return failed;
  if (execution.state !== 'exited') return { state: 'dropped' };
  const duration: Sample = { state: 'timed', timeUs: execution.elapsedMs * 1000 };
  if (clock.source === 'duration') return duration;
  const reading = readTime(execution.output, command.unit);
  if (reading.state === 'unreadable') {
    const shown = JSON.stringify(reading.line.slice(0, 80));
    return failure(
      'runtime',
      `the last line printed, ${shown}, is no time; --time duration times the program`,
    );
  }
  if (reading.state === 'silent') {
    if (clock.source === 'output') return failure('runtime', 'printed no time');
    clock.source = 'duration';
    return duration;
  }
  clock.source = 'output';
  return { state: 'timed', timeUs: reading.timeUs };
}

function failureOf(execution: Execution, timeoutMs: number): Failure | undefined {
  switch (execution.state) {
    case 'timeout':
      return failure('timeout', `took longer than ${timeoutMs / 1000} s`);
    case 'unstartable':
      return failure('runtime', `could not be started: ${execution.complaint}`);
    case 'killed':
      return failure('runtime', ended(`ended by ${execution.signal}`, execution.complaint));
    case 'exited':
      if (execution.code === 0) return undefined;
      return failure('runtime', ended(`exit code ${execution.code}`, execution.complaint));
    case 'aborted':
      return undefined;
  }
}

function ended(how: string, complaint: string): string {
  return complaint === '' ? how : `${how}: ${complaint.slice(0, 200)}`;
}

function failure(reason: Failure['reason'], message: string): Failure {
  return { state: 'invalid', reason, message };
}
