import { readFileSync } from "node:fs";
import { iamPolicies } from "../src/aws/iam-policy.ts";
import { configurationTable } from "../src/config.ts";
import { eventsPage } from "./events-page.ts";
import { withPart } from "./markdown.ts";
import { notSupportedPage } from "./not-supported-page.ts";
import { reasonIndex, reasonTables } from "./reason-tables.ts";
import { refusalsPage } from "./refusals-page.ts";
import { awsMembers, regionPattern } from "./sdk-facts.ts";
import { simulatorParts } from "./simulator-parts.ts";
import { specPage } from "./spec-page.ts";

/** Every generated page, and the source that is made of what the SDK knows: its path from the root of the repository, and its text. */
export function generatedDocs(): Record<string, string> {
  return {
    ...Object.fromEntries(
      Object.entries(iamPolicies()).map(([name, policy]) => [
        `docs/iam-${name}.json`,
        `${JSON.stringify(policy, null, 2)}\n`,
      ]),
    ),
    "docs/configuration.md": configurationPage(),
    "docs/events.md": eventsPage(),
    "docs/spec.md": specPage(),
    "docs/not-supported-yet.md": notSupportedPage(),
    "docs/simulator.md": withParts("docs/simulator.md", simulatorParts()),
    "docs/simulator-refusals.md": refusalsPage(),
    "docs/operations.md": withParts("docs/operations.md", reasonTables()),
    "docs/errors.md": withParts("docs/errors.md", reasonIndex()),
    "src/reconciler/kinds/region-pattern.ts": regionPattern(),
    "src/reconciler/kinds/coverage/aws-members.ts": awsMembers(),
  };
}

/** A page that is written by hand, but for the parts that the tables of the source say better. */
function withParts(path: string, parts: Record<string, string>): string {
  const page = readFileSync(path, "utf8");
  return Object.entries(parts).reduce((text, [name, part]) => withPart(text, name, part), page);
}

function configurationPage(): string {
  return [
    "# Configuration",
    "",
    "<!-- Generated from src/config.ts by `npm run docs`. -->",
    "",
    "A setting is an environment variable or a flag; the flag wins. An empty variable counts as not set.",
    "An unknown flag, an unknown `HOLDFAST_` variable or an impossible value ends the daemon at once, with one line and exit code 2.",
    "",
    configurationTable(),
    "",
  ].join("\n");
}
