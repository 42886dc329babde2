import type { CommandEntry } from '../command.ts';

/** Every command, in the order of `--help`. A new one is added here and nowhere else. */
export const commands: readonly CommandEntry[] = Object.freeze([
  {
    usage: 'tune [kernel]',
    summary: 'Find the fastest configuration, and what each mechanism gains',
    load: async () => (await import('./tune.ts')).tune,
  },
  {
    usage: 'best <kernel>',
    summary: 'The configuration to use, from the store, at once',
    load: async () => (await import('./best.ts')).best,
  },
  {
    usage: 'ladder [kernel]',
    summary: 'A study’s findings: rungs, gain by mechanism, Shapley shares',
    load: async () => (await import('./ladder.ts')).ladder,
  },
  {
    usage: 'why <kernel>',
    summary: 'Why this configuration wins: one parameter at a time, and what limits it now',
    load: async () => (await import('./why.ts')).why,
  },
  {
    usage: 'importance <kernel>',
    summary: 'Which parameters matter, and which act together, from a study’s trials',
    load: async () => (await import('./importance.ts')).importance,
  },
  {
    usage: 'scaling <kernel>',
    summary: 'A mechanism’s gain against problem size, with the break-even size',
    load: async () => (await import('./scaling.ts')).scaling,
  },
  {
    usage: 'simulate <kernel>',
    summary: 'One configuration on a simulated target, explained',
    load: async () => (await import('./simulate.ts')).simulate,
  },
  {
    usage: 'ab [kernel]',
    summary: 'Two configurations side by side: which is faster, or is it noise?',
    load: async () => (await import('./ab.ts')).ab,
  },
  {
    usage: 'verify <study>',
    summary: 'Is what a study found really faster than the default? Timed anew, until it is known',
    load: async () => (await import('./verify.ts')).verify,
  },
  {
    usage: 'trace <kernel>',
    summary: 'The timeline of one simulated call, for Perfetto or as SVG',
    load: async () => (await import('./trace.ts')).trace,
  },
  {
    usage: 'kernels',
    summary: 'List the kernels: the library and imported ones',
    load: async () => (await import('./kernels.ts')).kernels,
  },
  {
    usage: 'kernel <verb> <kernel>',
    summary: '`kernel show softmax`: its IR, operations, bytes and intensity; its loops with --nest',
    load: async () => (await import('./kernel.ts')).kernel,
  },
  {
    usage: 'space <kernel>',
    summary: 'The configurations of a space file or kernel: how many, what each constraint removes',
    load: async () => (await import('./space.ts')).space,
  },
  {
    usage: 'import [file]',
    summary: "Add a kernel of your own: Triton IR from PyTorch's Inductor",
    load: async () => (await import('./import.ts')).importKernels,
  },
  {
    usage: 'targets [target]',
    summary: 'List the targets; the figures of one, and which of them are priors',
    load: async () => (await import('./targets.ts')).targets,
  },
  {
    usage: 'calibrate <target>',
    summary: 'Fit the figures of a target file to a device’s log; say what the log cannot fix',
    load: async () => (await import('./calibrate.ts')).calibrate,
  },
  {
    usage: 'studies',
    summary: 'List the studies',
    load: async () => (await import('./studies.ts')).studies,
  },
  {
    usage: 'trials',
    summary: 'List the trials',
    load: async () => (await import('./trials.ts')).trials,
  },
  {
    usage: 'export',
    summary: 'Write the best configurations for builds: C headers, CMake, JSON and more',
    load: async () => (await import('./export.ts')).exportTuned,
  },
  {
    usage: 'lock <verb> [file]',
    summary: '`lock check`: which entries of a lock file still hold, and what changed of others',
    load: async () => (await import('./lock.ts')).lockFile,
  },
  {
    usage: 'report',
    summary: 'Write a report of all findings as one HTML or Markdown file',
    load: async () => (await import('./report.ts')).report,
  },
  {
    usage: 'compare <before> <after>',
    summary: 'Compare two studies or stores: what got faster or slower, and what changed',
    load: async () => (await import('./compare.ts')).compare,
  },
  {
    usage: 'predict <kernel>',
    summary: 'Predict the best configuration and time of a shape that was never tried',
    load: async () => (await import('./predict.ts')).predict,
  },
  {
    usage: 'model',
    summary: 'How good the model of `predict` is, by kernel and target; train it again',
    load: async () => (await import('./model.ts')).model,
  },
  {
    usage: 'store <verb> [files..]',
    summary: '`store merge other.db`: add its results; `store gc`: delete results of changed targets',
    load: async () => (await import('./store.ts')).store,
  },
  {
    usage: 'daemon',
    summary: 'Work on plans until stopped, and answer over HTTP',
    load: async () => (await import('./daemon.ts')).daemon,
  },
  {
    usage: 'worker [kernel]',
    summary: 'Measure on a device of this machine for the daemon of a fleet',
    load: async () => (await import('./worker.ts')).worker,
  },
  {
    usage: 'devices',
    summary: 'The devices of a fleet: who is there, what each measures, what it lost',
    load: async () => (await import('./devices.ts')).devices,
  },
  {
    usage: 'mcp',
    summary: 'Answer agents: a server of the Model Context Protocol on stdin and stdout',
    load: async () => (await import('./mcp.ts')).mcp,
  },
  {
    usage: 'submit <plan>',
    summary: 'Hand a plan to the daemon: kernels × shapes × targets, with budgets',
    load: async () => (await import('./submit.ts')).submit,
  },
  {
    usage: 'plan <verb> <folder>',
    summary: '`plan from torchinductor_me`: a plan for a whole model',
    load: async () => (await import('./plan.ts')).plan,
  },
  {
    usage: 'status [study]',
    summary: 'Show what the daemon is doing',
    load: async () => (await import('./status.ts')).status,
  },
  {
    usage: 'watch',
    summary: 'The same as a live table',
    load: async () => (await import('./watch.ts')).watch,
  },
  {
    usage: 'pause [study]',
    summary: 'Pause a study; it keeps its place',
    load: async () => (await import('./pause.ts')).pause,
  },
  {
    usage: 'resume [study]',
    summary: 'Continue a paused study',
    load: async () => (await import('./resume.ts')).resume,
  },
  {
    usage: 'stop [study]',
    summary: 'End a study’s visit now, and compare the finalists',
    load: async () => (await import('./stop.ts')).stop,
  },
  {
    usage: 'cancel [study]',
    summary: 'End a study’s visit now, without a comparison',
    load: async () => (await import('./cancel.ts')).cancel,
  },
  {
    usage: 'doctor',
    summary: 'Check what is installed, how well this machine measures, and the store',
    load: async () => (await import('./doctor.ts')).doctor,
  },
  {
    usage: 'completion <shell>',
    summary: 'Print a script that completes commands, options and names in bash or zsh',
    load: async () => (await import('./completion.ts')).completion,
  },
]);
