/** One option of a command. A switch has no value; a list may be given several times. */
export type OptionSpec = Readonly<{
  kind: 'text' | 'list' | 'switch';
  /** A line for `--help`. */
  describe: string;
  /** The default, in words. */
  otherwise?: string;
  /** The values that completion offers, where they are a few fixed words. */
  words?: readonly string[];
  alias?: string;
  group?: string;
}>;
