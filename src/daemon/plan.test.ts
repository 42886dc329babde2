import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expandPlan, type PlanWorld } from './expand-plan.ts';
import { modelPlan } from './model-plan.ts';
import { splitCommand } from './notify.ts';
import { formatPlan, parsePlan, planSchema } from './plan.ts';

const world: PlanWorld = { ttir: () => '', path: (path) => path, imports: async () => [], now: 0 };
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

describe('a plan', () => {
  it('is a matrix of kernels, shapes and targets, each with its budget', async () => {
    const planned = await expandPlan(parsePlan('night.yaml', named), world);
    const half = Date.parse('1970-01-01T05:30:00Z');
    const stall = { gain: 0.02, trials: 100 };
    expect(
      planned.map(({ request: { kernel, target, seed }, budget, priority, calls }) => [
        `${kernel.name} ${kernel.shape.join('x')} ${target.name}`,
        { seed, budget, priority, calls },
      ]),
    ).toEqual([
      ...[
        'gelu 65536 hexagon-v75',
        'gelu 65536 edge-2mib',
        'gelu 1048576 hexagon-v75',
        'gelu 1048576 edge-2mib',
      ].map((question) => [
        question,
        { seed: 5, budget: { trials: 150, forMs: 6 * 3600_000, until: half, stall }, priority: 0, calls: 1 },
      ]),
      [
        'softmax 4096x1024 edge-2mib',
        { seed: 5, budget: { trials: 40, until: half, stall }, priority: 2, calls: 12 },
      ],
    ]);
  });

  it.each([
    ['', { gain: 0.01, trials: 200 }],
    ['done: null', undefined],
  ])('that says "%s" ends a study without gain after %j', async (line, stall) => {
    const [{ budget }] = await expandPlan(
      parsePlan('night.yaml', `studies: [{ kernel: gelu }]\n${line}`),
      world,
    );
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
  ])('that says %s is refused with the field', (text, message) => {
    expect(() => parsePlan('night.yaml', text)).toThrow(message);
  });

  it('for a model puts what is called most first, and can be read again', () => {
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

  it('has its schema in docs/schema/plan.json', () => {
    const file = new URL('../../docs/schema/plan.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(z.toJSONSchema(planSchema, { io: 'input' }))),
    );
  });
});

describe('a command to be told by', () => {
  it.each([
    ['mail -s done me@example.org', ['mail', '-s', 'done', 'me@example.org']],
    [`mail -s 'all done' "it's \\"x\\""`, ['mail', '-s', 'all done', `it's "x"`]],
    ['a\\ b  $HOME;rm `x`', ['a b', '$HOME;rm', '`x`']],
    [`--title='night shift'`, ['--title=night shift']],
  ])('is split as people write it: %s', (text, words) => {
    expect(splitCommand(text)).toEqual(words);
  });

  it.each(['', '  ', `mail 'open`])('is refused where it is none: %j', (text) => {
    expect(() => splitCommand(text)).toThrow(/--on-finish/);
  });
});
