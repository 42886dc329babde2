import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import type { Store } from '../../store/store.ts';
import { FAILURE_REASONS, type SettledTrial } from '../../store/trial.ts';
import { knownOr } from '../attribution/gain.ts';
import { type Backend, BackendGone, type Failure, type Sampling } from '../backend.ts';
import { machine } from '../machine.fixture.ts';
import { visitStudy } from '../study.ts';
import { DEFAULT, memory, openMachineStudy, world } from '../visit.fixture.ts';

/** The places where a program may fail. */
const PLACES = ['prepare', 'verify', 'sample'] as const;
type Place = (typeof PLACES)[number];
/** The failure of the nth use of a configuration at a place; undefined if it works. */
type Fails = (configuration: Configuration, place: Place, nth: number) => Failure['reason'] | undefined;

const keyOf = (configuration: Configuration): string => JSON.stringify(configuration);
const isDefault = (configuration: Configuration): boolean => keyOf(configuration) === keyOf(DEFAULT);

/** A device with given failures, whose messages name the configuration. */
function device(fails: Fails): Backend {
  const calm = machine({ noise: 0.02, batchSize: 1 });
  const uses = new Map<string, number>();
  const failure = (configuration: Configuration, place: Place): Failure | undefined => {
    const use = `${place} ${keyOf(configuration)}`;
    const nth = (uses.get(use) ?? 0) + 1;
    uses.set(use, nth);
    const reason = fails(configuration, place, nth);
    return reason === undefined
      ? undefined
      : { state: 'invalid', reason, message: `of ${keyOf(configuration)}` };
  };
  return {
    ...calm,
    prepare: async (proposal, signal) =>
      failure(proposal.configuration, 'prepare') ?? calm.prepare(proposal, signal),
    verify: async (variant, signal) =>
      failure(variant.configuration, 'verify') ?? calm.verify(variant, signal),
    session: async (...asked) => {
      const session = await calm.session(...asked);
      const sample: typeof session.sample = async (variant, round) =>
        failure(variant.configuration, 'sample') ?? session.sample(variant, round);
      return { ...session, sample };
    },
  };
}

async function logOf(store: Store, id: string): Promise<readonly SettledTrial[]> {
  const log: SettledTrial[] = [];
  for await (const trial of store.trials(id)) log.push(trial);
  return log;
}

async function visited(backend: Backend, trials = 25) {
  const store = await memory();
  const study = await openMachineStudy(store);
  const findings = await visitStudy(study, { trials }, world(store, backend));
  return { findings, log: await logOf(store, study.id) };
}

describe('a failure', () => {
  it('belongs to the configuration whose program failed, even if others fail beside it', async () => {
    const wrong = fc.record({
      reason: fc.constantFrom(...FAILURE_REASONS),
      place: fc.constantFrom(...PLACES),
      /** The default fails in run `from` and in every `every`-th run after it; its own trial is the first run. */
      from: fc.integer({ min: 1, max: 60 }),
      every: fc.constantFrom(1, 2, 3, 7),
      others: fc.constantFrom(undefined, 1, 2, 4),
    });
    await fc.assert(
      fc.asyncProperty(wrong, async ({ reason, place, from, every, others }) => {
        const broken = new Set<string>();
        const backend = device((configuration, at, nth) => {
          const doesFail = isDefault(configuration)
            ? at === place && nth >= from && (nth - from) % every === 0
            : at === place && configuration.threads === others;
          if (doesFail) broken.add(keyOf(configuration));
          return doesFail ? reason : undefined;
        });
        const { findings, log } = await visited(backend);
        for (const trial of log) {
          if (
            trial.state === 'timed' ||
            trial.reason === 'disturbed' ||
            trial.message === 'broken on purpose'
          )
            continue;
          expect(broken).toContain(keyOf(trial.configuration));
          expect(trial.message).toBe(`of ${keyOf(trial.configuration)}`);
        }
        expect(findings.winner).not.toBeNull();
        expect(findings.winner?.timeUs).toBeGreaterThan(0);
      }),
      { numRuns: 12 },
    );
  });
});

describe('a default that stops working', () => {
  const from = (first: number): Backend =>
    device((configuration, place, nth) =>
      isDefault(configuration) && place === 'sample' && nth >= first ? 'runtime' : undefined,
    );

  it('in the screening is a note, and the others are timed without it', async () => {
    const { findings, log } = await visited(from(12));
    expect(log.filter(({ state }) => state === 'invalid').length).toBeLessThan(3);
    const warnings = findings.warnings.join('\n');
    expect(warnings).toContain('The default failed 3 times where it ran beside others');
    expect(warnings).toContain('The default did not work in the final comparison');
    expect(findings.default).not.toBeNull();
    expect(findings.gainOverDefault).toMatchObject({ unknown: 'disturbed' });
  });

  it('in one run only disturbs that round', async () => {
    const once = device((configuration, place, nth) =>
      isDefault(configuration) && place === 'sample' && nth === 12 ? 'timeout' : undefined,
    );
    const { findings } = await visited(once);
    expect(findings.warnings.join()).toContain('The default failed once');
    expect(knownOr(findings.gainOverDefault)?.low).toBeTypeOf('number');
  });
});

/** The two ways in which noisy clocks are read. */
const SCREENINGS: readonly (readonly [string, (fails: Fails) => Backend])[] = [
  ['rounds', device],
  ['executions', (fails) => ({ ...device(fails), timing: { kind: 'noisy', sampling: { kind: 'by rank' } } })],
];

describe.each(SCREENINGS)(
  'a run that fails though its configuration works, screened by %s',
  (_, screened) => {
    /** Chosen before any time could tell it from others, so it comes whatever fails. */
    const secondOf = async () => {
      const { log } = await visited(
        screened(() => undefined),
        2,
      );
      return keyOf(log[1].configuration);
    };

    it.each([1, 2])('as run %i of the default is repeated, and a note says so', async (failing) => {
      const { findings, log } = await visited(
        screened((configuration, place, nth) =>
          isDefault(configuration) && place === 'sample' && nth === failing ? 'runtime' : undefined,
        ),
      );
      expect(log.every(({ state }) => state === 'timed')).toBe(true);
      expect(knownOr(findings.gainOverDefault)?.low).toBeTypeOf('number');
      expect(findings.warnings.join()).toMatch(/One run failed .*was timed by its other runs/);
    });

    it('is repeated everywhere once one was seen', async () => {
      const second = await secondOf();
      const { findings, log } = await visited(
        screened((configuration, place, nth) =>
          (isDefault(configuration) || keyOf(configuration) === second) && place === 'sample' && nth === 1
            ? 'runtime'
            : undefined,
        ),
      );
      expect(log.every(({ state }) => state === 'timed')).toBe(true);
      expect(keyOf(log[1].configuration)).toBe(second);
      expect(findings.warnings.join()).toMatch(/2 runs failed \(the last: .*timed by their other runs/);
    });

    it('makes its configuration invalid where it fails from then on', async () => {
      const { log } = await visited(
        screened((configuration, place) =>
          configuration.threads === 2 && place === 'sample' ? 'runtime' : undefined,
        ),
      );
      const ended = log.filter(({ configuration }) => configuration.threads === 2);
      expect(ended.length).toBeGreaterThan(0);
      expect(ended.every(({ state }) => state === 'invalid')).toBe(true);
    });
  },
);

describe('the final comparison', () => {
  it('does not recommend a configuration that failed in it, and says so', async () => {
    const plain = await visited(device(() => undefined));
    const fastest = keyOf(plain.findings.winner?.configuration ?? {});
    const limited = device((configuration, place, nth) =>
      keyOf(configuration) === fastest && place === 'sample' && nth > 15 ? 'runtime' : undefined,
    );
    const { findings } = await visited(limited);
    expect(keyOf(findings.winner?.configuration ?? {})).not.toBe(fastest);
    expect(findings.warnings.join()).toMatch(/lanes=\d+ .* did not work in the final comparison/);
  });

  it('falls back on the screening if nothing works any more', async () => {
    let isComparing = false;
    const gone = device((_, place) => (isComparing && place === 'sample' ? 'runtime' : undefined));
    const store = await memory();
    const study = await openMachineStudy(store);
    const surroundings = world(store, gone, {
      listen: ({ kind }) => {
        isComparing ||= kind === 'comparing';
      },
    });
    const findings = await visitStudy(study, { trials: 20 }, surroundings);
    expect(findings.gainOverDefault).toMatchObject({ unknown: 'searched too little' });
    expect(findings.winner?.timeUs).toBeLessThan(findings.default?.timeUs ?? 0);
    expect(findings.warnings.join()).toContain('Times come from the screening, and gains are unknown');
  });

  it('falls back on the screening if the backend is gone', async () => {
    const calm = machine({ noise: 0.02, batchSize: 1 });
    const gone: Backend = {
      ...calm,
      session: async (variants, signal, options) => {
        if (options?.fresh) throw new BackendGone('no runner can be started');
        return calm.session(variants, signal);
      },
    };
    const { findings } = await visited(gone);
    expect(findings.winner).not.toBeNull();
    expect(findings.warnings.join('\n')).toContain('cut short: no runner can be started');
  });
});

describe('if all trials fail alike', () => {
  const all = (
    provenance: Backend['provenance'],
    message: (nth: number, configuration: Configuration) => string,
  ): Backend => {
    let nth = 0;
    return {
      ...machine({ noise: 0.02, batchSize: 1 }),
      provenance,
      verify: async ({ configuration }) => ({
        state: 'invalid',
        reason: 'runtime',
        message: message(nth++, configuration),
      }),
    };
  };

  it.each([
    ['numbers', (nth: number) => `exit code 3: no device at ${nth}`],
    ['words that contain a value such as direct', () => 'cc1: No such file or directory'],
    ['values', (_: number, { staging }: Configuration) => `cannot include st_${staging}.h`],
  ])('a visit to a real machine ends after a few trials and says so, with %s', async (_, message) => {
    const { findings, log } = await visited(all('device', message), 60);
    expect(findings.stoppedBy).toBe('failing');
    expect(log.length).toBeLessThan(10);
    const [warning] = findings.warnings;
    expect(warning).toContain(`no configuration could be timed; ${log.length} of ${log.length} said`);
  });

  it('a visit continues if failures differ, and if trials cost nothing', async () => {
    const differing = await visited(
      all('wasm', (nth) => (nth % 2 === 0 ? 'wrong' : 'too large')),
      30,
    );
    expect(differing.findings.stoppedBy).toBe('trials');
    const table = await visited(
      all('replay', () => 'failed when measured'),
      30,
    );
    expect(table.findings.stoppedBy).toBe('trials');
  });

  it('a visit continues if any trial ever worked', async () => {
    const onlyDefault = device((configuration, place) =>
      place === 'verify' && !isDefault(configuration) ? 'compile' : undefined,
    );
    const { findings } = await visited({ ...onlyDefault, provenance: 'device' }, 30);
    expect(findings.stoppedBy).toBe('trials');
    expect(findings.gainOverDefault).toMatchObject({ unknown: 'not tried' });
    expect(findings.warnings.join()).toContain('nothing to compare it with');
  });
});

describe('the time budget', () => {
  /** A device whose runs take two seconds on the visit's clock. */
  async function slowly(forMs: number, sampling?: Sampling) {
    let now = 0;
    let runs = 0;
    const calm = machine({ noise: 0.02, batchSize: 1 });
    const slow: Backend = {
      ...calm,
      timing: { kind: 'noisy', ...(sampling && { sampling }) },
      session: async (...asked) => {
        const session = await calm.session(...asked);
        const sample: typeof session.sample = async (variant) => {
          now += 2000;
          runs++;
          return { state: 'timed', timeUs: isDefault(variant.configuration) ? 100 : 50 };
        };
        return { ...session, sample };
      },
    };
    const store = await memory();
    const study = await openMachineStudy(store);
    const clock = { now: () => now, elapsed: () => now };
    let searchedMs = 0;
    const listen = ({ kind }: { kind: string }): void => {
      if (kind === 'comparing') searchedMs = now;
    };
    const findings = await visitStudy(study, { forMs }, world(store, slow, { clock, listen }));
    return { findings, runs, searchedMs, wholeMs: now };
  }

  it('is not spent on the default alone, and no configuration is compared with itself', async () => {
    const { findings, searchedMs, wholeMs, runs } = await slowly(5_000);
    expect({ searchedMs, wholeMs, runs }).toEqual({ searchedMs: 4_000, wholeMs: 4_000, runs: 2 });
    expect(findings.trials.timed).toBe(2);
    expect(findings.warnings.join()).toContain(
      'A run takes about 2.0 s: there was no time for a final comparison',
    );
    expect(findings.gainOverDefault).toMatchObject({ why: 'there was no final comparison' });
  });

  it('is enough for a single run', async () => {
    const { findings, wholeMs } = await slowly(3_000);
    expect(wholeMs).toBe(2_000);
    expect(findings.gainOverDefault).toMatchObject({ unknown: 'not tried' });
    expect(findings.warnings.join()).toContain('nothing to compare it with');
  });

  it('is kept for any length, the final comparison included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 120 }), async (seconds) => {
        const { searchedMs, wholeMs } = await slowly(seconds * 1000);
        expect(searchedMs).toBeLessThanOrEqual(Math.max(2_000, seconds * 1000));
        expect(wholeMs).toBeLessThanOrEqual(Math.max(2_000, seconds * 1000));
        expect(wholeMs).toBeGreaterThan(seconds * 1000 * 0.9 - 2_000);
      }),
      { numRuns: 30 },
    );
  });

  it('of fifteen runs tries eight configurations, and compares the best', async () => {
    const { findings } = await slowly(30_000, { kind: 'by rank' });
    expect(findings.trials.timed).toBeGreaterThanOrEqual(8);
    expect(findings.gainOverDefault).toMatchObject({ why: '2 rounds of the final comparison, fewer than 5' });
    expect((findings.default?.timeUs ?? 0) / (findings.winner?.timeUs ?? 1)).toBe(2);
  });
});
