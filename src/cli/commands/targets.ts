import { formatCount } from '../../report/words/numbers.ts';
import { calibrationOf } from '../../targets/npu/machine/calibration.ts';
import { listTargets, loadTarget } from '../../targets/npu/machine/load.ts';
import { simulatedTarget } from '../../targets/npu/target.ts';
import { defineCommand } from '../command.ts';
import { listingOptions, printListing } from '../options/listing.ts';

const HOST =
  'Also: wasm, real code on this machine; wasm-modelled-dma-4GBps-1us, the same with an emulated DMA engine.\n';

export const targets = defineCommand({
  arguments: {},
  options: listingOptions,
  examples: [['targets', 'then tune with --target <name>, or with your own file: --target ./mine.json']],
  async act(flags, session) {
    printListing(
      {
        name: 'targets',
        rows: listTargets().map(loadTarget),
        columns: [
          { title: 'target', text: ({ name }) => name },
          { title: 'kind', text: (target) => simulatedTarget(target).kind },
          { title: 'contexts', align: 'right', text: ({ contexts }) => String(contexts) },
          { title: 'vector bytes', align: 'right', text: ({ vector }) => String(vector.bytes) },
          {
            title: 'scratchpad KiB',
            key: 'scratchpad_kib',
            align: 'right',
            text: ({ scratchpad }) => formatCount(scratchpad.bytes / 1024),
            raw: ({ scratchpad }) => String(scratchpad.bytes / 1024),
          },
          { title: 'calibrated', text: (target) => (calibrationOf(target) === undefined ? 'no' : 'yes') },
          { title: 'what it is', key: 'description', yields: true, text: ({ description }) => description },
        ],
        document: (target) => ({
          name: target.name,
          kind: simulatedTarget(target).kind,
          description: target.description,
          contexts: target.contexts,
          vectorBytes: target.vector.bytes,
          scratchpadBytes: target.scratchpad.bytes,
          clockGHz: target.clockGHz,
          calibrated: calibrationOf(target) !== undefined,
        }),
        whenEmpty: 'no targets',
      },
      flags,
      session,
    );
    if (flags.text('format') === undefined) session.say(HOST);
  },
});
