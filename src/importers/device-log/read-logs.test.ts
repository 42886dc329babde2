import { describe, expect, it } from 'vitest';
import { readLogs } from './read-logs.ts';

const read = (text: string, name = 'device.log') => readLogs([{ name, text }], undefined);

describe('a table', () => {
  it('has a timing in each line, with the digits that it was written with', () => {
    const text =
      'kernel,shape,dtype,configuration,time_us\r\ngelu,2^20,f32,"threads=4,staging=dma",12.50\r\n\r\nrelu,,,,3e2\r\n';
    expect(read(text, 'a.csv').rows).toEqual([
      {
        place: 'a.csv, line 2',
        kernel: 'gelu',
        shape: '2^20',
        dtype: 'f32',
        set: ['threads=4', 'staging=dma'],
        time: { us: 12.5, resolutionUs: 0.005 },
      },
      { place: 'a.csv, line 4', kernel: 'relu', set: [], time: { us: 300, resolutionUs: 50 } },
    ]);
  });

  it('may have another unit, and semicolons in a configuration', () => {
    const [row] = read('time_ms,kernel,configuration\n1.5,gelu,threads=2;buffers=2\n').rows;
    expect(row).toMatchObject({ set: ['threads=2', 'buffers=2'], time: { us: 1500, resolutionUs: 50 } });
  });

  it.each([
    ['gelu,,-3', 'its time is no number above 0'],
    ['gelu,,NaN', 'its time is no number above 0'],
    ['gelu,,0', 'its time is no number above 0'],
    ['gelu,,abc', 'its time is no number above 0'],
    ['gelu,,', 'its time is no number above 0'],
    ['gelu,,1e30', 'its time is not from 0.001 µs to 1000 s'],
    ['gelu,,1e-30', 'its time is not from 0.001 µs to 1000 s'],
    ['gelu,,1e999', 'its time is not from 0.001 µs to 1000 s'],
    ['gelu,threads=1;threads=2,5', 'sets threads more than once'],
    [',,5', 'names no kernel'],
    ['gelu,,5,6', expect.stringMatching(/^has not as many cells/)],
  ])('leaves out the row %j, with the reason, and keeps the others', (row, reason) => {
    const { rows, leftOut } = read(`kernel,configuration,time\ngelu,,1\n${row}\ngelu,,2\n`);
    expect(rows.map(({ place }) => place)).toEqual(['device.log, line 2', 'device.log, line 4']);
    expect(leftOut).toEqual([{ what: 'results', reason, count: 1, first: `device.log, line 3: ${row}` }]);
  });

  it('may have other columns, which it says are not read', () => {
    const { rows, notes } = read('device,kernel,time\nphone,gelu,1\n');
    expect(rows).toMatchObject([{ kernel: 'gelu', time: { us: 1 } }]);
    expect(notes).toEqual([expect.stringMatching(/^device.log: not read: device \(the columns are kernel/)]);
  });

  it.each([
    [
      'kernel,time\ngelu,-1\n',
      /its only timing cannot be taken: its time is no number above 0 \(device.log, line 2: gelu,-1/,
    ],
    ['kernel,time\ngelu,"3,5"\n', /its time has a decimal comma; write a point \(device.log, line 2/],
    [
      'kernel,time\ngelu,NaN\ngelu,0\n,3\n',
      /none of its 3 timings .*: its time is no number above 0 \(2: device.log, line 2: .*; names no kernel \(1: /,
    ],
    ['kernel,time,config\ngelu,1,red\n', /line 1: 'config' is no column \(the columns are kernel, shape/],
    ['kernel,time,time\ngelu,1,1\n', /line 1: names a column twice \(time\)/],
    ['kernel,time,time_us\ngelu,1,1\n', /line 1: names a column twice/],
    ['kernel,time\n"gelu"x,1\n', /line 2: has a quote that is out of place/],
    ['kernel,time\n', /--from: has no timing/],
    ['', /device.log is no log that can be read \(it is empty\)/],
    ['kernel;time_us\ngelu;1\n', /read \(the mark between its columns is a semicolon, not a comma\)/],
    ['kernel,shape\ngelu,1\n', /read \(no column has the time: time_us, time_ms or time_ns\)/],
    ['once upon a time\n', /device.log is no log that can be read \(a table with the columns/],
  ])('is refused where it is wrong: %j', (text, problem) => {
    expect(() => read(text)).toThrow(problem);
  });
});

const profile = (op: string, dims: string, types: string, rest = 'usec 40 cycles 80000 start 7 mhz 2000.0') =>
  `0.01.2 D ggml-hex: HTP0 profile-op ${op}: a x b -> c : ${dims} : ${types} : 4:8 x 4:8 -> 4:8 : ${rest}`;

describe("llama.cpp's profile", () => {
  it('becomes kernels, whose time is that of the cycles where the clock stands beside them', () => {
    const add = profile('ADD', '4096:32 x 4096:32 -> 4096:32', 'f32 x f32 -> f32');
    const product = profile(
      'MUL_MAT',
      '512:1024 x 512:64 -> 1024:64',
      'f16 x f16 -> f16',
      'usec 40 cycles 9',
    );
    expect(read(`noise\n${add}\n${product}\n`).rows).toEqual([
      {
        place: 'device.log, line 2',
        kernel: 'vector-add',
        shape: '32x4096',
        dtype: 'f32',
        set: [],
        time: { us: 40, resolutionUs: 0.00025 },
      },
      {
        place: 'device.log, line 3',
        kernel: 'matmul',
        shape: '64x1024x512',
        dtype: 'f16',
        set: [],
        time: { us: 40, resolutionUs: 0.5 },
      },
    ]);
  });

  it('takes threads and DMA from the trace of the operation, and says where there is none', () => {
    const event = (op: string, thread: number, name: string) =>
      `x trace-op ${op}: thread ${thread} event ${name} info 0 start 100`;
    const soft = profile('SOFT_MAX', '256:64 -> 256:64', 'f32 -> f32');
    const lines = [
      soft,
      event('SOFT_MAX', 0, 'HVX_COMP'),
      event('SOFT_MAX', 3, 'HVX_COMP'),
      event('ADD', 5, 'HVX_COMP'),
      event('SOFT_MAX', 0, 'DMA'),
      profile('GELU', '1024:1 -> 1024:1', 'f16 -> f16'),
    ];
    const { rows, notes } = read(lines.join('\n'));
    expect(rows.map(({ kernel, set }) => [kernel, set])).toEqual([
      ['softmax', ['threads=2', 'staging=dma']],
      ['gelu-tanh', []],
    ]);
    expect(notes).toEqual([expect.stringMatching(/^device.log: 1 operation has no trace-op lines/)]);
  });

  it('takes what each thread did when from the trace, and does not where it may be cut', () => {
    const op = profile(
      'GELU',
      '1024:1 -> 1024:1',
      'f16 -> f16',
      'usec 1 cycles 1000 start 4294967196 mhz 1000',
    );
    const event = (thread: number, name: string, info: number, state: string, cycle: number) =>
      `x trace-op GELU: thread ${thread} event ${name} info ${info} ${state} ${cycle}`;
    const whole = [
      event(0, 'DMA', 1, 'start', 4294967246),
      event(0, 'DMA', 1, 'stop', 200),
      event(0, 'INIT', 0, 'start', 4294967190),
      event(0, 'INIT', 0, 'stop', 4294967206),
      event(1, 'HVX_COMP', 0, 'start', 0),
      event(1, 'HVX_COMP', 0, 'stop', 400),
    ];
    const traceOf = (lines: readonly string[]) => read([op, ...lines].join('\n')).rows[0].trace;
    expect(traceOf(whole)).toEqual({
      tells: 'all',
      spans: [
        { thread: 0, what: 'transfer', name: 'DMA', start: 0.05, end: 0.3 },
        { thread: 0, what: 'other', name: 'INIT', start: 0, end: 0.01 },
        { thread: 1, what: 'compute', name: 'HVX_COMP', start: 0.1, end: 0.5 },
      ],
    });
    expect(traceOf(whole.slice(0, -1))).toMatchObject({
      lacks: expect.stringMatching(/^1 of its trace lines/),
    });
    const outside = {
      lacks: expect.stringMatching(/^1 of its trace events stops before it starts, or is out/),
    };
    const computing = (from: number, to: number) => [
      ...whole.slice(0, -2),
      event(1, 'HVX_COMP', 0, 'start', from),
      event(1, 'HVX_COMP', 0, 'stop', to),
    ];
    expect(traceOf(computing(400, 0))).toMatchObject(outside);
    expect(traceOf(computing(0, 5000))).toMatchObject(outside);
    const many = Array.from({ length: 256 }, (_, i) =>
      event(1, 'HVX_COMP', i >> 1, i % 2 === 0 ? 'start' : 'stop', i),
    );
    expect(traceOf(many)).toMatchObject({ lacks: expect.stringMatching(/^thread 1 has the 256 events/) });
    const matrix = [...whole, event(10, 'HMX_COMP', 0, 'start', 1), event(10, 'HMX_COMP', 0, 'stop', 2)];
    expect(traceOf(matrix)).toMatchObject({
      tells: 'all',
      spans: expect.arrayContaining([expect.objectContaining({ what: 'compute', name: 'HMX_COMP' })]),
    });
  });

  it('reads the newer form with bars between the fields', () => {
    const line =
      'HTP0 profile-op SWIGLU|a x b -> c|64:8 x 64:8 -> 64:8|f32 x f32 -> f32|4:8|k|usec 9 cycles 9 start 1 mhz 1000';
    expect(read(line).rows[0]).toMatchObject({ kernel: 'silu-mul', shape: '8x64' });
  });

  it('leaves out what is no kernel of ours, by reason', () => {
    const lines = [
      profile('ADD', '8:2 x 8:2 -> 8:2', 'f32 x f32 -> f32'),
      profile('MUL_MAT', '512:1024 x 512:64 -> 1024:64', 'q4_0 x f32 -> f32'),
      profile('ROPE', '64:8 -> 64:8', 'f32 -> f32'),
      profile('ADD', '64:8 x 64:1 -> 64:8', 'f32 x f32 -> f32'),
    ];
    const { rows, leftOut } = read(lines.join('\n'));
    expect(rows).toHaveLength(1);
    expect(leftOut.map(({ reason, count, first }) => [reason, count, first])).toEqual([
      [
        'MUL_MAT is no kernel of ours',
        1,
        'device.log, line 2: its types are q4_0, f32, f32: a kernel has f32 or f16 throughout',
      ],
      ['ROPE is no kernel of ours', 1, expect.stringContaining('line 3: ROPE of 1 operand like these')],
      ['ADD is no kernel of ours', 1, expect.stringContaining('line 4: ADD of 2 operands like these')],
    ]);
  });

  it('counts each line that is meant as a profile’s and is none, with its reason', () => {
    const gelu = (rest: string) => profile('GELU', '8:2 -> 8:2', 'f32 -> f32', rest);
    const lines = [
      gelu('usec 9 cycles 9'),
      gelu('usec -9 cycles 9'),
      gelu(''),
      'x profile-op',
      gelu('usec 0 cycles 0'),
      'x trace-op GELU: thread 0 event HVX_COMP info 0 start 1',
    ];
    const { rows, leftOut } = read(lines.join('\n'));
    expect(rows.map(({ trace }) => trace)).toEqual([undefined]);
    expect(leftOut.map(({ reason, count, first }) => [reason, count, first.slice(0, 18)])).toEqual([
      ['profile-op: usec or cycles are no whole number', 1, 'device.log, line 2'],
      ['profile-op has no usec and cycles', 1, 'device.log, line 3'],
      ['profile-op names no operation', 1, 'device.log, line 4'],
      ['no time', 1, 'device.log, line 5'],
    ]);
  });
});

describe("hexagon-mlir's profile", () => {
  const entries = (...pairs: (readonly [id: number, cyc: number])[]) =>
    JSON.stringify({ entries: pairs.map(([id, cyc]) => ({ ret: 1, id, cyc })) });
  const call = { kernel: 'gelu', shape: '2^20', set: [] };
  const two = entries(
    [1, 100],
    [2, 110],
    [2, 150],
    [1, 300],
    [3, 300],
    [3, 400],
    [1, 500],
    [1, 700],
    [3, 700],
    [3, 800],
  );
  const info = 'Location 12, 14 corresponds to ID 1 | Collected ops: math.exp, arith.mulf\n';

  it('is the mean over its calls of what the outermost regions take, told by their text', () => {
    const files = [
      { name: 'lwp.json', text: two },
      { name: 'lwp.txt', text: info },
    ];
    const { rows, notes } = readLogs(files, call);
    const [{ trace, ...row }] = rows;
    expect(row).toEqual({ ...call, place: 'lwp.json', set: ['threads=1'], time: { cycles: 300 } });
    // Of its most usual call: what is in no region does not count, and region 1 does more than it says of itself.
    const lines = trace?.spans.map(({ what, name, start, end }) => [
      what,
      name.slice(0, 8),
      ...[start, end].map((share) => 300 * share),
    ]);
    expect(lines).toEqual([
      ['other', 'region 1', 0, 10],
      ['other', 'region 2', 10, 50],
      ['other', 'region 1', 50, 200],
      ['other', 'region 3', 200, 300],
    ]);
    expect(notes).toEqual([
      'lwp.json: 2 calls of 2 outermost regions: region 1 (lines 12, 14: math.exp, arith.mulf) 67 %, region 3 33 %',
    ]);
  });

  it('counts cycles that ran over 32 bits', () => {
    const text = entries([1, 2 ** 32 - 10], [1, 90]);
    expect(readLogs([{ name: 'a', text }], call).rows[0].time).toEqual({ cycles: 100 });
  });

  it('is refused without its kernel, of several threads, and where a region does not close', () => {
    const reading = (text: string, of: Parameters<typeof readLogs>[1]) => () =>
      readLogs([{ name: 'a', text }], of);
    expect(reading(two, undefined)).toThrow(/does not say of which kernel it is \(give --kernel/);
    expect(reading(two, { ...call, set: ['threads=4'] })).toThrow(/profiles no multi-threaded code/);
    expect(reading(entries([1, 1], [2, 2]), call)).toThrow(/a, end: region 1 is open/);
    expect(reading(entries([1, 1], [2, 2], [1, 3], [2, 4]), call)).toThrow(/entry 3: region 1 is open/);
    expect(reading('{"entries":[{"id":1}]}', call)).toThrow(/entries/);
    expect(reading(entries([1, 1000], [1, 400]), call)).toThrow(/entry 2: its cycles fall from 1000 to 400/);
  });
});
