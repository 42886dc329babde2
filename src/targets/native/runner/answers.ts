import type { VariantAnswer } from '../../../programs/variant-process.ts';

const NEWLINE = 10;

/** Reads the answers of a runner: lines, of which `bytes` is followed by so many bytes. */
export class AnswerReader {
  private unread = Buffer.alloc(0);
  /** The bytes that follow, where a line has announced some. */
  private announced: number | undefined;

  constructor(private readonly heard: (answer: VariantAnswer) => void) {}

  take(bytes: Buffer): void {
    this.unread = Buffer.concat([this.unread, bytes]);
    while (this.next());
  }

  private next(): boolean {
    if (this.announced !== undefined) return this.takeBytes(this.announced);
    const end = this.unread.indexOf(NEWLINE);
    if (end < 0) return false;
    const line = this.unread.toString('utf8', 0, end);
    this.unread = this.unread.subarray(end + 1);
    const [, count] = /^bytes (\d+)$/.exec(line) ?? [];
    if (count === undefined) this.heard(answerOf(line));
    else this.announced = Number(count);
    return true;
  }

  private takeBytes(count: number): boolean {
    if (this.unread.length < count) return false;
    const bytes = Uint8Array.from(this.unread.subarray(0, count));
    this.unread = this.unread.subarray(count);
    this.announced = undefined;
    this.heard({ kind: 'bytes', bytes });
    return true;
  }
}

/** A line as an answer. One that makes no sense is a failure of the variant: it has written to our output. */
function answerOf(line: string): VariantAnswer {
  const [kind, ...fields] = line.split(' ');
  const rest = fields.join(' ');
  const numbers = fields.map(Number);
  const areNumbers = (count: number): boolean =>
    numbers.length === count && fields.every((field) => field !== '') && !numbers.some(Number.isNaN);
  if ((kind === 'hello' || kind === 'done') && rest === '') return { kind };
  if (kind === 'wrong') return { kind, message: rest };
  if (kind === 'right' && areNumbers(1)) return { kind, digest: numbers[0] };
  if (kind === 'time' && areNumbers(3)) {
    const [timeUs, calls, waited] = numbers;
    return { kind, timeUs, calls, waited };
  }
  if (kind === 'limits' && areNumbers(3)) {
    const [copyGBs, triadGBs, multiplyAddGflops] = numbers;
    return { kind, copyGBs, triadGBs, multiplyAddGflops };
  }
  const [what, ...words] = fields;
  if (kind === 'failed' && (what === 'compile' || what === 'runtime'))
    return { kind, what, message: words.join(' ') };
  return { kind: 'failed', what: 'runtime', message: `the runner answers '${line.slice(0, 100)}'` };
}
