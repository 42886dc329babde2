// Counts the packets that clang emits for eleven loops, and for calls of vector functions, for Hexagon:
//   npm run count-packets [-- --op gelu]
// Needs clang with the hexagon target, ld.lld, llvm-objdump and qemu-hexagon; prints JSON.
import { parseArgs } from 'node:util';
import { countCalls } from './count-packets/calls.ts';
import { countPackets, OPS, tools } from './count-packets/count.ts';

const { values } = parseArgs({ options: { op: { type: 'string', multiple: true } } });
const found = tools();
if (found === undefined) {
  process.stderr.write(
    'needs clang (19 or newer, with the hexagon target), ld.lld, llvm-objdump and qemu-hexagon\n',
  );
  process.exitCode = 2;
} else {
  const rows = (values.op ?? OPS).flatMap((op) => countPackets(op, found));
  process.stdout.write(
    `${JSON.stringify({ compiler: found.version, rows, calls: countCalls() }, null, 1)}\n`,
  );
}
