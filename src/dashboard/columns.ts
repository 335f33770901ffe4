/** Text for terminals: aligned columns and paragraphs, no line but a command longer than the terminal is wide. */
import type { TextOptions } from "../model/status-page.ts";

/** A block of rows under a title. The last column is prose, which may go on in the next lines. */
export interface Block {
  title: string;
  rows: readonly (readonly string[] | Command)[];
}

/** What is there to be copied: on a line of its own, however long that is, for with a line break it is another one. */
export interface Command {
  readonly command: string;
}

const WIDTH = 100;
/** In less, a table is none. */
const LEAST_WIDTH = 60;
const GAP = "  ";
/** Prose that would be narrower than this, or break a word, goes below its row. */
const LEAST_PROSE = 40;
const INDENT = "     ";

const ESCAPE = "\u001b[";
const RESET = `${ESCAPE}0m`;
const BOLD = "1";

/**
 * Lines of text, and blocks of columns with an empty line before each. Blocks without rows are left out.
 * @param colours SGR codes of the signs with which lines begin
 */
export function textOf(
  parts: readonly (string | Block | Command)[],
  { width: wanted = WIDTH, hasColour = false }: TextOptions,
  colours: Readonly<Record<string, string>>,
): string {
  const width = Math.max(LEAST_WIDTH, wanted);
  const painted = (line: string) => (hasColour ? withColour(line, colours) : line);
  const lines = parts.flatMap((part) => {
    if (typeof part === "string") return wrapped(oneLine(part), width).map(painted);
    if ("command" in part) return [oneLine(part.command)];
    if (part.rows.length === 0) return [];
    const title = part.title === "" ? [] : [hasColour ? sgr(BOLD, part.title) : part.title];
    return ["", ...title, ...columnsOf(part.rows, width).map(painted)];
  });
  return `${lines.join("\n")}\n`;
}

/**
 * Rows as lines, none longer than `width`, and commands below the row that they follow. Columns that have no room beside the others go below their row, together
 * with the prose of the last one: nothing is cut, for a name or an id is there to be copied.
 */
export function columnsOf(rows: Block["rows"], width: number): string[] {
  const lines = alignedOf(rows.filter(isCells), width);
  return rows.flatMap((row) => (isCells(row) ? (lines.shift() ?? []) : [`${INDENT}${oneLine(row.command)}`]));
}

function isCells(row: Block["rows"][number]): row is readonly string[] {
  return !("command" in row);
}

/** The lines of each row. */
function alignedOf(rows: readonly (readonly string[])[], width: number): string[][] {
  const clean = rows.map((row) => row.map(oneLine));
  const count = Math.max(0, ...clean.map((row) => row.length));
  if (count === 0) return clean.map(() => []);
  const widths = besideEachOther(widthsOf(clean, count - 1), width);
  const before = widths.reduce((sum, each) => sum + each + GAP.length, 0);
  const room = width - before;
  const proseOf = (row: readonly string[]) => row.slice(widths.length).join(GAP).trim();
  const isBeside = clean.every((row) => goesInto(proseOf(row), room));
  return clean.map((row) => {
    const head = widths.map((each, column) => (row[column] ?? "").padEnd(each));
    const prose = proseOf(row);
    if (!isBeside && prose.length > room) {
      const below = wrapped(prose, width - INDENT.length).map((each) => `${INDENT}${each}`);
      return [head.join(GAP).trimEnd(), ...below];
    }
    const [first = "", ...more] = wrapped(prose, Math.max(room, 1));
    return [[...head, first].join(GAP).trimEnd(), ...more.map((each) => `${" ".repeat(before)}${each}`)];
  });
}

function goesInto(prose: string, room: number): boolean {
  return (
    prose.length <= room || (room >= LEAST_PROSE && prose.split(" ").every((word) => word.length <= room))
  );
}

function widthsOf(rows: readonly (readonly string[])[], count: number): number[] {
  return Array.from({ length: count }, (_, column) =>
    Math.max(0, ...rows.map((row) => (row[column] ?? "").length)),
  );
}

/** The widths of as many columns as have room, from the left. */
function besideEachOther(widths: readonly number[], width: number): number[] {
  let left = width;
  const first = widths.findIndex((each, index) => {
    left -= each + (index > 0 ? GAP.length : 0);
    return left < 0;
  });
  return first < 0 ? [...widths] : widths.slice(0, first);
}

/** Words in lines; a word that is too long for one is broken. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (joined.length <= width) {
      line = joined;
      continue;
    }
    if (line !== "") lines.push(line);
    line = word;
    while (line.length > width) {
      lines.push(line.slice(0, width));
      line = line.slice(width);
    }
  }
  return [...lines, line];
}

function withColour(line: string, colours: Readonly<Record<string, string>>): string {
  const [, sign = ""] = /^(\S) /.exec(line) ?? [];
  const code = Object.hasOwn(colours, sign) ? colours[sign] : undefined;
  return code === undefined ? line : `${sgr(code, sign)}${line.slice(1)}`;
}

function sgr(code: string, text: string): string {
  return `${ESCAPE}${code}m${text}${RESET}`;
}

/** Without line breaks and control characters, which a terminal might obey. */
function oneLine(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ");
}
