import type { DType } from '../../kernels/ir.ts';
import { type CallStatement, callExpression, callStatements, numberOf, numbersOf } from './python-text.ts';

/** A tensor as a wrapper makes or views it; what it does not say is undefined. */
export type TensorView = Readonly<{
  sizes?: readonly number[] | undefined;
  strides?: readonly number[] | undefined;
  dtype?: DType | undefined;
}>;

/** What a wrapper's `call` launches, in order. */
export type Launch =
  /** A Triton kernel with the values of its integer arguments. */
  | Readonly<{ kind: 'triton'; name: string; numels: Readonly<Record<string, number>>; symbolic: boolean }>
  /** A matrix product of a library; `bias` for addmm. */
  | Readonly<{
      kind: 'product';
      name: string;
      left: TensorView;
      right: TensorView;
      result: TensorView;
      bias?: TensorView;
      alpha: number;
      beta: number;
    }>
  /** Anything else that computes. */
  | Readonly<{ kind: 'other'; name: string }>;

const DTYPES: ReadonlyMap<string, DType> = new Map(
  Object.entries<DType>({
    'torch.float16': 'f16',
    'torch.bfloat16': 'bf16',
    'torch.float32': 'f32',
    'torch.float64': 'f64',
    'torch.int8': 'i8',
    'torch.uint8': 'u8',
    'torch.int16': 'i16',
    'torch.int32': 'i32',
    'torch.int64': 'i64',
    'torch.bool': 'bool',
  }),
);
const PRODUCTS = ['mm', 'addmm', 'bmm', 'baddbmm'];

/** Whether a Python text is a wrapper (and not the source of one kernel). */
export function isWrapper(text: string): boolean {
  return /^\s*def (call|partition_\d+)\(/m.test(text) && text.includes('AsyncCompile');
}

/** The launches of a wrapper. `integers` names a kernel's integer arguments where its source is not here. */
export function launchesOf(text: string, integers: ReadonlyMap<string, readonly string[]>): Launch[] {
  const signatures = signaturesOf(text);
  const tensors = new Map<string, TensorView>();
  const launches: Launch[] = [];
  for (const statement of callStatements(text)) {
    const made = tensorOf(statement, tensors);
    if (made !== undefined) tensors.set(...made);
    const launch = launchOf(statement, tensors, (name) => signatures.get(name) ?? integers.get(name) ?? []);
    if (launch !== undefined) launches.push(launch);
  }
  return launches;
}

/** Of every kernel whose source the wrapper holds: its integer arguments, in order. */
function signaturesOf(text: string): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const match of text.matchAll(/async_compile\.triton\('(\w+)'[\s\S]*?'signature':\s*\{([^}]*)\}/g)) {
    const pairs = [...match[2].matchAll(/'(\w+)':\s*'([^']*)'/g)];
    found.set(
      match[1],
      pairs.filter(([, , type]) => /^[iu]\d+$/.test(type)).map(([, name]) => name),
    );
  }
  return found;
}

/** The tensor a statement names, if it does. */
function tensorOf(
  { target, callee, positional }: CallStatement,
  tensors: ReadonlyMap<string, TensorView>,
): [string, TensorView] | undefined {
  if (callee === 'assert_size_stride') {
    const [name = '', sizes, strides] = positional;
    return [name, { ...tensors.get(name), sizes: numbersOf(sizes), strides: numbersOf(strides) }];
  }
  if (target === undefined) return undefined;
  if (callee.startsWith('empty_strided')) {
    const [sizes, strides, dtype = ''] = positional;
    return [target, { sizes: numbersOf(sizes), strides: numbersOf(strides), dtype: DTYPES.get(dtype) }];
  }
  if (callee === '' || callee === 'reinterpret_tensor') {
    const text = callee === '' ? positional[0] : `${callee}(${positional.join(', ')})`;
    return [target, viewOf(text, tensors)];
  }
  return undefined;
}

/** The tensor an argument stands for: a name, or a view of one. */
function viewOf(text: string, tensors: ReadonlyMap<string, TensorView>): TensorView {
  const view = callExpression(text);
  if (view?.callee !== 'reinterpret_tensor') return tensors.get(text.trim()) ?? {};
  const [base = '', sizes, strides] = view.positional;
  return { dtype: tensors.get(base)?.dtype, sizes: numbersOf(sizes), strides: numbersOf(strides) };
}

function launchOf(
  statement: CallStatement,
  tensors: ReadonlyMap<string, TensorView>,
  integersOf: (name: string) => readonly string[],
): Launch | undefined {
  const { callee, positional } = statement;
  const triton = /^(triton_\w+)\.run$/.exec(callee);
  if (triton !== null) return tritonLaunch(triton[1], positional, integersOf(triton[1]));
  const external = /^extern_kernels\.(\w+)$/.exec(callee);
  if (external !== null && PRODUCTS.includes(external[1]))
    return productLaunch(external[1], statement, tensors);
  const computes =
    external !== null || /^(torch\.ops|aten|cpp_fused|fallback)/.test(callee) || callee.endsWith('.copy_');
  return computes && statement.positional.length > 0 ? { kind: 'other', name: callee } : undefined;
}

/** The last arguments of a launch are the kernel's integers. */
function tritonLaunch(name: string, positional: readonly string[], integers: readonly string[]): Launch {
  const values = positional.slice(positional.length - integers.length);
  const numels: Record<string, number> = {};
  for (const [n, integer] of integers.entries()) {
    const value = numberOf(values[n]);
    if (value !== undefined) numels[integer] = value;
  }
  return { kind: 'triton', name, numels, symbolic: Object.keys(numels).length < integers.length };
}

function productLaunch(
  name: string,
  { positional, named, target }: CallStatement,
  tensors: ReadonlyMap<string, TensorView>,
): Launch {
  const views = positional.map((argument) => viewOf(argument, tensors));
  const [bias, left = {}, right = {}] = name.includes('add') ? views : [undefined, ...views];
  const result = viewOf(named.get('out') ?? target ?? '', tensors);
  const alpha = Number(named.get('alpha') ?? 1);
  const beta = Number(named.get('beta') ?? 1);
  return { kind: 'product', name, left, right, result, alpha, beta, ...(bias === undefined ? {} : { bias }) };
}
