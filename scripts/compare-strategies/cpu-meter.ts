/** Adds up this process's CPU time during the measured work. */
export class CpuMeter {
  totalMs = 0;

  measure<Made>(work: () => Made): Made {
    const before = process.cpuUsage();
    const made = work();
    const { user, system } = process.cpuUsage(before);
    this.totalMs += (user + system) / 1000;
    return made;
  }
}
