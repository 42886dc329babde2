/** `time`, `kernel_time`, `runtime_us`, `Mean time (ms)` … : what a kernel takes, with its unit if it says one. */
const NAME =
  /^(?:(?:kernel|gpu|device|exec(?:ution)?|run|elapsed|wall|mean|avg|average|median|min)[ _-]?)*(?:times?|runtimes?|duration|latency|elapsed)(?:[ _-](?:mean|avg|average|median|min))?(?:[ _-]\(?(?<unit>ns|us|µs|ms|s|(?:nano|micro|mill?i)?seconds?)\)?)?$/i;

type TimeName = Readonly<{ unit: string | undefined }>;

/** Names that were looked at already: a file has few, a million times. */
const seen = new Map<string, TimeName | undefined>();
const MOST_SEEN = 1000;

/** Whether something measured is called as a kernel's time is; what it says of its unit. */
export function kernelTimeName(name: string): TimeName | undefined {
  if (seen.has(name)) return seen.get(name);
  const found = NAME.exec(name.trim());
  const read = found === null ? undefined : { unit: found.groups?.unit };
  if (seen.size < MOST_SEEN) seen.set(name, read);
  return read;
}

/** Times that are not the kernel's own, by their name. */
export function isOverhead(name: string): boolean {
  return /compil|verif|valid|framework|strategy|search|bench|overhead|transfer|copy|setup/i.test(name);
}
