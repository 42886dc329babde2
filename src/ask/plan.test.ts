import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InputError } from '../../search-space/input-error.ts';
import { modelPlan } from './model-plan.ts';
import { planSchema } from './plan.ts';
import { formatPlan, parsePlan } from './plan-text.ts';
import { plannedStudies } from './planned-studies.ts';

const named = `
seed: 5
timeZone: Europe/Berlin
targets: [hexagon-v75, edge-2mib]
studies:
  - kernel: gelu
    shapes: ["65536", "2^20"]
  - kernel: softmax
    targets: [edge-2mib]
    priority: 2
    calls: 12
    budget: { trials: 40 }
budget: { trials: 150, for: 6h, until: "07:00" }
total: { until: "06:30" }
done: { gain: 0.02, trials: 100 }
`;

const subject = (kernel: string, shape: string | undefined, target: string) => ({
  kernel: { kind: 'named', name: kernel },
  shape,
  target: { kind: 'named', name: target },
});

describe('a plan', () => {
  it('has a wave for each study that names none of its own', () => {
    const plan = parsePlan(
      'night.yaml',
      'wave: 8\nbudget: { trials: 4 }\ntargets: [{ device: b }]\nstudies: [{ kernel: gelu }, { kernel: softmax, wave: 2 }]',
    );
    expect(plannedStudies(plan, 0).map(({ spec }) => spec.wave)).toEqual([8, 2]);
  });

  it('is refused if it asks for an impossible study', () => {
    const plan = parsePlan('night.yaml', `studies: [{ kernel: gelu, shapes: ["${'1'.repeat(400)}"] }]`);
    expect(() => plannedStudies(plan, 0)).toThrow(/^studies: shape: got .*, expected at most 200 characters/);
  });

  it.each([
    [
      'an alias of itself',
      'studies: &a [*a, *a]',
      /^night.yaml: is nested more than 200 deep, or contains itself/,
    ],
    ['a key of itself', 'studies: &a {kernel: *a}', /contains itself/],
    ['brackets without end', `studies: ${'['.repeat(2_000)}`, /^night.yaml: is nested more than 200 deep/],
    [
      'lists in lists',
      `studies: ${'['.repeat(3_000)}${']'.repeat(3_000)}`,
      /^night.yaml: is nested more than 200 deep/,
    ],
    [
      'aliases of aliases',
      `a0: &a0 [1, 1]\n${Array.from({ length: 30 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}`,
      /^night.yaml: expands too many aliases/,
    ],
  ])('is refused with a sentence if it is %s', (_, text, sentence) => {
    expect(() => parsePlan('night.yaml', text)).toThrow(InputError);
    expect(() => parsePlan('night.yaml', text)).toThrow(sentence);
  });

  it('is a matrix of kernels, shapes and targets, each with its budget', () => {
    const planned = plannedStudies(parsePlan('night.yaml', named), 0);
    const half = Date.parse('1970-01-01T05:30:00Z');
    const stall = { gain: 0.02, trials: 100 };
    expect(
      planned.map(({ spec: { kernel, shape, target, seed }, budget, priority, calls }) => [
        { kernel, shape, target },
        { seed, budget, priority, calls },
      ]),
    ).toEqual([
      ...[
        ['65536', 'hexagon-v75'],
        ['65536', 'edge-2mib'],
        ['2^20', 'hexagon-v75'],
        ['2^20', 'edge-2mib'],
      ].map(([shape, target]) => [
        subject('gelu', shape, target),
        { seed: 5, budget: { trials: 150, forMs: 6 * 3600_000, until: half, stall }, priority: 0, calls: 1 },
      ]),
      [
        subject('softmax', undefined, 'edge-2mib'),
        { seed: 5, budget: { trials: 40, until: half, stall }, priority: 2, calls: 12 },
      ],
    ]);
  });

  it.each([
    ['', { gain: 0.01, trials: 200 }],
    ['done: null', undefined],
  ])('with "%s" ends a study without gain after %j', (line, stall) => {
    const plan = parsePlan('night.yaml', `studies: [{ kernel: gelu }]\n${line}`);
    const [{ budget }] = plannedStudies(plan, 0);
    expect(budget.stall).toEqual(stall);
  });

  it.each([
    ['studies: []', /night.yaml: studies: /],
    ['{', /night.yaml: /],
    [
      'studies: [{ kernel: gelu, shape: "4096" }]',
      /night.yaml: studies.0.shape: unknown field, did you mean 'shapes'/,
    ],
    ['studies: [{ kernel: gelu }]\nbudget: { for: soon }', /night.yaml: for: 'soon'/],
    ['studies: [{ kernel: gelu }]\nseed: -1', /night.yaml: seed: /],
  ])('with %s is refused with the field', (text, message) => {
    expect(() => parsePlan('night.yaml', text)).toThrow(message);
  });

  it('steers its studies as flags do', () => {
    const text = `
studies:
  - kernel: gelu
    fix: { threads: 4 }
    values: { tile: [4096, 8192] }
    forbid: ["threads == 3"]
    start: [{ threads: 4, tile: 4096 }]
    timeout: 30s
done: null
`;
    const [{ spec, budget }] = plannedStudies(parsePlan('night.yaml', text), 0);
    expect(budget).toEqual({});
    expect(spec).toMatchObject({
      values: { threads: [4], tile: [4096, 8192] },
      forbid: ['threads == 3'],
      start: [{ threads: 4, tile: 4096 }],
      timeout: '30s',
    });
    const twice = parsePlan('night.yaml', text.replace('tile: [', 'threads: ['));
    expect(() => plannedStudies(twice, 0)).toThrow('threads: is restricted twice');
  });

  it('names each shape and target of an entry once', () => {
    const entry = {
      kernel: 'gelu',
      shapes: ['8', '9', '8'],
      targets: ['edge-2mib', { kind: 'named', name: 'edge-2mib' }],
    };
    const planned = plannedStudies(planSchema.parse({ studies: [{ ...entry, calls: 3 }] }), 0);
    expect(planned.map(({ spec, calls }) => [spec.shape, calls])).toEqual([
      ['8', 3],
      ['9', 3],
    ]);
  });

  it('is refused if it asks for too many studies, before any is made', () => {
    const upTo = (count: number) => Array.from({ length: count }, (_, i) => String(i + 1));
    const entry = { kernel: 'gelu', shapes: upTo(10_000), targets: upTo(1000) };
    const plan = planSchema.parse({ studies: Array.from({ length: 100 }, () => entry) });
    expect(() => plannedStudies(plan, 0)).toThrow('asks for 1000000000 studies');
  });

  it('is refused if its studies are too large together', () => {
    const shapes = Array.from({ length: 1000 }, (_, i) => String(i + 1));
    const kernel = { kind: 'ttir', name: 'mine', source: 'mine.ttir', text: 'x'.repeat(100_000) };
    const plan = planSchema.parse({ studies: [{ kernel, shapes }] });
    expect(() => plannedStudies(plan, 0)).toThrow(/^studies: have 1\d{8} characters.*\(at most 32000000/);
  });

  it('for a model starts with the most called kernel, and parses again', () => {
    const kernels = [
      { name: 'b', calls: 3 },
      { name: 'a', calls: 3 },
      { name: 'c', calls: 12 },
    ];
    const written = modelPlan(kernels, ['hexagon-v75'], 200);
    const read = parsePlan('model.yaml', formatPlan(written));
    expect(read).toMatchObject(written);
    expect(read.studies.map(({ kernel }) => kernel)).toEqual(['c', 'a', 'b']);
  });

  it('matches docs/schema/plan.json', () => {
    const file = new URL('../../docs/schema/plan.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(z.toJSONSchema(planSchema, { io: 'input' }))),
    );
  });
});
