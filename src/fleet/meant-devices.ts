/** Whether a name fits a pattern, in which a star stands for any characters. */
export function fits(pattern: string, name: string): boolean {
  const words = pattern.split('*').map((word) => word.replace(/[.]/g, '\\.'));
  return new RegExp(`^${words.join('.*')}$`).test(name);
}

/** Devices whose program is of another kernel are not meant, unless all are. A device of ours takes every kernel. */
export function ableDevices<Device>(
  devices: readonly Device[],
  kernel: string,
  kernelOf: (device: Device) => string | null,
): readonly Device[] {
  const able = devices.filter((device) => (kernelOf(device) ?? kernel) === kernel);
  return able.length > 0 ? able : devices;
}
