import { InputError } from '../../search-space/input-error.ts';

/** What is known of a device by whoever asks which ones are meant; a device of ours takes every kernel. */
type Known<Device> = (
  device: Device,
) => Readonly<{ device: string; kernel: string | null; target: string | null; fingerprint: string | null }>;

/** Whether a name fits one of the patterns between commas, in which a star stands for any characters. */
export function fits(patterns: string, name: string): boolean {
  return patterns.split(',').some((pattern) => {
    const words = pattern.split('*').map((word) => word.replace(/[.]/g, '\\.'));
    return new RegExp(`^${words.join('.*')}$`).test(name);
  });
}

/**
 * Of the devices that are there those that a study of the kernel is measured on: devices whose program is of another one
 * are not meant. Throws InputError where a pattern fits none, where all that fit run other kernels, and where some differ
 * under one name: each would be an earlier version of the other.
 */
export function meantDevices<Device>(
  patterns: string,
  kernel: string,
  there: readonly Device[],
  known: Known<Device>,
): readonly Device[] {
  const absent = patterns
    .split(',')
    .find((pattern) => !there.some((device) => fits(pattern, known(device).device)));
  if (absent !== undefined)
    throw new InputError(
      'target',
      `no device '${absent}' is there`,
      'start `nightshift worker` on its host; `nightshift devices` lists those that are there',
    );
  const fitting = there.filter((device) => fits(patterns, known(device).device));
  const able = fitting.filter((device) => (known(device).kernel ?? kernel) === kernel);
  if (able.length > 0) {
    refuseNamesakes(able.map(known));
    return able;
  }
  const others = [...new Set(fitting.map((device) => known(device).kernel))].join(', ');
  throw new InputError('kernel', `the device '${patterns}' runs ${others}, not ${kernel}`);
}

function refuseNamesakes(meant: readonly ReturnType<Known<unknown>>[]): void {
  for (const { device, target, fingerprint } of meant) {
    const other = meant.find((each) => each.target === target && each.fingerprint !== fingerprint);
    if (target === null || other === undefined) continue;
    throw new InputError(
      'target',
      `devices ${device} and ${other.device} differ, and both are called ${target}`,
      'start the worker of one kind with a --firmware text of its own: it becomes a part of the name',
    );
  }
}
