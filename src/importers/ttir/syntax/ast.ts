import type { Place } from '../refusal.ts';

/** What the parser makes of a TTIR text. Pretty and generic forms of an operation look alike here. */

export type ScalarType = Readonly<{ kind: 'float' | 'int'; name: string; bits: number }>;
export type PointerType = Readonly<{ kind: 'pointer'; pointee: Type }>;
export type TensorType = Readonly<{ kind: 'tensor'; shape: readonly number[]; element: Type }>;
/** A type this importer has no use for; an operation that needs it is refused there. */
export type OtherType = Readonly<{ kind: 'other'; text: string }>;
/** Of an array of which tiles like `block` are read and written. */
export type DescriptorType = Readonly<{ kind: 'descriptor'; block: TensorType }>;
export type Type = ScalarType | PointerType | TensorType | DescriptorType | OtherType;

export type Attribute =
  | Readonly<{ kind: 'number'; text: string; type?: Type }>
  | Readonly<{ kind: 'bool'; value: boolean }>
  | Readonly<{ kind: 'string'; value: string }>
  | Readonly<{ kind: 'list'; items: readonly Attribute[] }>
  | Readonly<{ kind: 'dict'; entries: ReadonlyMap<string, Attribute> }>
  | Readonly<{ kind: 'dense'; items: readonly Attribute[]; type?: Type }>
  | Readonly<{ kind: 'type'; type: Type }>
  | Readonly<{ kind: 'other'; text: string }>;

export type Argument = Readonly<{ name: string; type: Type }>;
export type Block = Readonly<{ arguments: readonly Argument[]; operations: readonly Operation[] }>;
export type Region = Readonly<{ blocks: readonly Block[] }>;

export type Operation = Place &
  Readonly<{
    name: string;
    /** One SSA name a result: `%5:3 = …` gives %5#0, %5#1, %5#2. */
    results: readonly string[];
    operands: readonly string[];
    /** Bare words of the pretty form: `slt`, `x`, `evictionPolicy`. */
    words: readonly string[];
    attributes: ReadonlyMap<string, Attribute>;
    /** Types before and after `->` (or `to`). A pretty form may state only some of them. */
    types: readonly Type[];
    resultTypes: readonly Type[];
    regions: readonly Region[];
    /** The symbol of a call. */
    callee?: string;
  }>;

export type FunctionDefinition = Place &
  Readonly<{ name: string; public: boolean; arguments: readonly Argument[]; body: Region }>;

export type Module = Readonly<{ file: string; functions: readonly FunctionDefinition[] }>;
