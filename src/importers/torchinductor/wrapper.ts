import type { DType } from '../../kernels/ir.ts';
import { type Launchable, launchablesOf } from './launchables.ts';
import { type CallStatement, callExpression, callStatements, numbersOf } from './python-text.ts';
import { argumentsFor, type Grids, type TritonLaunch, tritonLaunch } from './triton-launch.ts';

/** A tensor as a wrapper makes or views it; what it does not say is undefined. */
export type TensorView = Readonly<{
  sizes?: readonly number[] | undefined;
  strides?: readonly number[] | undefined;
  dtype?: DType | undefined;
}>;

/** What a wrapper's `call` launches, in order. */
export type Launch =
  | TritonLaunch
  /** One of several Triton kernels that compute the same; which one is measured when the model runs. */
  | Readonly<{ kind: 'choice'; name: string; alternatives: readonly TritonLaunch[] }>
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
  /** Anything else that computes, and why it is no kernel here. */
  | Readonly<{ kind: 'other'; name: string; reason: string }>;

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

/** The launches of a wrapper. */
export function launchesOf(text: string): Launch[] {
  const definitions = launchablesOf(text);
  const tensors = new Map<string, TensorView>();
  const scope = { definitions, tensors, grids: gridFunctions(text) };
  const launches: Launch[] = [];
  for (const statement of callStatements(text)) {
    const made = tensorOf(statement, tensors);
    if (made !== undefined) tensors.set(...made);
    const launch = launchOf(statement, scope);
    if (launch !== undefined) launches.push(launch);
  }
  return launches;
}

type Scope = Readonly<{
  definitions: ReadonlyMap<string, Launchable>;
  tensors: ReadonlyMap<string, TensorView>;
  grids: Grids;
}>;

/** `def grid_wrapper_for_k(meta): return (3, 1, 1)` of older releases. */
function gridFunctions(text: string): Grids {
  const found = new Map<string, readonly number[]>();
  for (const [, name, tuple] of text.matchAll(
    /def (grid_wrapper_for_\w+)\(meta\):\s*return (\([^\n)]{0,200}\))/g,
  )) {
    const grid = numbersOf(tuple);
    if (grid !== undefined) found.set(name, grid);
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

function launchOf(statement: CallStatement, scope: Scope): Launch | undefined {
  const { callee, positional } = statement;
  const launched = /^(\w+)\.run$/.exec(callee)?.[1];
  if (launched !== undefined) return definedLaunch(launched, statement, scope);
  const external = /^extern_kernels\.(\w+)$/.exec(callee);
  if (external !== null && PRODUCTS.includes(external[1]))
    return productLaunch(external[1], statement, scope.tensors);
  const computes =
    external !== null || /^(torch\.ops|aten|cpp_fused|fallback)/.test(callee) || callee.endsWith('.copy_');
  if (!computes || positional.length === 0) return undefined;
  const reason = 'no Triton kernel and no matrix product: a library or the runtime does it';
  return { kind: 'other', name: callee, reason };
}

function definedLaunch(name: string, statement: CallStatement, scope: Scope): Launch {
  const definition = scope.definitions.get(name);
  if (definition === undefined)
    return { kind: 'other', name, reason: 'the wrapper does not define it: its arguments are not known' };
  if (definition.kind === 'kernel') return tritonLaunch(definition, statement, scope.grids);
  const alternatives = definition.alternatives.flatMap((alternative) => {
    const kernel = scope.definitions.get(alternative.variable);
    return kernel?.kind === 'kernel'
      ? [tritonLaunch(kernel, argumentsFor(alternative, statement), scope.grids)]
      : [];
  });
  return { kind: 'choice', name, alternatives };
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
