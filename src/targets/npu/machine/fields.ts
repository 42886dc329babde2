import { z } from 'zod';
import { type SimulatedTarget, targetSchema } from './schema.ts';

/** The part of a JSON Schema that says what a field of a target file takes. */
export type FieldRange = z.infer<typeof limitsSchema>;
const limitsSchema = z.object({
  type: z.string().optional(),
  const: z.union([z.string(), z.number()]).optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  minimum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  maximum: z.number().optional(),
  get properties() {
    return z.record(z.string(), limitsSchema).optional();
  },
  get items() {
    return limitsSchema.optional();
  },
  get anyOf() {
    return z.array(limitsSchema).optional();
  },
});

export type FieldValue = number | string | boolean | null;

/** Every field of a target file with what it takes, a figure's being that of its number; `[]` is each entry of a list. */
export function targetFields(): readonly (readonly [path: string, limits: FieldRange])[] {
  return fieldsOf(limitsSchema.parse(z.toJSONSchema(targetSchema, { io: 'input' })), '');
}

/** The fields of a target that have one value each, by their paths: 'memory.0.bytes'. Texts of any length are none. */
export function singleFields(target: SimulatedTarget): ReadonlyMap<string, FieldRange> {
  const single = targetFields().filter(
    ([, limits]) => limits.items === undefined && limits.const === undefined && !isFreeText(limits),
  );
  const present = single.filter(([path]) => target.matrix !== undefined || !path.startsWith('matrix.'));
  return new Map(
    present.flatMap(([path, limits]) =>
      path.includes('[]')
        ? target.memory.map((_, place) => [path.replace('[]', `.${place}`), limits] as const)
        : [[path, limits] as const],
    ),
  );
}

/** What a field takes, in words: "above 0, at most 10"; "16, 32, 64"; "1 to 64, or null". */
export function permittedText(limits: FieldRange): string {
  if (limits.anyOf !== undefined) return limits.anyOf.map(permittedText).join(', or ');
  if (limits.items !== undefined) return permittedText(limits.items).replace('one of', 'any of');
  if (limits.enum !== undefined)
    return limits.type === 'number' ? limits.enum.join(', ') : `one of ${limits.enum.join(', ')}`;
  if (limits.const !== undefined) return String(limits.const);
  if (limits.type === 'boolean') return 'true or false';
  if (limits.type === 'string') return 'text';
  if (limits.type === 'null') return 'null';
  const most = shownLimit(limits.maximum ?? Number.NaN);
  if (limits.type === 'number' && limits.exclusiveMinimum === 0) return `above 0, at most ${most}`;
  return `${limits.exclusiveMinimum === 0 ? 1 : limits.minimum} to ${most}`;
}

/** The value that a word gives a field: '20', '2^20', 'true', 'null'. Undefined where the field cannot be that. */
export function fieldValue(word: string, limits: FieldRange): FieldValue | undefined {
  const forms = limits.anyOf ?? [limits];
  return forms.map((form) => valueAs(word, form)).find((value) => value !== undefined);
}

function valueAs(
  word: string,
  { type, enum: words, const: only, ...bounds }: FieldRange,
): FieldValue | undefined {
  const known = words ?? (only === undefined ? undefined : [only]);
  if (known !== undefined) return known.find((value) => String(value) === word || value === numberOf(word));
  if (type === 'null') return word === 'null' ? null : undefined;
  if (type === 'boolean') return word === 'true' ? true : word === 'false' ? false : undefined;
  const value = numberOf(word);
  const isWithin =
    value <= (bounds.maximum ?? Number.POSITIVE_INFINITY) &&
    value >= (bounds.minimum ?? Number.NEGATIVE_INFINITY) &&
    value > (bounds.exclusiveMinimum ?? Number.NEGATIVE_INFINITY);
  return isWithin && (type !== 'integer' || Number.isInteger(value)) ? value : undefined;
}

/** NaN for a word that is no number. */
function numberOf(word: string): number {
  const power = /^2\^(\d{1,2})$/.exec(word);
  if (power !== null) return 2 ** Number(power[1]);
  return /^\d+(\.\d+)?(e[+-]?\d+)?$/i.test(word) ? Number(word) : Number.NaN;
}

function fieldsOf(limits: FieldRange, path: string): readonly (readonly [string, FieldRange])[] {
  const { properties, items } = limits;
  if (items?.properties !== undefined) return fieldsOf(items, `${path}[]`);
  if (properties === undefined) return [[path, limits]];
  if (isFigure(limits)) return [[path, properties.value]];
  return Object.entries(properties).flatMap(([key, inner]) =>
    fieldsOf(figureOrNull(inner), path === '' ? key : `${path}.${key}`),
  );
}

function isFigure({ properties }: FieldRange): boolean {
  return /^value,source(,range)?$/.test(Object.keys(properties ?? {}).join());
}

/** A figure that may be null, with null as one of its values. */
function figureOrNull(limits: FieldRange): FieldRange {
  const figure = limits.anyOf?.find(isFigure);
  if (figure?.properties === undefined) return limits;
  return { anyOf: [figure.properties.value, { type: 'null' }] };
}

function isFreeText({ type, enum: words }: FieldRange): boolean {
  return type === 'string' && words === undefined;
}

function shownLimit(most: number): string {
  const power = Math.log2(most);
  return power >= 30 && Number.isInteger(power) ? `2^${power}` : most.toLocaleString('en');
}
