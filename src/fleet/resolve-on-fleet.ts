import { defineSpace } from '../../search-space/define-space.ts';
import { InputError } from '../../search-space/input-error.ts';
import type { Backend } from '../../tuner/backend.ts';
import type { KernelReference } from '../ask/kernel-reference.ts';
import type { Imports } from '../ask/own-kernels.ts';
import { resolveKernel } from '../ask/resolve-kernel.ts';
import { bindStudy, type ResolvedStudy } from '../ask/resolve-study.ts';
import type { StudySpec } from '../ask/study-spec.ts';
import type { AnyKernel } from '../kernels/opaque.ts';
import { parseShape } from '../kernels/shape.ts';
import type { Target } from '../targets/_base.ts';
import type { TargetReference } from '../targets/reference.ts';
import type { Fleet, FleetDevice } from './fleet.ts';
import { meantDevices } from './meant-devices.ts';
import type { Answer, DeviceIdentity } from './messages.ts';
import { openOnDevices } from './open-on-devices.ts';
import { poolBackend } from './pool-backend.ts';
import { sleep } from './waiting.ts';

/** The limits on building a device's space: some seconds. */
const LIMITS = Object.freeze({ mostSteps: 50_000_000, mostBytes: 2 ** 28 });
/** How often it is looked whether one is there. */
const LOOK_MS = 500;

type DeviceReference = Extract<TargetReference, { kind: 'device' }>;

/** A fleet, and whose jobs are handed out. */
export type Owned = Readonly<{ fleet: Fleet; owner: string }>;

/**
 * Resolves a study of devices of the fleet: one of them says what the space is. Throws InputError where no device that
 * fits comes within `patienceMs`.
 */
export async function resolveOnFleet(
  spec: StudySpec,
  reference: DeviceReference,
  imports: Imports,
  { fleet, owner }: Owned,
  patienceMs = 0,
): Promise<ResolvedStudy> {
  const { identity } = (await presentOn(fleet, reference, patienceMs)).presence;
  const pattern = reference.device;
  const pool = { pattern, fingerprint: identity.target.fingerprint };
  const { kernel, source, reference: named, notes } = await kernelOf(spec, identity, imports);
  const asked: StudySpec = { ...spec, kernel: named };
  const whole: StudySpec = { ...asked, values: {}, forbid: [], start: [] };
  const answer = await openOnDevices(whole, pool, fleet, owner);
  if (answer?.kind === 'refused') throw new InputError('target', `the device refuses: ${answer.message}`);
  if (answer?.kind !== 'opened')
    throw new InputError('target', `no device '${pattern}' answers`, '`nightshift devices` lists them');
  let measuring: () => Promise<Backend> = async () => {
    throw new Error('a study is measured once it is resolved');
  };
  const target = fleetTarget(identity, answer, () => measuring());
  const bound = await bindStudy(asked, { kernel, source, target });
  const study = { fleet, pool, owner, id: bound.id, spec: asked, space: bound.study.space };
  measuring = async () => poolBackend({ ...study, kind: target.kind, opened: answer });
  return { ...bound, notes };
}

/** One of the devices that are meant. */
async function presentOn(
  fleet: Fleet,
  { device: pattern, fingerprint }: DeviceReference,
  patienceMs: number,
): Promise<FleetDevice> {
  const { signal } = new AbortController();
  for (let waitedMs = 0; ; waitedMs += LOOK_MS) {
    const [first] = (await fleet.devices(pattern)).filter(
      (device) => fingerprint === undefined || fingerprintOf(device) === fingerprint,
    );
    if (first !== undefined) return first;
    if (waitedMs >= patienceMs) break;
    await sleep(LOOK_MS, signal);
  }
  const which = fingerprint === undefined ? '' : ` of fingerprint ${fingerprint}`;
  throw new InputError(
    'target',
    `no device '${pattern}'${which} is there`,
    'start `nightshift worker` on its host; `nightshift devices` lists those that are there',
  );
}

/**
 * A study for each kind of device that a pattern fits: results of devices that differ would not be comparable. Throws
 * InputError where none is meant.
 */
export async function spreadOverFleet(
  spec: StudySpec,
  reference: DeviceReference,
  fleet: Pick<Fleet, 'devices'>,
): Promise<readonly StudySpec[]> {
  if (reference.fingerprint !== undefined) return [spec];
  const there = await fleet.devices(reference.device);
  const meant = meantDevices(reference.device, spec.kernel.name, there, ({ device, presence }) => ({
    device,
    kernel: presence.identity.kernel?.name ?? null,
    target: presence.identity.target.name,
    fingerprint: presence.identity.target.fingerprint,
  }));
  const fingerprints = new Set(meant.map(fingerprintOf));
  return [...fingerprints].map((fingerprint) => ({ ...spec, target: { ...reference, fingerprint } }));
}

function fingerprintOf({ presence }: FleetDevice): string {
  return presence.identity.target.fingerprint;
}

type FleetKernel = Readonly<{
  kernel: AnyKernel;
  source: string;
  reference: KernelReference;
  notes: readonly string[];
}>;

async function kernelOf(
  spec: StudySpec,
  { kernel: own }: DeviceIdentity,
  imports: Imports,
): Promise<FleetKernel> {
  if (own === null) return resolveKernel(spec, imports);
  const { name } = spec.kernel;
  if (name !== own.name) throw new InputError('kernel', `the device runs ${own.name}, not ${name}`);
  const kernel = { ...own, ...(spec.shape !== undefined && { shape: parseShape(spec.shape) }) };
  return { kernel, source: 'opaque', reference: { kind: 'opaque', name }, notes: [] };
}

function fleetTarget(
  { target, metrics }: DeviceIdentity,
  { space, default: usual }: Extract<Answer, { kind: 'opened' }>,
  backend: () => Promise<Backend>,
): Target<AnyKernel> {
  const built = defineSpace(space.parameters, space.constraints, LIMITS);
  return Object.freeze<Target<AnyKernel>>({
    ...target,
    ...(metrics !== null && { metrics }),
    space: () => built,
    defaultConfiguration: () => usual,
    backend,
  });
}
