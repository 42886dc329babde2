import type { Block, FunctionDefinition, Operation } from '../../src/importers/ttir/syntax/ast.ts';
import { attributeList, constantTensor, whole } from './attributes.ts';
import { comparison, LIBRARY, PREDICATES, SIMPLE } from './scalar-functions.ts';
import {
  elementName,
  elementwise,
  Fault,
  flat,
  forEachPoint,
  like,
  scalar,
  shapeOf,
  type Tensor,
} from './tensor.ts';
import { descriptor, dot, tileOf } from './tile-operations.ts';

/**
 * Executes Triton IR literally, with masks: program by program, lane by lane, in float64. It shares only the
 * parser with the importer, so that the two can disagree.
 */
export type Memory = Map<string, Float64Array>;

export function interpret(
  main: FunctionDefinition,
  memory: Memory,
  scalars: Record<string, number>,
  grid: readonly number[],
): void {
  const [gx = 1, gy = 1, gz = 1] = grid;
  for (let z = 0; z < gz; z++) {
    for (let y = 0; y < gy; y++) {
      for (let x = 0; x < gx; x++) new Program(memory, [x, y, z], [gx, gy, gz]).execute(main, scalars);
    }
  }
}

class Program {
  private readonly values = new Map<string, Tensor>();
  private readonly memory: Memory;
  private readonly pid: readonly number[];
  private readonly grid: readonly number[];

  constructor(memory: Memory, pid: readonly number[], grid: readonly number[]) {
    this.memory = memory;
    this.pid = pid;
    this.grid = grid;
  }

  execute(main: FunctionDefinition, scalars: Record<string, number>): void {
    for (const { name, type } of main.arguments) {
      const plain = name.slice(1);
      const value =
        type.kind === 'pointer' ? 0 : (scalars[plain] ?? this.memory.get(plain)?.[0] ?? Number.NaN);
      const tensor: Tensor = { shape: [], data: Float64Array.of(value), type: elementName(type) };
      if (type.kind === 'pointer') tensor.base = plain;
      this.values.set(name, tensor);
    }
    this.block(main.body.blocks[0]!);
  }

  private block(block: Block): Tensor[] {
    for (const op of block.operations) {
      const operands = (): Tensor[] => op.operands.map((name) => this.get(name));
      if (/(\.return|\.yield)$/.test(op.name)) return operands();
      const results = this.operation(op, operands());
      op.results.forEach((name, n) => {
        this.values.set(name, results[n]!);
      });
    }
    return [];
  }

  private get(name: string): Tensor {
    const found = this.values.get(name) ?? this.values.get(name.replace(/#0$/, ''));
    if (found === undefined) throw new Fault(`${name} is not defined`);
    return found;
  }

  private operation(op: Operation, x: Tensor[]): Tensor[] {
    const short = op.name.replace(/^(arith|math|tt|scf)\./, '');
    const [a, b, c] = x;
    switch (op.name) {
      case 'tt.assert':
      case 'gpu.barrier':
        return [];
      case 'arith.constant':
        return [constantTensor(op)];
      case 'tt.get_program_id':
        return [scalar(this.pid['xyz'.indexOf(op.words[0] ?? 'x')]!, 'i32')];
      case 'tt.get_num_programs':
        return [scalar(this.grid['xyz'.indexOf(op.words[0] ?? 'x')]!, 'i32')];
      case 'tt.make_range': {
        const [start, end] = [whole(op, 'start'), whole(op, 'end')];
        return [
          {
            shape: [end - start],
            data: Float64Array.from({ length: end - start }, (_, i) => start + i),
            type: 'i32',
          },
        ];
      }
      case 'tt.splat': {
        const shape = shapeOf(op.resultTypes[0]!);
        const data = new Float64Array(shape.reduce((all, size) => all * size, 1)).fill(a!.data[0]!);
        return [{ ...a!, shape, data }];
      }
      case 'tt.expand_dims':
        return [{ ...a!, shape: a!.shape.toSpliced(whole(op, 'axis'), 0, 1) }];
      case 'tt.reshape':
        return [{ ...a!, shape: shapeOf(op.resultTypes[0]!) }];
      case 'tt.broadcast': {
        const shape = shapeOf(op.resultTypes[0]!);
        return [
          like(
            a!,
            shape,
            (at) =>
              a!.data[
                flat(
                  a!.shape,
                  at.map((i, n) => (a!.shape[n] === 1 ? 0 : i)),
                )
              ]!,
          ),
        ];
      }
      case 'tt.trans': {
        const order = attributeList(op, 'order') ?? a!.shape.map((_, n) => a!.shape.length - 1 - n);
        const shape = order.map((n) => a!.shape[n]!);
        return [
          like(
            a!,
            shape,
            (at) =>
              a!.data[
                flat(
                  a!.shape,
                  a!.shape.map((_, n) => at[order.indexOf(n)]!),
                )
              ]!,
          ),
        ];
      }
      case 'tt.join':
        return [
          like(
            a!,
            [...a!.shape, 2],
            (at) => (at.at(-1) === 0 ? a! : b!).data[flat(a!.shape, at.slice(0, -1))]!,
          ),
        ];
      case 'tt.addptr': {
        const shape = a!.shape;
        return [{ ...a!, data: a!.data.map((value, i) => value + b!.data[shape.length === 0 ? 0 : i]!) }];
      }
      case 'tt.load':
        return [this.load(op, a!, b, c)];
      case 'tt.store':
        this.store(a!, b!, c);
        return [];
      case 'tt.make_tensor_descriptor':
        return [descriptor(op, x)];
      case 'tt.descriptor_load':
      case 'tt.experimental_descriptor_load': {
        const shape = shapeOf(op.resultTypes[0]!);
        return [this.load(op, ...tileOf(a!, shape, x.slice(1)))];
      }
      case 'tt.descriptor_store':
      case 'tt.experimental_descriptor_store': {
        const value = x.find(({ shape }, n) => n > 0 && shape.length > 0)!;
        const starts = x.filter((one, n) => n > 0 && one !== value);
        const [pointers, inside] = tileOf(a!, value.shape, starts);
        this.store(pointers, value, inside);
        return [];
      }
      case 'tt.dot':
        return [dot(a!, b!, c!)];
      case 'tt.reduce':
        return this.reduce(op, x);
      case 'scf.for':
        return this.loop(op, x);
      case 'scf.if':
        return this.block(op.regions[a!.data[0] !== 0 ? 0 : 1]!.blocks[0]!);
      case 'arith.select': {
        const pick = (i: number): number =>
          (a!.data[a!.shape.length === 0 ? 0 : i]! !== 0 ? b! : c!).data[i]!;
        return [{ ...b!, data: b!.data.map((_, i) => pick(i)) }];
      }
      case 'tt.bitcast':
        return [{ ...a!, type: elementName(op.resultTypes[0]!) }];
      case 'tt.pure_extern_elementwise':
      case 'tt.extern_elementwise': {
        const symbol = op.attributes.get('symbol');
        const name = symbol?.kind === 'string' ? symbol.value.replace(/^__nv_(fast_)?/, '') : '';
        const f = LIBRARY[name] ?? LIBRARY[name.replace(/f$/, '')];
        if (f === undefined) throw new Fault(`library function ${name}`);
        return [elementwise(x, f, elementName(op.resultTypes[0]!))];
      }
      case 'arith.cmpf':
      case 'arith.cmpi':
        return [
          elementwise(
            x,
            comparison(op.words[0] ?? PREDICATES[whole(op, 'predicate')]!, op.name === 'arith.cmpf'),
            'i1',
          ),
        ];
      case 'arith.fptosi':
      case 'arith.trunci':
        return [elementwise(x, (v) => Math.trunc(v!), elementName(op.resultTypes[0]!))];
      case 'arith.extsi':
      case 'arith.extui':
      case 'arith.extf':
      case 'arith.truncf':
      case 'arith.sitofp':
      case 'arith.uitofp':
      case 'tt.fp_to_fp':
        return [{ ...a!, type: elementName(op.resultTypes[0]!) }];
      default: {
        const f = SIMPLE[short] ?? LIBRARY[short];
        if (f === undefined) throw new Fault(`operation ${op.name}`);
        return [elementwise(x, f, a!.type)];
      }
    }
  }

  private load(op: Operation, pointer: Tensor, mask?: Tensor, other?: Tensor): Tensor {
    const source = this.memory.get(pointer.base!);
    const data = pointer.data.map((at, i) => {
      if (mask !== undefined && mask.data[i] === 0) return other?.data[i] ?? 0;
      const value = source?.[at];
      if (value === undefined) throw new Fault(`line ${op.line}: read of ${pointer.base}[${at}]`);
      return value;
    });
    return { shape: pointer.shape, data, type: pointer.type };
  }

  private store(pointer: Tensor, value: Tensor, mask?: Tensor): void {
    const target = this.memory.get(pointer.base!)!;
    pointer.data.forEach((at, i) => {
      if (mask !== undefined && mask.data[i] === 0) return;
      if (!(at >= 0 && at < target.length)) throw new Fault(`write of ${pointer.base}[${at}]`);
      target[at] = value.data[i]!;
    });
  }

  private reduce(op: Operation, inputs: Tensor[]): Tensor[] {
    const axis = whole(op, 'axis');
    const block = op.regions[0]!.blocks[0]!;
    const { shape } = inputs[0]!;
    const rest = shape.toSpliced(axis, 1);
    const results = inputs.map((input) => like(input, rest, () => 0));
    forEachPoint(rest, (at, position) => {
      const element = (k: number): number[] =>
        inputs.map((input) => input.data[flat(shape, at.toSpliced(axis, 0, k))]!);
      let total = element(0);
      for (let k = 1; k < shape[axis]!; k++) {
        const sides = [...total, ...element(k)];
        block.arguments.forEach(({ name, type }, n) => {
          this.values.set(name, scalar(sides[n]!, elementName(type)));
        });
        total = this.block(block).map((value) => value.data[0]!);
      }
      total.forEach((value, n) => {
        results[n]!.data[position] = value;
      });
    });
    return results;
  }

  private loop(op: Operation, [lower, upper, step, ...first]: Tensor[]): Tensor[] {
    const block = op.regions[0]!.blocks[0]!;
    let carried = first;
    for (let i = lower!.data[0]!; i < upper!.data[0]!; i += step!.data[0]!) {
      [scalar(i, 'i32'), ...carried].forEach((value, n) => {
        this.values.set(block.arguments[n]!.name, value);
      });
      carried = this.block(block);
    }
    return carried;
  }
}
