import { describe, expect, it } from 'vitest';
import { InputError } from '../../search-space/input-error.ts';
import { type Configuration, MECHANISMS } from '../../search-space/parameter.ts';
import type { SearchSpace } from '../../search-space/search-space.ts';
import { type TargetKind, targetKinds } from '../../store/target-kinds.ts';
import { rivalSubspaces } from '../../tuner/attribution/rivals.ts';
import { type AnyKernel, isOpaque } from '../kernels/opaque.ts';
import type { Target } from './_base.ts';
import { targetRecord } from './record.ts';

/** The suite's input for a kind of target. */
export type TargetCase<K extends AnyKernel> = Readonly<{
  kind: TargetKind;
  /** Makes a new instance at each call. */
  open(): Promise<Target<K>>;
  /** Targets that differ in their name, or in something on which results depend. */
  others: Readonly<Record<string, () => Promise<Target<K>>>>;
  /** Targets that differ in something on which results do not depend. */
  same?: Readonly<Record<string, () => Promise<Target<K>>>>;
  /** Small kernels, because the default of each is timed once. */
  kernels: readonly K[];
  /** Kernels that it cannot run, by the reason. */
  refused?: Readonly<Record<string, K>>;
}>;

/** The number of a space's members to check. */
const LOOKED_AT = 20;

/** The contract of every target. */
export function targetConformance<K extends AnyKernel>(name: string, asked: TargetCase<K>): void {
  describe(`${name} as a target`, () => {
    saysWhatItIs(asked);
    const named = asked.kernels.map((kernel) => ({ called: kernel.name, kernel }));
    describe.each(named)('of $called', ({ kernel }) => {
      hasASpace(asked, kernel);
      bringsABackend(asked, kernel);
    });
    it.skipIf(asked.refused === undefined)(
      'refuses kernels that it cannot run, before anything is timed',
      async () => {
        const target = await asked.open();
        for (const kernel of Object.values(asked.refused ?? {})) {
          const attempt = async () => target.backend(kernel, target.space(kernel));
          await expect(attempt()).rejects.toThrow(InputError);
        }
      },
    );
  });
}

function saysWhatItIs<K extends AnyKernel>({ kind, open, others, same = {} }: TargetCase<K>): void {
  it('describes itself in data that a store can keep', async () => {
    const record = targetRecord(await open());
    expect(record.kind).toBe(kind);
    expect(record.name).not.toBe('');
    expect(record.fingerprint).toMatch(/^[\w-]+$/);
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    for (const value of Object.values(record.features)) expect(value).toSatisfy(Number.isFinite);
  });

  it('has the same fingerprint exactly if results would be the same', async () => {
    const { fingerprint } = await open();
    expect((await open()).fingerprint).toBe(fingerprint);
    for (const [what, make] of Object.entries(same)) {
      expect((await make()).fingerprint, what).toBe(fingerprint);
    }
    const all = [fingerprint];
    for (const make of Object.values(others)) all.push((await make()).fingerprint);
    expect(new Set(all).size).toBe(all.length);
  });
}

function hasASpace<K extends AnyKernel>({ open }: TargetCase<K>, kernel: K): void {
  it('has the same space each time, with the default in it', async () => {
    const [one, other] = [await open(), await open()];
    const space = one.space(kernel);
    expect(space.size).toBeGreaterThan(0);
    expect(other.space(kernel).hash).toBe(space.hash);
    const preferred = one.defaultConfiguration(kernel, space);
    expect(space.has(preferred)).toBe(true);
    expect(other.defaultConfiguration(kernel, space)).toEqual(preferred);
  });

  it('names rivals that are parts of the space', async () => {
    const target = await open();
    const space = target.space(kernel);
    const rivals = target.rivals?.(space) ?? [];
    expect(new Set(rivals.map(({ label }) => label)).size).toBe(rivals.length);
    for (const rival of rivals) {
      expect(MECHANISMS).toContain(rival.mechanism);
      // A space may lack the values of a rival.
      const pair = await rivalSubspaces(space, rival);
      for (const part of pair === null ? [] : [pair.rival.space, pair.own.space]) {
        expect(part.size).toBeLessThan(space.size);
        expect(membersOf(part).every((member) => space.has(member))).toBe(true);
      }
    }
  });

  it('knows the scratchpad use of each configuration, if it has a scratchpad', async () => {
    const target = await open();
    for (const member of membersOf(target.space(kernel))) {
      const bytes = target.scratchpadBytes?.(kernel, member) ?? 0;
      expect(bytes, JSON.stringify(member)).toSatisfy(Number.isFinite);
      expect(bytes).toBeGreaterThanOrEqual(0);
    }
  });
}

function bringsABackend<K extends AnyKernel>({ kind, open }: TargetCase<K>, kernel: K): void {
  const facts = targetKinds[kind];

  it('has a backend with the properties of its kind, which times the default', async () => {
    expect(facts.runs).toBe(isOpaque(kernel) ? 'opaque kernels' : 'our kernels');
    const target = await open();
    const space = target.space(kernel);
    const backend = await target.backend(kernel, space);
    const { signal } = new AbortController();
    try {
      expect(backend.provenance).toBe(kind);
      if (facts.clock !== 'either') expect(backend.timing.kind).toBe(facts.clock);
      if (facts.runsAlone && backend.prefetch === undefined) expect(backend.batchSize).toBe(1);
      const configuration = target.defaultConfiguration(kernel, space);
      const prepared = await backend.prepare({ configuration, subset: 'scalar', origin: 'test' }, signal);
      if (prepared.state !== 'ready') throw new Error(prepared.message);
      expect(await backend.verify(prepared.variant, signal)).toEqual({ state: 'correct' });
      const session = await backend.session([prepared.variant], signal);
      const sample = await session.sample(prepared.variant, 0);
      await session.close();
      // A busy machine may disturb a sample.
      expect(['timed', 'dropped']).toContain(sample.state);
      if (sample.state === 'timed') expect(sample.timeUs).toBeGreaterThan(0);
    } finally {
      await backend.close();
    }
  });
}

/** Some members, spread over the space. */
function membersOf(space: SearchSpace): readonly Configuration[] {
  const count = Math.min(LOOKED_AT, space.size);
  return Array.from({ length: count }, (_, place) => space.at(Math.floor((place * space.size) / count)));
}
