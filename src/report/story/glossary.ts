/** The glossary of a report. */
export const READING: readonly (readonly [term: string, meaning: string])[] = Object.freeze([
  [
    'gain over default',
    'time of the configuration that the target’s compiler chooses by itself, over the time of the one to use',
  ],
  [
    'interval',
    'in brackets: for simulated times the range over the parameter sets that the target’s calibration accepts, or over sets drawn from the ranges that its file states where it has none; for measured ones a 95 % bootstrap interval and what the search of either side may have missed. None is shown with too few samples',
  ],
  [
    'ladder',
    'the best configuration with scalar code only, then with vectors permitted, then threads, then double buffering; everything else is tuned anew on each rung',
  ],
  [
    'unknown',
    'fewer than five timed trials without the mechanism, or with it strictly on; never shown as 1×',
  ],
  ['alone', 'the best without any mechanism over the best with this one alone'],
  ['left out', 'the best without this mechanism over the best with all'],
  ['forced', 'the mechanism strictly on, all else tuned, against off; below 1× it does not pay'],
  [
    'against',
    'the mechanism strictly on against another use of the same resources, such as computing on the thread that copies; below 1× that other use is better',
  ],
  [
    'Shapley share',
    'the mechanism’s share of the logarithm of the whole speed-up, averaged over all orders of adding mechanisms',
  ],
  [
    'what matters',
    'the share of the variance of ln(time) over all combinations of values that a parameter explains by itself, or two together beyond that (functional ANOVA of a forest fitted to the trials)',
  ],
  [
    'use',
    'the simplest configuration that is as fast as the fastest within 1 %, as far as was measured: fewest threads, then buffers, scratchpad, vector width, then fewest changes of the default; a mechanism’s gains are those of the fastest',
  ],
  [
    'not compared',
    'both times are screened: of trials of the search, before a final comparison; such times rank configurations and have no gain',
  ],
  ['simulated', 'computed by a model of the machine, not measured on one'],
] as const);
