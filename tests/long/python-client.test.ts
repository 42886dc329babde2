// The Python client against a real daemon, with a stand-in for Triton's kernels.
import { spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ended } from '../cli/command-line.fixture.ts';
import { DaemonProcess, testFolder } from '../daemon/daemon-process.ts';

const client = fileURLToPath(new URL('../../clients/python', import.meta.url));
const hasPython =
  spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 9))']).status === 0;

describe.skipIf(!hasPython)('the Python client (skipped without Python 3.9)', () => {
  it('passes its tests', async () => {
    const folder = testFolder();
    const daemon = await DaemonProcess.start(join(folder, 'nightshift.db'));
    const words = ['-W', 'ignore::ResourceWarning', '-m', 'unittest', 'discover', '-s', 'tests'];
    const env = {
      ...process.env,
      NIGHTSHIFT_URL: `http://${daemon.listen}`,
      PYTHONPATH: join(client, 'src'),
      PYTHONDONTWRITEBYTECODE: '1',
      XDG_CACHE_HOME: folder,
    };
    const { code, stderr } = await ended(spawn('python3', words, { cwd: client, env }));
    expect(stderr).toMatch(/Ran 28 tests .*\s+OK/);
    expect(code).toBe(0);
    expect(await daemon.end('SIGTERM')).toBe(0);
  });
});
