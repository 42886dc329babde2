import type { CodeLanguage, Element, Local, Render } from '../../../generator/language.ts';
import type { LaneType } from '../../../lowering/expressions/lane-type.ts';
import { WAT_OPERATIONS } from './wat-operations.ts';

/** Lanes of a v128. */
const LANES = 4;

/** WebAssembly text: wide values are v128. */
export const WAT: CodeLanguage = Object.freeze<CodeLanguage>({
  lanes: LANES,
  convertsHalves: false,

  constant: (type, value, wide) => {
    if (wide) return wideConstant(type, type === 'mask' ? -value : value);
    return type === 'f32' ? `(f32.const ${floatText(value)})` : `(i32.const ${value})`;
  },
  iota: (step) => `(v128.const i32x4 ${lanes((lane) => lane * step)})`,
  operation: (name, wide) => {
    const { narrow, wide: vector } = WAT_OPERATIONS[name];
    const opening = wide ? vector : narrow;
    if (opening === null) return undefined;
    return opening === '' ? ([only]) => only : (parts) => `${opening} ${parts.join(' ')})`;
  },
  shift: (op, places, { wide }) => one((x) => `(${wide ? 'i32x4' : 'i32'}.${op} ${x} (i32.const ${places}))`),
  integer: ([index]) => index,
  select: (_, wide) => (parts) => `(${wide ? 'v128.bitselect' : 'select'} ${parts.join(' ')})`,
  pick: (name, wide) => {
    if (wide) return (parts) => `(f32x4.${name} ${parts.join(' ')})`;
    return ([a, b]) => `(select ${b} ${a} (f32.lt ${name === 'pmax' ? `${a} ${b}` : `${b} ${a}`}))`;
  },
  fused: (name) => (parts) => `(f32x4.relaxed_${name} ${parts.join(' ')})`,
  divide: (op, by) => one((x) => `(i32.${op} ${x} (i32.const ${by}))`),

  splat: (type) => one((x) => `(${shape(type)}.splat ${wholeLane(type, x)})`),
  extract: (type, lane) =>
    one((x) => {
      const raw = `(${shape(type)}.extract_lane ${lane} ${x})`;
      return type === 'mask' ? `(i32.ne ${raw} (i32.const 0))` : raw;
    }),
  gather:
    (type) =>
    ([first, ...rest]) =>
      rest.reduce(
        (vector, text, lane) =>
          `(${shape(type)}.replace_lane ${lane + 1} ${vector} ${wholeLane(type, text)})`,
        `(${shape(type)}.splat ${wholeLane(type, first)})`,
      ),
  swap: (_, distance) => {
    const bytes = Array.from({ length: 16 }, (_, byte) => byte ^ (4 * distance)).join(' ');
    return one((x) => `(i8x16.shuffle ${bytes} ${x} ${x})`);
  },

  load: (element, wide, offset) => {
    if (!wide) return one((at) => `(${narrowLoad(element)} offset=${offset} ${at})`);
    return one((at) => wideLoad(element, `offset=${offset} ${at}`));
  },
  loadSplat: (offset) => one((at) => `(v128.load32_splat offset=${offset} ${at})`),
  store: (element, wide, offset) => {
    if (wide) return ([at, value]) => wideStore(element, `offset=${offset}`, at, value);
    return ([at, value]) => `(${narrowStore(element)} offset=${offset} ${at} ${value})`;
  },

  read: (name) => `(local.get $${name})`,
  set: (names, values) => {
    if (names.length === 1) return `(local.set $${names[0]} ${values[0]})`;
    return [...values, ...names.toReversed().map((name) => `(local.set $${name})`)].join('\n');
  },
  repeat: (label, body, condition) => `(loop $${label}\n${body}\n(br_if $${label} ${condition}))`,
  conditional: (condition, body) => `(if ${condition} (then\n${body}))`,
  declare: (locals) => [...locals].map(([name, local]) => `(local $${name} ${valueType(local)})`).join(' '),
});

const one =
  (render: (part: string) => string): Render =>
  ([part]) =>
    render(part);

function lanes(each: (lane: number) => number | string): string {
  return Array.from({ length: LANES }, (_, lane) => each(lane)).join(' ');
}

function shape(type: LaneType): 'f32x4' | 'i32x4' {
  return type === 'f32' ? 'f32x4' : 'i32x4';
}

function wideConstant(type: LaneType, value: number): string {
  return `(v128.const ${shape(type)} ${lanes(() => (type === 'f32' ? floatText(value) : value))})`;
}

/** A narrow mask is 0 or 1; its lane has all bits. */
function wholeLane(type: LaneType, text: string): string {
  return type === 'mask' ? `(i32.sub (i32.const 0) ${text})` : text;
}

function narrowLoad({ bytes, raw, signed }: Element): string {
  return bytes === 4 ? `${raw}.load` : `i32.load${8 * bytes}_${signed ? 's' : 'u'}`;
}

function narrowStore({ bytes, raw }: Element): string {
  return bytes === 4 ? `${raw}.store` : `i32.store${8 * bytes}`;
}

function wideLoad({ bytes, signed }: Element, memory: string): string {
  const sign = signed ? 's' : 'u';
  if (bytes === 4) return `(v128.load ${memory})`;
  if (bytes === 2) return `(v128.load16x4_${sign} ${memory})`;
  return `(i32x4.extend_low_i16x8_${sign} (i16x8.extend_low_i8x16_${sign} (v128.load32_zero ${memory})))`;
}

const NARROWING = {
  1: { bytes: [0, 4, 8, 12], store: 'v128.store32_lane' },
  2: { bytes: [0, 1, 4, 5, 8, 9, 12, 13], store: 'v128.store64_lane' },
} as const;

function wideStore(element: Element, offset: string, at: string, value: string): string {
  if (element.bytes === 4) return `(v128.store ${offset} ${at} ${value})`;
  const { bytes, store } = NARROWING[element.bytes];
  const picked = [...bytes, ...Array.from({ length: 16 - bytes.length }, () => 0)].join(' ');
  return `(${store} ${offset} 0 ${at} (i8x16.shuffle ${picked} ${value} (v128.const i32x4 0 0 0 0)))`;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (value === Number.POSITIVE_INFINITY) return 'inf';
  if (value === Number.NEGATIVE_INFINITY) return '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

function valueType({ type, wide }: Local): string {
  if (wide) return 'v128';
  return type === 'f32' ? 'f32' : 'i32';
}
