import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { table } from "./markdown.ts";

/** What became of one mutant, as Stryker tells it; lines and columns count from one. */
export interface Mutant {
  readonly fileName: string;
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string | undefined;
  readonly location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  };
}

const COLUMNS = ["Killed", "Timeout", "Survived", "NoCoverage", "Ignored"] as const;
const LEFT: readonly string[] = ["Survived", "NoCoverage"];

/** docs/mutation.md: the score of every file of each room, and every mutant that no test noticed. */
export function mutationPage(rooms: Readonly<Record<string, readonly Mutant[]>>): string {
  const parts = Object.entries(rooms).map(([room, mutants]) => {
    const files = Object.entries(Object.groupBy(mutants, pathOf)).toSorted(([a], [b]) => (a < b ? -1 : 1));
    const rows = files.map(([path, of]) => [`\`${path.slice(room.length + 1)}\``, ...rowOf(of!)]);
    return [
      `## ${room}`,
      table(
        ["File", "Killed", "Timed out", "Survived", "Not covered", "Ignored", "Score"],
        [...rows, ["all", ...rowOf(mutants)]],
      ),
      ...(mutants.some(isLeft) ? ["What no test noticed:", `\`\`\`text\n${survivors(mutants)}\n\`\`\``] : []),
    ].join("\n\n");
  });
  return `${[
    "# Mutation testing",
    "`npm run mutate` writes this page. Each mutant is one small change of the code; it is killed when a test of the " +
      "room's own folder fails with it. The score is what was killed or ended by its time limit, of all that counts. " +
      "[ADR 32](adr/0032-mutation-testing.md) says what is mutated, and why.",
    ...parts,
  ].join("\n\n")}\n`;
}

/** One line for each mutant that no test noticed: where it is, what stands there, and what stood there instead. */
export function survivors(mutants: readonly Mutant[]): string {
  return mutants
    .filter(isLeft)
    .toSorted(
      (a, b) =>
        pathOf(a).localeCompare(pathOf(b)) ||
        a.location.start.line - b.location.start.line ||
        a.location.start.column - b.location.start.column,
    )
    .map((mutant) => {
      const { line, column } = mutant.location.start;
      const place = `${pathOf(mutant)}:${line}:${column}`;
      const note = mutant.status === "NoCoverage" ? " (not covered)" : "";
      return `${place}${note} ${onOneLine(originalOf(mutant))} → ${onOneLine(mutant.replacement ?? "")}`;
    })
    .join("\n");
}

/** Killed or timed out, of what was tested; in percent. */
export function scoreOf(mutants: readonly Mutant[]): string {
  const of = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
  const killed = of("Killed", "Timeout");
  const all = killed + of(...LEFT);
  return all === 0 ? "" : `${((100 * killed) / all).toFixed(1)} %`;
}

const isLeft = ({ status }: Mutant) => LEFT.includes(status);
const pathOf = ({ fileName }: Mutant) => relative(process.cwd(), fileName);

function rowOf(mutants: readonly Mutant[]): string[] {
  const counts = COLUMNS.map((status) => String(mutants.filter((mutant) => mutant.status === status).length));
  return [...counts, scoreOf(mutants)];
}

function originalOf(mutant: Mutant): string {
  const { start, end } = mutant.location;
  const lines = readFileSync(mutant.fileName, "utf8")
    .split("\n")
    .slice(start.line - 1, end.line);
  const last = lines.length - 1;
  lines[last] = lines[last]!.slice(0, end.column - 1);
  lines[0] = lines[0]!.slice(start.column - 1);
  return lines.join("\n");
}

function onOneLine(code: string): string {
  const line = code.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
