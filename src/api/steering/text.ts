/** Revisions for terminals. Pure. */
import { lookupText } from "../../model/lookups.ts";
import type { Revision, RevisionDifference } from "../../model/revision.ts";
import type { Value } from "../../model/value.ts";
import { yamlOf } from "../body/write-yaml.ts";
import type { RevisionDiffView, RevisionListView, RevisionView } from "./revisions.ts";

const HEADINGS = ["GENERATION", "TIME", "ACTOR", "CAUSE"];

export function revisionListText({ items }: RevisionListView): string {
  const rows = items.map(({ generation, isCurrent, time, actor = "-", cause = "-" }) => [
    `${generation}${isCurrent ? " (current)" : ""}`,
    time,
    actor,
    oneLine(cause),
  ]);
  const all = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("   ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

export function revisionText({
  namespace,
  service,
  generation,
  time,
  actor,
  cause,
  spec,
  lookups,
}: RevisionView & Pick<Revision, "spec" | "lookups">): string {
  const head = [
    `# ${namespace}/${service}, generation ${generation}, ${time}${actor === undefined ? "" : `, by ${actor}`}`,
    ...(cause === undefined ? [] : [`# ${oneLine(cause)}`]),
    ...lookups.map(({ path, value }) => `# ${path}: ${lookupText(value)}`),
  ];
  return `${head.join("\n")}\n${yamlOf({ spec })}`;
}

export function revisionDiffText({ namespace, service, from, to, differences }: RevisionDiffView): string {
  const head = `${namespace}/${service}: generation ${from} → ${to}`;
  const lines = differences.length === 0 ? ["no differences"] : differences.map(differenceLine);
  return `${[head, ...lines].join("\n")}\n`;
}

const SIGNS = { added: "+", removed: "-", changed: "~" } as const;

function differenceLine({ path, change, before, after, isLookup }: RevisionDifference): string {
  const values = [before, after].flatMap((value) => (value === undefined ? [] : [textOf(value)]));
  return `${SIGNS[change]} ${path}: ${values.join(" → ")}${isLookup === true ? " (what its lookup found)" : ""}`;
}

function textOf(value: Value): string {
  return JSON.stringify(value);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
