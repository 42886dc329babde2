import { calibrateHost, HOST_FILE } from '../../ask/calibrate-host.ts';
import { wasmHost } from '../../targets/wasm/host.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { defineCommand } from '../command.ts';

export const calibrate = defineCommand({
  arguments: {},
  options: {
    output: { kind: 'text', describe: 'A file', otherwise: HOST_FILE, alias: 'o', group: 'Output:' },
  },
  examples: [
    ['calibrate', `measure this machine, some seconds; then \`--target ./${HOST_FILE}\` simulates it`],
    ['calibrate -o idle.json', 'under another name'],
  ],
  async act(flags, session) {
    const output = flags.text('output') ?? HOST_FILE;
    const host = await wasmHost();
    const { text, measured, priors, together } = await calibrateHost(host);
    writeWhole('--output', output, text);
    if (flags.isOn('quiet')) return;
    session.say(`Wrote ${output}: ${host.cpu}, ${measured} figures measured, ${priors} priors.\n`);
    if (!together && host.cores > 1) {
      session.say(
        '! The machine was too busy to measure several threads; calibrate again when it is quiet.\n',
      );
    }
  },
});
