/** Draws what a terminal shows, with its colours, as a picture that looks the same in any monospaced font. */

const WIDE = 8.4;
const TALL = 19;
const MARGIN = 18;
const FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace";
const GROUND = '#0d1117';
const INK = '#e6edf3';
const DIM = '#9aa4af';
const COLOURS: Readonly<Record<number, string>> = Object.freeze({
  31: '#ff7b72',
  32: '#56d364',
  33: '#e3b341',
  34: '#79c0ff',
  35: '#d2a8ff',
  36: '#76e3ea',
});

type Style = Readonly<{ colour: number | undefined; isBold: boolean; isDim: boolean }>;
type Run = Readonly<{ text: string; column: number; style: Style }>;

const PLAIN: Style = Object.freeze({ colour: undefined, isBold: false, isDim: false });

function after(style: Style, code: number): Style {
  if (code === 1) return { ...style, isBold: true };
  if (code === 2) return { ...style, isDim: true };
  if (code === 22) return { ...style, isBold: false, isDim: false };
  return { ...style, colour: code === 39 ? undefined : code };
}

/** The pieces of a line between colour codes, and the style in which it ends. */
function runsOf(line: string, first: Style): Readonly<{ runs: readonly Run[]; last: Style }> {
  const runs: Run[] = [];
  let style = first;
  let column = 0;
  // Every second piece is the number of a code.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour code begins with one.
  for (const [place, piece] of line.split(/\u001b\[(\d+)m/).entries()) {
    if (place % 2 === 1) {
      style = after(style, Number(piece));
      continue;
    }
    for (const word of piece.matchAll(/\S+(?: \S+)*/g))
      runs.push({ text: word[0], column: column + [...piece.slice(0, word.index)].length, style });
    column += [...piece].length;
  }
  return { runs, last: style };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function drawRun({ text, column, style }: Run, y: number): string {
  const { colour, isBold, isDim } = style;
  const fill = colour === undefined ? (isDim ? DIM : INK) : COLOURS[colour];
  const wide = ([...text].length * WIDE).toFixed(1);
  const x = (MARGIN + column * WIDE).toFixed(1);
  return `<text x="${x}" y="${y}" textLength="${wide}" lengthAdjust="spacingAndGlyphs" fill="${fill}"${isBold ? ' font-weight="700"' : ''}>${escaped(text)}</text>`;
}

/** `title` is for screen readers. */
export function terminalSvg(title: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  let style = PLAIN;
  const drawn = lines.flatMap((line, place) => {
    const { runs, last } = runsOf(line, style);
    style = last;
    return runs.map((run) => drawRun(run, MARGIN + TALL * (place + 0.75)));
  });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a colour code begins with one.
  const columns = Math.max(...lines.map((line) => [...line.replaceAll(/\u001b\[\d+m/g, '')].length));
  const [width, height] = [Math.ceil(2 * MARGIN + columns * WIDE), 2 * MARGIN + lines.length * TALL];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" font-family="${FONT}" font-size="14">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="10" fill="${GROUND}"/>`,
    ...drawn,
    '</svg>\n',
  ].join('\n');
}
