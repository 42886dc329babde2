// Published gains beside the simulator's with modelled packets and with those of object code: npm run fidelity:compiled
import { findHexagonTools, HEXAGON_INSTALL } from '../src/targets/npu/compiled/hexagon-tools.ts';
import { compiledRows, compiledTable } from './fidelity/compiled-rows.ts';

const tools = await findHexagonTools();
if (typeof tools === 'string') {
  process.stderr.write(`${tools}: ${HEXAGON_INSTALL}\n`);
  process.exitCode = 2;
} else process.stdout.write(`${compiledTable(await compiledRows(tools))}\n`);
