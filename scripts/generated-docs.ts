import { iamPolicy } from "../src/aws/iam-policy.ts";
import { configurationTable } from "../src/config.ts";

/** Every generated page: its path from the root of the repository, and its text. */
export function generatedDocs(): Record<string, string> {
  return {
    "docs/iam-policy.json": `${JSON.stringify(iamPolicy(), null, 2)}\n`,
    "docs/configuration.md": configurationPage(),
  };
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
