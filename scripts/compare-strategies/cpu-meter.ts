/** Adds up what this process's processors did during the work it is given. */
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
