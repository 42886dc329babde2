import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { InputError } from '../search-space/input-error.ts';
import { loadTarget, parseTarget } from '../src/targets/npu/machine/load.ts';
import { targetSchema } from '../src/targets/npu/machine/schema.ts';
import { applyWhatIf, whatIfs } from '../src/targets/npu/machine/what-if.ts';

const PAGE = readFileSync(new URL('../docs/targets.md', import.meta.url), 'utf8');
const [, FIELDS] = PAGE.split('## Every field');

/** The part of a JSON schema that describes a target file. */
type Node = z.infer<typeof nodeSchema>;
const nodeSchema = z.object({
  type: z.string().optional(),
  const: z.union([z.string(), z.number()]).optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  get properties() {
    return z.record(z.string(), nodeSchema).optional();
  },
  get items() {
    return nodeSchema.optional();
  },
  get anyOf() {
    return z.array(nodeSchema).optional();
  },
});

const schema = nodeSchema.parse(z.toJSONSchema(targetSchema, { io: 'input' }));

/** Every field with the schema of its value: a figure's is that of its number. */
function fieldsOf(node: Node, path = ''): readonly (readonly [string, Node])[] {
  const { properties, items } = node;
  if (items?.properties !== undefined) return fieldsOf(items, `${path}[]`);
  if (properties === undefined) return [[path, node]];
  if (isFigure(node)) return [[path, properties.value]];
  return Object.entries(properties).flatMap(([key, inner]) =>
    fieldsOf(figureOrNull(inner), path === '' ? key : `${path}.${key}`),
  );
}

function isFigure({ properties }: Node): boolean {
  return Object.keys(properties ?? {}).join() === 'value,source';
}

/** A figure that may be null, with null as one of its values. */
function figureOrNull(node: Node): Node {
  const figure = node.anyOf?.find(isFigure);
  if (figure?.properties === undefined) return node;
  return { anyOf: [figure.properties.value, { type: 'null' }] };
}

/** What a field takes, in the page's words. */
function limitsOf(node: Node): string {
  if (node.anyOf !== undefined) return node.anyOf.map(limitsOf).join(', or ');
  if (node.items !== undefined) return limitsOf(node.items).replace('one of', 'any of');
  if (node.enum !== undefined)
    return node.type === 'number' ? node.enum.join(', ') : `one of ${node.enum.join(', ')}`;
  if (node.const !== undefined) return String(node.const);
  if (node.type === 'boolean') return 'true or false';
  if (node.type === 'string') return 'text';
  if (node.type === 'null') return 'null';
  const most = shown(node.maximum ?? Number.NaN);
  if (node.type === 'number' && node.exclusiveMinimum === 0) return `above 0, at most ${most}`;
  return `${node.exclusiveMinimum === 0 ? 1 : node.minimum} to ${most}`;
}

function shown(most: number): string {
  const power = Math.log2(most);
  return power >= 30 && Number.isInteger(power) ? `2^${power}` : most.toLocaleString('en');
}

/** The fields of each row's first cell with the row's second cell. */
const rows = FIELDS.split('\n').flatMap((line) => {
  const [, names = '', limits = ''] = line.split('|');
  return [...names.matchAll(/`([\w.[\]]+)`/g)].map(([, name]) => [name, limits] as const);
});

describe('docs/targets.md', () => {
  it('has a row for each field of the schema, and for no other', () => {
    const documented = rows.map(([name]) => name);
    expect(documented.toSorted()).toEqual(
      fieldsOf(schema)
        .map(([path]) => path)
        .toSorted(),
    );
  });

  it.each(fieldsOf(schema))('says what %s can be', (path, node) => {
    const [, limits] = rows.find(([name]) => name === path) ?? [];
    expect(limits).toContain(limitsOf(node));
  });

  it('names no field that does not exist', () => {
    const known = fieldsOf(schema).map(([path]) => path);
    const named = [...PAGE.matchAll(/`((?:\w+(?:\[\])?\.)+\w+)`/g)].map(([, name]) => name);
    const files = /\.(json|ts|md)$/;
    expect(named.filter((name) => !files.test(name) && !known.includes(name))).toEqual([]);
  });

  it('shows what-ifs that can be asked, and each of them', () => {
    const shownIfs = [...PAGE.matchAll(/--what-if ([\w-]+=\w+)/g)].map(([, assignment]) => assignment);
    for (const assignment of shownIfs) applyWhatIf(loadTarget('edge-2mib'), assignment);
    const names = new Set(shownIfs.map((assignment) => assignment.split('=')[0]));
    expect([...names].toSorted()).toEqual(Object.keys(whatIfs).toSorted());
  });
});

const copy = z
  .record(z.string(), z.json())
  .parse(
    JSON.parse(
      readFileSync(new URL('../src/targets/npu/machine/data/edge-2mib.json', import.meta.url), 'utf8'),
    ),
  );
const partOf = (key: string) => z.record(z.string(), z.json()).parse(copy[key]);
const figure = (value: number) => ({ value, source: 'a guess' });
const memory = z.array(z.record(z.string(), z.json())).parse(copy.memory);

it.each([
  ['a clock of 1000 GHz', { clockGHz: figure(1000) }],
  ['a bare number', { clockGHz: 1.4 }],
  ['a figure without its source', { callUs: { value: 1 } }],
  ['a field with a letter missing', { dma: { ...partOf('dma'), perQueueGB: figure(10) } }],
  ['a width that no register has', { vector: { ...partOf('vector'), bytes: figure(100) } }],
  ['a last level with a size', { memory: memory.map((level) => ({ ...level, bytes: figure(1024) })) }],
  [
    'a default that the compiler does not have',
    { compiler: { ...partOf('compiler'), default: { vectorized: true, unroll: 3, staging: 'copy' } } },
  ],
])('docs/targets.md shows the error of %s as it is', (_, change) => {
  expect(PAGE).toContain(`nightshift: ${refusalOf({ ...copy, ...change })}\n`);
});

function refusalOf(content: unknown): string {
  try {
    parseTarget(content, './mine.json');
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  return 'not refused';
}
