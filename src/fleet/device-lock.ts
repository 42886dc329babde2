import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../search-space/input-error.ts';
import { StoreError } from '../../store/store-error.ts';
import type { WallClock } from '../../store/wall-clock.ts';
import { currentWriter, takeWriterLock, type WriterLock } from '../../store/writer-lock.ts';

/** Of a device, on its host: beside it lie its lock and its builds. */
export function devicePlace(device: string): string {
  return join(tmpdir(), `nightshift-device-${device}`);
}

/**
 * Keeps other workers of this host from the device, whatever Redis says, until this process ends. Throws
 * InputError if one has it.
 */
export function lockDevice(device: string, clock: WallClock): WriterLock {
  const place = devicePlace(device);
  try {
    return takeWriterLock(place, { role: 'worker' }, clock);
  } catch (error) {
    if (!(error instanceof StoreError) || error.kind !== 'in-use') throw error;
    const pid = currentWriter(place)?.pid;
    throw new InputError(
      '--device',
      `${device} has a worker on this host already (pid ${pid})`,
      'stop it, or choose another name',
    );
  }
}
