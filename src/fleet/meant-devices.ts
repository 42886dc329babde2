import { InputError } from '../../search-space/input-error.ts';

/** What is known of a device by whoever asks which ones are meant; a device of ours takes every kernel. */
type Known<Device> = (device: Device) => Readonly<{ device: string; kernel: string | null }>;

/** Whether a name fits one of the patterns between commas, in which a star stands for any characters. */
export function fits(patterns: string, name: string): boolean {
  return patterns.split(',').some((pattern) => {
    const words = pattern.split('*').map((word) => word.replace(/[.]/g, '\\.'));
    return new RegExp(`^${words.join('.*')}$`).test(name);
  });
}

/**
 * Of the devices that are there those that a study of the kernel is measured on: devices whose program is of another one
 * are not meant. Throws InputError where a pattern fits none, and where all that fit run other kernels.
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
  if (able.length > 0) return able;
  const others = [...new Set(fitting.map((device) => known(device).kernel))].join(', ');
  throw new InputError('kernel', `the device '${patterns}' runs ${others}, not ${kernel}`);
}
