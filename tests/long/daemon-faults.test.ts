import { existsSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openStore } from '../../store/open-store.ts';
import { mountSmallDisk } from '../../store/tests/small-disk.ts';
import { nightshift } from '../cli/command-line.fixture.ts';
import { DaemonProcess, pause, testFolder } from '../daemon/daemon-process.ts';

const plan = {
  targets: ['edge-2mib'],
  strategy: 'random',
  studies: [{ kernel: 'gelu', shapes: ['2^20'] }],
  budget: { trials: 64 },
};
const endless = {
  ...plan,
  strategy: 'surrogate',
  studies: [{ kernel: 'vector-add' }],
  budget: {},
  done: { gain: 0.01, trials: 1e6 },
};
const listOf = z.array(z.object({ trials: z.number() }));

async function trials(daemon: DaemonProcess): Promise<number> {
  const studies = listOf.parse((await daemon.get('/v1/studies')).body);
  return studies.reduce((sum, study) => sum + study.trials, 0);
}

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await pause(20);
}

describe('the daemon', () => {
  // In less than the minute that a command waits whose work would be lost.
  it('that is stopped is named by `status` soon', { timeout: 55_000 }, async () => {
    const folder = testFolder();
    const daemon = await DaemonProcess.start(join(folder, 'nightshift.db'));
    daemon.child.kill('SIGSTOP');
    const { code, stderr } = await nightshift('status --store nightshift.db', { cwd: folder });
    expect(code).not.toBe(0);
    expect(stderr).toContain(`(pid ${daemon.child.pid}) does not answer`);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)(
    'at %s settles its running trials, leaves one plain file, and exits with 0',
    async (signal) => {
      const file = join(testFolder(), 'nightshift.db');
      const daemon = await DaemonProcess.start(file);
      await daemon.post('/v1/plans', { plan: endless });
      await until(async () => (await trials(daemon)) > 0);
      expect(await daemon.end(signal)).toBe(0);
      expect([`${file}-wal`, `${file}.lock`].filter(existsSync)).toEqual([]);
      const store = await openStore(file, { mode: 'read', clock: Date });
      const [{ study }] = await store.studies();
      expect(await store.counts(study.id)).toMatchObject({ running: 0, abandoned: 0 });
      expect(await store.visits(study.id)).toMatchObject([{ state: 'open' }]);
      await store.close();
    },
  );

  it('is refused the store of another daemon, with its pid, and the address of another', async () => {
    const folder = testFolder();
    const first = await DaemonProcess.start(join(folder, 'a.db'));
    const second = new DaemonProcess(join(folder, 'a.db'), ['--listen', '127.0.0.1:0'], {});
    expect(await second.ended()).toBe(5);
    expect(second.stderr).toContain(`(pid ${first.child.pid})`);
    const third = new DaemonProcess(join(folder, 'b.db'), ['--listen', first.listen], {});
    expect(await third.ended()).toBe(2);
    expect(third.stderr).toMatch(/another program answers there/);
    expect(await first.end('SIGTERM')).toBe(0);
  });

  it('answers other hosts only with a token', async () => {
    const folder = testFolder();
    const bare = new DaemonProcess(join(folder, 'a.db'), ['--listen', '0.0.0.0:0'], { NIGHTSHIFT_TOKEN: '' });
    expect(await bare.ended()).toBe(2);
    expect(bare.stderr).toMatch(/NIGHTSHIFT_TOKEN/);
    expect(existsSync(join(folder, 'a.db'))).toBe(false);
    const open = await DaemonProcess.start(join(folder, 'b.db'), ['--listen', '0.0.0.0:0'], {
      NIGHTSHIFT_TOKEN: 's3cret',
    });
    expect((await open.get('/v1/studies')).status).toBe(401);
    expect((await open.get('/v1/studies', { authorization: 'Bearer s3cret' })).status).toBe(200);
    expect(await open.end('SIGTERM')).toBe(0);
  });

  it('answers on a socket, and notifies a command and an address when a plan has ended', async () => {
    const folder = testFolder();
    const told = join(folder, 'told.json');
    const posted: string[] = [];
    const listener = createServer((request, response) => {
      let text = '';
      request.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      request.on('end', () => {
        posted.push(text);
        response.end();
      });
    });
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const address = listener.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const daemon = await DaemonProcess.start(join(folder, 'nightshift.db'), [
      ...['--listen', `unix:${join(folder, 'socket')}`],
      ...[
        '--on-finish',
        `${process.execPath} -e "require('fs').writeFileSync('${told}', require('fs').readFileSync(0))"`,
      ],
      ...['--notify', `http://127.0.0.1:${port}/hook`],
    ]);
    expect((await daemon.post('/v1/plans', { plan })).status).toBe(201);
    await until(async () => posted.length > 0 && existsSync(told) && statSync(told).size > 0);
    expect(await daemon.end('SIGTERM')).toBe(0);
    listener.close();
    const summary: unknown = JSON.parse(posted[0]);
    expect(summary).toMatchObject({
      state: 'ended',
      studies: [
        {
          kernel: 'gelu',
          trials: 64,
          stoppedBy: 'trials',
          best: { basis: 'comparison' },
          comparedUs: expect.any(Number),
        },
      ],
      sums: [{ target: 'edge-2mib', studies: 1, gain: { value: expect.any(Number) } }],
    });
    expect(JSON.parse(readFileSync(told, 'utf8'))).toEqual(summary);
  });

  it('does not touch a store that is damaged, and says so', async () => {
    const file = join(testFolder(), 'nightshift.db');
    const daemon = await DaemonProcess.start(file);
    await daemon.post('/v1/plans', { plan });
    expect(await daemon.end('SIGTERM')).toBe(0);
    truncateSync(file, 3000);
    writeFileSync(file, 'not a store at all', { flag: 'r+' });
    const before = readFileSync(file);
    const again = new DaemonProcess(file, ['--listen', '127.0.0.1:0'], {});
    expect(await again.ended()).toBe(3);
    expect(again.stderr).toMatch(/damaged or not a nightshift store/);
    expect(readFileSync(file)).toEqual(before);
  });

  it('waits on a full disk, keeps answering, and continues when there is room', async ({ skip }) => {
    const disk = mountSmallDisk(1024);
    if (disk === undefined) return skip('this process may not mount a disk');
    const daemon = await DaemonProcess.start(join(disk.folder, 'nightshift.db'));
    try {
      await daemon.post('/v1/plans', { plan: { ...endless, strategy: 'random' } });
      await until(async () => /the disk of .* is full/.test(daemon.stderr));
      const { status } = await daemon.get('/v1/studies');
      expect(status).toBe(200);
      const stuck = await trials(daemon);
      disk.grow(64 * 1024);
      await until(async () => (await trials(daemon)) > stuck);
    } finally {
      await daemon.end('SIGTERM');
      disk.remove();
    }
  });

  it('does not start on a disk that is read-only', async ({ skip }) => {
    const disk = mountSmallDisk(4096);
    if (disk === undefined) return skip('this process may not mount a disk');
    try {
      disk.makeReadOnly();
      const daemon = new DaemonProcess(join(disk.folder, 'nightshift.db'), ['--listen', '127.0.0.1:0'], {});
      expect(await daemon.ended()).toBe(3);
      expect(daemon.stderr).toMatch(/is not writable/);
    } finally {
      disk.remove();
    }
  });

  it.each([
    ['the file, busy', true, (file: string) => rmSync(file)],
    ['the file, idle', false, (file: string) => rmSync(file)],
    ['the folder, busy', true, (file: string) => rmSync(dirname(file), { recursive: true })],
    ['the folder, idle', false, (file: string) => rmSync(dirname(file), { recursive: true })],
  ])('ends with 3 when its store is deleted: %s', async (_, isBusy, remove) => {
    const file = join(testFolder(), 'nightshift.db');
    const daemon = await DaemonProcess.start(file);
    if (isBusy) {
      await daemon.post('/v1/plans', { plan: endless });
      await until(async () => (await trials(daemon)) > 0);
    }
    remove(file);
    expect(await daemon.ended()).toBe(3);
    expect(daemon.stderr).toMatch(/was moved, deleted or replaced while it was written/);
  });
});
