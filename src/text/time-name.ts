/** Names of a kernel's time, with or without a unit: `time`, `kernel_time`, `runtime_us`, `Mean time (ms)` … */
const NAME =
  /^(?:(?:kernel|gpu|device|exec(?:ution)?|run|elapsed|wall|mean|avg|average|median|min)[ _-]?)*(?:times?|runtimes?|duration|latency|elapsed)(?:[ _-](?:mean|avg|average|median|min))?(?:[ _-]\(?(?<unit>ns|us|µs|ms|s|(?:nano|micro|mill?i)?seconds?)\)?)?$/i;

type TimeName = Readonly<{ unit: string | undefined }>;

/** A cache of parsed names: a file repeats a few of them a million times. */
const seen = new Map<string, TimeName | undefined>();
const MOST_SEEN = 1000;

/** The unit in the name of a kernel's time, if any; undefined for names of other metrics. */
export function kernelTimeName(name: string): TimeName | undefined {
  if (seen.has(name)) return seen.get(name);
  const found = NAME.exec(name.trim());
  const read = found === null ? undefined : { unit: found.groups?.unit };
  if (seen.size < MOST_SEEN) seen.set(name, read);
  return read;
}

/** Whether the name of a time is of an overhead, not of the kernel. */
export function isOverhead(name: string): boolean {
  return /compil|verif|valid|framework|strategy|search|bench|overhead|transfer|copy|setup/i.test(name);
}
