import type { CodeLanguage, Element, Local, Render } from '../generator/language.ts';
import type { LaneType } from '../lowering/expressions/lane-type.ts';
import { C_OPERATIONS } from './c-operations.ts';

/**
 * C with the vector types of lanes.h: wide values are `F` and `I` of so many lanes. Compilers cannot vectorise its
 * conversions of f16 themselves.
 */
export function cLanguage(lanes: number, convertsHalves: boolean): CodeLanguage {
  const perLane = (each: (lane: number) => string | number): string =>
    Array.from({ length: lanes }, (_, lane) => each(lane)).join(', ');
  return Object.freeze<CodeLanguage>({
    lanes,
    convertsHalves,

    constant: (type, value, wide) => constantText(type, value, wide),
    iota: (step) => `(I){${perLane((lane) => lane * step)}}`,
    operation: (name, wide) => {
      const writing = C_OPERATIONS[name][wide ? 'wide' : 'narrow'];
      if (writing === null) return undefined;
      if ('call' in writing) return (parts) => `${writing.call}(${parts.join(', ')})`;
      const { operator } = writing;
      return ([a, b]) => (b === undefined ? `(${operator}${a})` : `(${a} ${operator} ${b})`);
    },
    shift: (op, places, of) => one((x) => shiftText(op, places, of, x)),
    integer: one((index) => `((int)${index})`),
    select: (type, wide) => {
      if (!wide) return ([yes, no, when]) => `(${when} ? ${yes} : ${no})`;
      return (parts) => `select_${type === 'f32' ? 'f' : 'i'}(${parts.join(', ')})`;
    },
    pick: (name, wide) => {
      if (wide) return (parts) => `${name}(${parts.join(', ')})`;
      return ([a, b]) => `(${name === 'pmax' ? `${a} < ${b}` : `${b} < ${a}`} ? ${b} : ${a})`;
    },
    // The compiler fuses them, where it is told to.
    fused:
      (name) =>
      ([a, b, c]) =>
        name === 'madd' ? `(${a} * ${b} + ${c})` : `(${c} - ${a} * ${b})`,
    divide: (op, by) => one((x) => `((int)((unsigned)${x} ${op === 'rem_u' ? '%' : '/'} ${by}u))`),

    splat: (type) => one((x) => `splat_${type === 'f32' ? 'f' : 'i'}(${wholeLane(type, x)})`),
    extract: (type, lane) => one((x) => (type === 'mask' ? `(${x}[${lane}] != 0)` : `${x}[${lane}]`)),
    gather: (type) => (parts) => `(${vectorOf(type)}){${parts.map((x) => wholeLane(type, x)).join(', ')}}`,
    swap: (_, distance) => one((x) => `SHUFFLE(${x}, ${perLane((lane) => lane ^ distance)})`),

    load: (element, wide, offset) => one((at) => loadText(element, wide, moved(at, offset))),
    loadSplat: (offset) => one((at) => `splat_f(*(const float *)${moved(at, offset)})`),
    store:
      (element, wide, offset) =>
      ([at, value]) =>
        storeText(element, wide, moved(at, offset), value),
    stream:
      (offset) =>
      ([at, value]) =>
        `stream(${moved(at, offset)}, (F)${value});`,
    prefetch: (offset) => one((at) => `__builtin_prefetch(${moved(at, offset)});`),

    read: (name) => name,
    set: (names, values) => {
      if (names.length === 1) return `${names[0]} = ${values[0]};`;
      const first = names.map((name, n) => `__typeof__(${name}) next${n} = ${values[n]};`);
      return `{ ${[...first, ...names.map((name, n) => `${name} = next${n};`)].join(' ')} }`;
    },
    repeat: (_, body, condition) => `do {\n${body}\n} while (${condition});`,
    conditional: (condition, body) => `if (${condition}) {\n${body}\n}`,
    declare: (locals) => [...locals].map(([name, local]) => `${typeOf(local)} ${name};`).join('\n'),
  });
}

const one =
  (render: (part: string) => string): Render =>
  ([part]) =>
    render(part);

function constantText(type: LaneType, value: number, wide: boolean): string {
  if (type === 'f32') return wide ? `splat_f(${floatText(value)})` : floatText(value);
  const whole = value === -(2 ** 31) ? '(-2147483647 - 1)' : String(value);
  return wide ? `splat_i(${wholeLane(type, whole)})` : whole;
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return '__builtin_nanf("")';
  if (!Number.isFinite(value)) return value > 0 ? '__builtin_inff()' : '(-__builtin_inff())';
  const digits = Object.is(value, -0) ? '-0' : String(value);
  const text = `${/[.e]/.test(digits) ? digits : `${digits}.0`}f`;
  return text.startsWith('-') ? `(${text})` : text;
}

/** A narrow mask is 0 or 1; its lane has all bits. */
function wholeLane(type: LaneType, text: string): string {
  return type === 'mask' ? `-(${text})` : text;
}

function shiftText(op: 'shl' | 'shr_s' | 'shr_u', places: number, { type, wide }: Local, x: string): string {
  // A compiler that vectorises loops must see that an index grows evenly.
  if (type === 'index' && op === 'shl') return `(${x} * ${2 ** places})`;
  if (op === 'shr_s') return `(${x} >> ${places})`;
  const [whole, bits] = wide ? ['I', 'U'] : ['int', 'unsigned'];
  return `((${whole})((${bits})${x} ${op === 'shl' ? '<<' : '>>'} ${places}))`;
}

function moved(at: string, offset: number): string {
  return offset === 0 ? at : `(${at} + ${offset})`;
}

function loadText(element: Element, wide: boolean, at: string): string {
  if (element.half)
    return wide ? `from_half_w(*(const U16_at *)${at})` : `from_half_s(*(const uint16_t *)${at})`;
  if (!wide) return `(*(const ${narrowType(element)} *)${at})`;
  const stored = `(*(const ${wideType(element)} *)${at})`;
  return element.bytes === 4 ? stored : `__builtin_convertvector(${stored}, I)`;
}

function storeText(element: Element, wide: boolean, at: string, value: string): string {
  if (element.half)
    return wide ? `*(U16_at *)${at} = to_half_w(${value});` : `*(uint16_t *)${at} = to_half_s(${value});`;
  if (!wide) return `*(${narrowType(element)} *)${at} = ${value};`;
  const type = wideType(element);
  const stored =
    element.bytes === 4 ? value : `__builtin_convertvector(${value}, ${type.replace('_at', '')})`;
  return `*(${type} *)${at} = ${stored};`;
}

function narrowType({ bytes, raw, signed }: Element): string {
  if (bytes === 4) return raw === 'f32' ? 'float' : 'int32_t';
  return `${signed ? '' : 'u'}int${8 * bytes}_t`;
}

function wideType({ bytes, raw, signed }: Element): string {
  if (bytes === 4) return raw === 'f32' ? 'F_at' : 'I_at';
  return `${signed ? 'S' : 'U'}${8 * bytes}_at`;
}

function vectorOf(type: LaneType): string {
  return type === 'f32' ? 'F' : 'I';
}

function typeOf({ type, wide }: Local): string {
  if (type === 'address') return 'char *';
  if (type === 'index') return 'long';
  if (wide) return vectorOf(type);
  return type === 'f32' ? 'float' : 'int';
}
