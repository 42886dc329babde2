import { expect, it } from 'vitest';
import type { Configuration } from '../../search-space/parameter.ts';
import type { Metrics } from '../../store/trial.ts';
import { undivided } from '../attribution/subspaces.ts';
import type { Backend } from '../backend.ts';
import { BROKEN, machine, machineSpace, machineTime } from '../machine.fixture.ts';
import { strategyFor } from '../strategies/registry.ts';
import { visitStudy } from '../study.ts';
import { DEFAULT, memory, openMachineStudy, world } from '../visit.fixture.ts';
import { paretoOptima } from './front.ts';
import { type Objective, parseObjective, seeksTime } from './objective.ts';

function energyOf({ lanes, threads }: Configuration): number {
  return Number(threads) * 2 + Number(lanes) / 10;
}

/** The machine, which reports what `metricsOf` says. */
function reporting(backend: Backend, metricsOf: (configuration: Configuration) => Metrics): Backend {
  return {
    ...backend,
    session: async (...asked) => {
      const session = await backend.session(...asked);
      return {
        ...session,
        sample: async (variant, round) => {
          const sample = await session.sample(variant, round);
          return sample.state === 'timed' ? { ...sample, metrics: metricsOf(variant.configuration) } : sample;
        },
      };
    },
  };
}

async function visited(
  objective: Objective,
  backend = machine(),
  metricsOf = (configuration: Configuration): Metrics => ({ energyJ: energyOf(configuration) }),
) {
  const store = await memory();
  const space = machineSpace();
  const study = await openMachineStudy(store, {
    objective,
    strategy: strategyFor('random', objective.names.length),
    ...(!seeksTime(objective) && { subspaces: undivided(space) }),
  });
  const findings = await visitStudy(study, {}, world(store, reporting(backend, metricsOf)));
  return { findings, study, store, space };
}

it('finds the least of a metric, and tells no ladder and no gain in time', async () => {
  const { findings } = await visited(parseObjective('energyJ', []));
  expect(findings.best?.configuration).toMatchObject({ lanes: 1, threads: 1 });
  expect(findings.front?.members).toMatchObject([{ metrics: { energyJ: 2.1 } }]);
  expect([findings.ladder, findings.gainOverDefault]).toMatchObject([
    { unknown: 'not applicable', why: 'the study seeks energyJ' },
    { unknown: 'not applicable' },
  ]);
});

it('finds the Pareto optima that enumerating finds, and the best is the fastest of them', async () => {
  const { findings, space } = await visited(parseObjective('time,energyJ', []));
  const all = Array.from({ length: space.size }, (_, index) => space.at(index))
    .filter((configuration) => Object.entries(BROKEN).some(([name, value]) => configuration[name] !== value))
    .map((configuration) => [machineTime(configuration), energyOf(configuration)]);
  const wanted = [...paretoOptima(all, (values) => values)].sort((a, b) => a[0] - b[0]);
  expect(findings.front?.members.map(({ timeUs, metrics }) => [timeUs, metrics.energyJ])).toEqual(wanted);
  expect(findings.best?.timeUs).toBe(wanted[0][0]);
  expect(findings.gainOverDefault).toHaveProperty('value');
});

it('measures metrics anew in the final comparison of a noisy clock', async () => {
  let sample = 0;
  const scattered = (configuration: Configuration): Metrics => ({
    energyJ: energyOf(configuration) + (sample++ % 3) / 100,
  });
  const { findings, store, study } = await visited(
    parseObjective('time,energyJ', []),
    machine({ noise: 0.02 }),
    scattered,
  );
  expect(findings.front?.members.every(({ basis }) => basis === 'comparison')).toBe(true);
  const [comparison] = await store.comparisons(study.id);
  expect(comparison.metrics?.[0]?.energyJ).toBeCloseTo(
    energyOf(comparison.variants[0].configuration) + 0.01,
    2,
  );
});

it('recommends nothing over a limit, keeps what is, and says so of the default', async () => {
  const { findings, store, study } = await visited(parseObjective('time', ['energyJ < 2.2']));
  expect(findings.best?.configuration).toMatchObject({ lanes: 1, threads: 1 });
  expect(findings.default).toBeNull();
  expect(findings.gainOverDefault).toMatchObject({ why: 'the default is over a limit' });
  expect(findings.warnings.join()).toMatch(/\d+ of \d+ trials were over a limit/);
  const over = await store.listTrials({ studyId: study.id, state: 'invalid', limit: 100 });
  expect(
    over.find(({ configuration }) => JSON.stringify(configuration) === JSON.stringify(DEFAULT)),
  ).toMatchObject({
    reason: 'constraints',
    metrics: { energyJ: 2.4, time: machineTime(DEFAULT) },
  });
});

it('fails a trial that lacks the metric, and goes on with the others', async () => {
  const some = (configuration: Configuration): Metrics =>
    configuration.threads === 1 ? { bytes: 1 } : { energyJ: energyOf(configuration) };
  const { findings } = await visited(parseObjective('energyJ', []), machine(), some);
  expect(findings.best?.configuration).toMatchObject({ lanes: 1, threads: 2 });
  expect(findings.trials.invalid.runtime).toBe(27);
});

/** Reports so much more energy once a configuration was timed more often than a screening does. */
function risingFor(isRising: (configuration: Configuration) => boolean) {
  const seen = new Map<string, number>();
  return (configuration: Configuration): Metrics => {
    const key = JSON.stringify(configuration);
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return { energyJ: times > 9 && isRising(configuration) ? 3 : 1 };
  };
}

it('recommends nothing that is over a limit in the final comparison of a noisy clock', async () => {
  const limited = parseObjective('time', ['energyJ <= 2']);
  const rising = risingFor(({ threads }) => threads !== 1);
  const { findings, store, study } = await visited(limited, machine({ noise: 0.02 }), rising);
  const [{ variants, metrics }] = await store.comparisons(study.id);
  expect(variants.some((_, place) => metrics?.[place]?.energyJ === 3)).toBe(true);
  const named = [findings.best, findings.winner, ...(findings.same ?? [])];
  expect(named.map((each) => each?.configuration.threads)).toEqual(named.map(() => 1));
  expect(findings.warnings.join()).toMatch(/\d+ of \d+ of the final comparison were over a limit there/);
});

it('recommends nothing, and says why, where all that was compared is over a limit there', async () => {
  const limited = parseObjective('time', ['energyJ <= 2']);
  const { findings } = await visited(
    limited,
    machine({ noise: 0.02 }),
    risingFor(() => true),
  );
  expect(findings).toMatchObject({
    best: null,
    winner: null,
    gainOverDefault: { unknown: 'not applicable' },
  });
  expect(findings.warnings.join()).toMatch(/All \d+ of the final comparison were over a limit there/);
});

it('challenges the simplest of the fastest under a limit, too', async () => {
  const limited = parseObjective('time', ['energyJ <= 2']);
  const { store, study } = await visited(limited, machine({ noise: 0.02 }), () => ({ energyJ: 1 }));
  const [{ variants }] = await store.comparisons(study.id);
  expect(variants.map(({ label }) => label)).toContain('simpler');
});
