import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Configuration, Parameter } from '../../search-space/parameter.ts';
import { IN_MEMORY, openStore } from '../../store/open-store.ts';
import type { KernelRecord, NewStudy, TargetRecord } from '../../store/records.ts';
import type { Store } from '../../store/store.ts';
import { studyId } from '../../store/study-id.ts';
import type { Result } from '../../store/trial.ts';
import { ACROSS } from '../models/across/across-model.ts';
import { PACKAGED, packagedModel } from './packaged-model.ts';
import { frozenPrior, priorFrom, priorVersionOf } from './prior.ts';

const parameters: readonly Parameter[] = [
  { name: 'threads', kind: 'ordinal', tag: 'schedule', values: [1, 2, 4, 8] },
  { name: 'tile', kind: 'ordinal', tag: 'schedule', values: [16, 32, 64, 128, 256] },
];
const all = [1, 2, 4, 8].flatMap((threads) => [16, 32, 64, 128, 256].map((tile) => ({ threads, tile })));
const timeUs = ({ threads, tile }: Configuration): number =>
  1000 / Number(threads) + Math.abs(Number(tile) - 64);

const kernel = (name: string, shape: string, log2Points: number): KernelRecord => ({
  hash: `${name} ${shape}`,
  name,
  shape,
  dtype: 'f32',
  ir: '{}',
  features: { log2Points, reductions: name === 'softmax' ? 1 : 0 },
  source: 'library',
});
const target = (name: string, contexts: number): TargetRecord => ({
  fingerprint: `print of ${name}`,
  name,
  kind: 'simulator',
  description: {},
  features: { contexts },
});
const v75 = target('v75', 4);
const v79 = target('v79', 6);
const gelu = kernel('gelu', '1024', 10);

let store: Store;
beforeEach(async () => {
  store = await openStore(IN_MEMORY, { mode: 'write', clock: { now: () => 1 }, writer: { role: 'test' } });
});
afterEach(() => store.close());

async function open(of: KernelRecord, on: TargetRecord, more: Partial<NewStudy> = {}): Promise<string> {
  await store.saveKernel(of);
  await store.saveTarget(on);
  const identity = {
    kernelHash: of.hash,
    targetFingerprint: on.fingerprint,
    spaceHash: `space of ${of.name}`,
    objective: 'time',
    strategy: 'default',
    seed: 1,
    ...more,
  } as const;
  const { id } = await store.openStudy({
    space: { parameters, constraints: [] },
    defaultConfiguration: all[0],
    toolVersion: 'test',
    spec: null,
    ...identity,
    priorVersion: priorVersionOf(studyId(identity)),
  });
  return id;
}

type Timed = Extract<Result, { state: 'timed' }>;

async function measure(
  id: string,
  slower: number,
  more: Configuration = {},
  outcome: (timed: Timed) => Result = (timed) => timed,
): Promise<void> {
  const visit = await store.startVisit({ studyId: id, budget: {}, toolVersion: 'test', environment: {} });
  const results = all.map((values) => {
    const configuration = { ...values, ...more };
    const time = slower * timeUs(configuration);
    return outcome({
      configuration,
      subset: 'scalar',
      origin: 'test',
      state: 'timed',
      timeUs: time,
      samplesUs: [time],
    });
  });
  await store.settle({ studyId: id, visitId: visit.id, activeMs: 0, results });
}

async function studiesIn(id: string): Promise<readonly string[]> {
  return (await frozenPrior(store, id))?.memories.map(({ study }) => study) ?? [];
}

const FACTS = { kernel: 'k', target: 't', kernelFeatures: {}, targetFeatures: {} };

describe('a study’s prior', () => {
  it('of a model is distant, so that favourites differ in more', () => {
    const model = { version: 'm', blob: new Uint8Array(), facts: FACTS };
    expect(priorFrom(parameters, { version: 'p', memories: [], model })?.isDistant).toBe(true);
  });

  it('has the ranks of another, slower target', async () => {
    await measure(await open(gelu, v75), 3);
    const id = await open(gelu, v79);
    const frozen = await frozenPrior(store, id);
    const prior = frozen && priorFrom(parameters, frozen);
    const [bad, good] = prior?.predict([Int32Array.of(0, 4), Int32Array.of(3, 2)]) ?? [];
    expect(good.meanLog).toBeLessThan(bad.meanLog);
    expect(prior?.version).toBe((await store.study(id))?.priorVersion);
  });

  it('is frozen when the study is opened, and does not depend on later results', async () => {
    const id = await open(gelu, v79);
    expect(await studiesIn(id)).toEqual([]);
    await measure(await open(gelu, v75), 1);
    expect(await studiesIn(id)).toEqual([]);
  });

  it('comes from the nearest studies first', async () => {
    const far = await open(kernel('gelu', '1048576', 20), v75);
    const near = await open(kernel('gelu', '2048', 11), v75);
    for (const id of [far, near]) await measure(id, 1);
    expect(await studiesIn(await open(gelu, v75))).toEqual([near]);
  });

  it('uses no replicate, no study of too few trials, and no other parameters', async () => {
    await measure(await open(gelu, v75, { seed: 2 }), 1);
    await open(gelu, v79);
    const more: Parameter = { name: 'buffers', kind: 'ordinal', tag: 'schedule', values: [1, 2] };
    const wider = { parameters: [...parameters, more], constraints: [] };
    const defaults = { threads: 1, tile: 16, buffers: 1 };
    const other = await open(kernel('softmax', '64', 6), v79, {
      space: wider,
      defaultConfiguration: defaults,
    });
    await measure(other, 1, { buffers: 2 });
    expect(await studiesIn(await open(gelu, v75))).toEqual([]);
  });

  it('uses no other kernel if only names are known', async () => {
    const opaque = { ...gelu, ir: null, features: {} };
    await measure(await open({ ...opaque, hash: 'a', name: 'a' }, v75), 1);
    const same = await open({ ...opaque, hash: 'b1', name: 'b' }, v75);
    await measure(same, 1);
    expect(await studiesIn(await open({ ...opaque, hash: 'b2', name: 'b' }, v79))).toEqual([same]);
  });

  it('learns what the study seeks: another metric, and what keeps its limits', async () => {
    const threadsOf = ({ configuration }: Result): number => Number(configuration.threads);
    const seen = await open(gelu, v75, { objective: 'energyJ' });
    await measure(seen, 1, {}, (result) =>
      threadsOf(result) === 8 ? result : { ...result, metrics: { energyJ: threadsOf(result) } },
    );
    expect(await studiesIn(await open(gelu, v79))).toEqual([]);
    const frozen = await frozenPrior(store, await open(gelu, v79, { objective: 'energyJ where energyJ<=2' }));
    const [memory] = frozen?.memories ?? [];
    // What reported none is left out; what is over the limit has failed.
    const log = (threads: number): number | null => (threads > 2 ? null : Math.log(threads));
    expect(memory.rows.map(([threads]) => threads)).toEqual(all.slice(0, 15).map(({ threads }) => threads));
    expect(memory.logTimes).toEqual(all.slice(0, 15).map(({ threads }) => log(threads)));
    expect(
      (await frozenPrior(store, await open(gelu, v79, { objective: 'time,energyJ' })))?.memories,
    ).toEqual([]);
  });

  it('has the times of what was over the limits of another study', async () => {
    const seen = await open(gelu, v75, { objective: 'time where energyJ<=2' });
    await measure(seen, 1, {}, (timed) => {
      const { configuration, subset, origin, timeUs } = timed;
      if (configuration.threads !== 1) return timed;
      const metrics = { time: timeUs, energyJ: 3 };
      const over = { state: 'invalid', reason: 'constraints', message: 'over the limit', metrics } as const;
      return { configuration, subset, origin, ...over };
    });
    const [memory] = (await frozenPrior(store, await open(gelu, v79)))?.memories ?? [];
    expect(memory.logTimes).toEqual(all.map((configuration) => Math.log(timeUs(configuration))));
  });

  it('is absent for a study from before there were priors', async () => {
    const id = await open(gelu, v79);
    await measure(id, 1);
    expect(await frozenPrior(store, id)).toBeUndefined();
  });

  it('is the package’s model where the store knows nothing, which it keeps', async () => {
    const id = await open(gelu, v79);
    const model = (await frozenPrior(store, id))?.model;
    expect(model?.version).toBe(packagedModel().version);
    expect((await store.model(packagedModel().version))?.kind).toBe(PACKAGED);
    // It is no model of this store's own studies.
    expect(await store.latestModel(ACROSS)).toBeUndefined();
  });

  it('is no model of times where something else is sought', async () => {
    const id = await open(gelu, v79, { objective: 'scratchpadBytes' });
    expect((await frozenPrior(store, id))?.model).toBeNull();
  });

  it('is no model of simulated targets for a measured one', async () => {
    const id = await open(gelu, { ...v79, fingerprint: 'a browser', kind: 'wasm' });
    expect((await frozenPrior(store, id))?.model).toBeNull();
  });
});
