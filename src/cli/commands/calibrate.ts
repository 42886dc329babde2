import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { InputError } from '../../../search-space/input-error.ts';
import { type CalibrationAnswer, calibrate as fitted } from '../../answers/calibration/calibrate.ts';
import { calibratedFile } from '../../answers/calibration/calibrated-file.ts';
import { loggedCalls } from '../../answers/calibration/logged-calls.ts';
import { calibrateDocument } from '../../documents/calibrate.ts';
import { type LogFile, MOST_BYTES_OF_LOG, readLogs } from '../../importers/device-log/read-logs.ts';
import { drawCalibration } from '../../report/terminal/calibration.ts';
import { machineOf } from '../../targets/npu/machine/load.ts';
import { logsFitted } from '../../targets/npu/machine/log-calibration.ts';
import type { SimulatedTarget } from '../../targets/npu/machine/schema.ts';
import { refuseNameOfOurs } from '../../targets/resolve.ts';
import { readText } from '../../text/read-json.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { defineCommand } from '../command.ts';
import type { Flags } from '../flags.ts';
import { keepLog } from '../keep-log.ts';
import { formatOption, TEXT_OR_JSON } from '../options/format.ts';
import type { GlobalOption } from '../options/global.ts';
import { targetReference } from '../references.ts';
import type { Session } from '../session.ts';
import { importsOf } from '../stores.ts';
import { sayNotes } from '../subject.ts';

export const calibrate = defineCommand({
  arguments: { target: 'A target file ./mine.json; its figures that have a range are fitted' },
  options: {
    from: {
      kind: 'list',
      describe:
        "A device's log: a table (.csv), llama.cpp's profile-op lines, hexagon-mlir's LWP and its text",
      group: 'What:',
    },
    kernel: { kind: 'text', describe: 'Of a log that does not say it (LWP): the kernel', group: 'What:' },
    shape: { kind: 'text', describe: 'Its shape: 1048576, 2^20 or 64x16384', group: 'What:' },
    dtype: { kind: 'text', describe: 'Its dtype: f32, f16 …', group: 'What:' },
    set: {
      kind: 'list',
      describe: "threads=4: of the log's calls, where it does not say it; else as the target's default",
      group: 'What:',
    },
    device: {
      kind: 'text',
      describe: 'What the log was measured on, as the store names it',
      otherwise: "the target's name with -log, as tuned results have the target's own",
      group: 'What:',
    },
    output: {
      kind: 'text',
      describe: 'Write the calibrated target file; may be the one that is calibrated',
      alias: 'o',
      group: 'Output:',
    },
    ...formatOption,
  },
  examples: [
    [
      'calibrate mine.json --from device.csv -o mine.json',
      'then `nightshift tune gelu --target ./mine.json`',
    ],
    [
      'calibrate mine.json --from lwp.json --from lwp.txt --kernel gelu --shape 2^20',
      "hexagon-mlir's profile",
    ],
  ],
  async act(flags, session) {
    const format = flags.oneOf('format', TEXT_OR_JSON, 'text');
    const reference = targetReference(flags.required('target'));
    const target = machineOf(reference);
    const output = flags.text('output');
    if (output !== undefined && reference.kind !== 'machine')
      throw new InputError('--output', `${target.name} is no file`, 'copy its file and calibrate the copy');
    if (output !== undefined) refuseNameOfOurs(target.name, 'target', 'the file describes another machine');
    const device = deviceOf(flags, target);
    const progress = progressOn(flags, session);
    const files = filesOf(flags);
    if (reference.kind === 'machine') refuseFitted(files, reference.machine, reference.source);
    const log = readLogs(files, callOf(flags));
    const set = flags.list('set').flatMap((words) => words.split(','));
    const read = await loggedCalls(log, target, set, importsOf(flags, session), (rows) =>
      progress(`${rows} of ${log.rows.length} rows read`),
    );
    const { calls, leftOut } = read;
    const notes = [...log.notes, ...read.notes];
    if (calls.length === 0) {
      const [{ reason, first }] = leftOut;
      throw new InputError('--from', `no timing can be taken: ${reason}, ${first}`);
    }
    const studies = await keepLog(calls, target, device, flags, session, (study, of) =>
      progress(`storing study ${study} of ${of}`),
    );
    progress(`fitting ${calls.length} calls`);
    const answer = fitted(target, calls);
    progress('');
    if (output !== undefined && reference.kind === 'machine') {
      const names = files.map(({ name }) => name).join(', ');
      const logs = files.map(hashOfLog);
      const json = calibratedFile(reference.machine, reference.source, target, answer, names, logs);
      writeWhole('--output', output, `${JSON.stringify(json, null, 2)}\n`);
    }
    const document = calibrateDocument(answer, studies, leftOut, notes);
    sayNotes(notes, flags, session);
    if (format === 'json') return session.printJson(document);
    session.show(document, (seen, { paint }) => drawCalibration(seen, paint));
    if (!flags.isOn('quiet')) session.say(nextStep(output, target, answer));
  },
});

/** What the log was measured on. Under the target's own name, its times would take the place of what was tuned for it. */
function deviceOf(flags: Flags<'device'>, { name }: SimulatedTarget): string {
  const given = flags.text('device');
  if (given === undefined) return `${name}-log`;
  const why = 'measured times would take the place of those that were tuned for it';
  if (given === name)
    throw new InputError('--device', `'${given}' is the target: ${why}`, 'choose another name');
  refuseNameOfOurs(given, '--device', why);
  return given;
}

/** Says over a terminal's line what is being done; nothing clears it. */
function progressOn(flags: Flags<GlobalOption>, session: Session): (words: string) => void {
  const isShown = session.err.isTerminal && !flags.isOn('quiet');
  return (words) => {
    if (isShown) session.sayOver(words);
  };
}

/** Fitted twice, a log would seem to say more than it does. Throws InputError for one that the target's figures were fitted to. */
function refuseFitted(files: readonly LogFile[], json: unknown, source: string): void {
  const known = logsFitted(json);
  const again = files.find((file) => known.includes(hashOfLog(file)));
  if (again === undefined) return;
  const problem = `the figures of ${source} were fitted to ${again.name} already: it would count twice, and says nothing new`;
  throw new InputError('--from', problem, 'leave it out, or calibrate the file as it was before');
}

function hashOfLog({ text }: LogFile): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function filesOf(flags: Flags<'from'>): LogFile[] {
  const paths = flags.list('from');
  if (paths.length === 0) throw new InputError('--from', 'is missing', "it names a device's log");
  return paths.map((path) => ({ name: basename(path), text: readText('--from', path, MOST_BYTES_OF_LOG) }));
}

function callOf(flags: Flags<'kernel' | 'shape' | 'dtype' | 'set'>): Parameters<typeof readLogs>[1] {
  const [kernel, shape, dtype] = [flags.text('kernel'), flags.text('shape'), flags.text('dtype')];
  if (kernel === undefined) return undefined;
  const set = flags.list('set').flatMap((words) => words.split(','));
  return { kernel, set, ...(shape !== undefined && { shape }), ...(dtype !== undefined && { dtype }) };
}

function nextStep(
  output: string | undefined,
  { name }: SimulatedTarget,
  { sets }: CalibrationAnswer,
): string {
  if (output === undefined) return 'Nothing was written: -o writes the calibrated target file.\n';
  return `Wrote ${name} to ${output}, with ${sets.length} sets of figures that explain the log.\n`;
}
