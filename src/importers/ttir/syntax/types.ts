import type { TensorType, Type } from './ast.ts';

const FLOATS: Readonly<Record<string, number>> = { f16: 16, bf16: 16, f32: 32, f64: 64 };
const MAX_RANK = 16;
const MAX_ELEMENTS = 2 ** 31;

/** A type from its text; `other` for what this importer has no use for. */
export function typeFromText(text: string): Type {
  const trimmed = text.trim();
  const float = FLOATS[trimmed];
  if (float !== undefined && Object.hasOwn(FLOATS, trimmed)) {
    return { kind: 'float', name: trimmed, bits: float };
  }
  if (trimmed === 'index') return { kind: 'int', name: 'i64', bits: 64 };
  const int = /^i(1|8|16|32|64)$/.exec(trimmed);
  if (int !== null) return { kind: 'int', name: `i${int[1]}`, bits: Number(int[1]) };
  const compound = pointerFromText(trimmed) ?? tensorFromText(trimmed) ?? descriptorFromText(trimmed);
  return compound ?? unnamedFromText(trimmed) ?? { kind: 'other', text: trimmed };
}

/** `!tt.tensordesc<tensor<32x64xf16>>`, or with the tensor's own text alone, as newer Tritons write it. */
function descriptorFromText(text: string): Type | undefined {
  const inner = /^!tt\.tensordesc<(.*)>$/s.exec(text)?.[1];
  const block = inner === undefined ? undefined : blockFromText(inner);
  return block === undefined ? undefined : { kind: 'descriptor', block };
}

function blockFromText(text: string): TensorType | undefined {
  return tensorFromText(text.startsWith('tensor<') ? text : `tensor<${text}>`);
}

/** `<f16>`, `<tensor<32x64xf16>>`, `<32x64xf16>`: what a pointer or a descriptor is of. */
function unnamedFromText(text: string): Type | undefined {
  const inner = /^<(.*)>$/s.exec(text)?.[1];
  if (inner === undefined) return undefined;
  const isBlock = inner.startsWith('tensor<') || /^\d/.test(inner);
  const pointee = isBlock ? blockFromText(inner) : typeFromText(inner);
  return pointee === undefined ? undefined : { kind: 'pointer', pointee };
}

function pointerFromText(text: string): Type | undefined {
  const match = /^!tt\.ptr<(.*)>$/s.exec(text);
  if (match === null) return undefined;
  return { kind: 'pointer', pointee: typeFromText(match[1].replace(/,\s*\d+\s*$/, '')) };
}

function tensorFromText(text: string): TensorType | undefined {
  const match = /^tensor<((?:\d+x)*)./.exec(text);
  if (match === null || !text.endsWith('>')) return undefined;
  const shape = match[1].split('x').slice(0, -1).map(Number);
  const inner = text.slice('tensor<'.length + match[1].length, -1);
  if (shape.length > MAX_RANK || shape.reduce((all, size) => all * size, 1) > MAX_ELEMENTS) return undefined;
  if (shape.some((size) => size < 1)) return undefined;
  return { kind: 'tensor', shape, element: typeFromText(beforeEncoding(inner)) };
}

/** `f32, #blocked` → `f32`; the comma inside `!tt.ptr<f32, 1>` stays. */
function beforeEncoding(inner: string): string {
  let depth = 0;
  for (let at = 0; at < inner.length; at++) {
    if (inner[at] === '<') depth += 1;
    if (inner[at] === '>') depth -= 1;
    if (inner[at] === ',' && depth === 0) return inner.slice(0, at);
  }
  return inner;
}

/** How a type is written, for error messages. */
export function typeName(type: Type): string {
  if (type.kind === 'other') return type.text;
  if (type.kind === 'pointer') return `!tt.ptr<${typeName(type.pointee)}>`;
  if (type.kind === 'tensor')
    return `tensor<${type.shape.map((size) => `${size}x`).join('')}${typeName(type.element)}>`;
  return type.kind === 'descriptor' ? `!tt.tensordesc<${typeName(type.block)}>` : type.name;
}
