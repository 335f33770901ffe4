/**
 * `npm audit`, with the difference between "nothing is known" and "it could not be asked": a registry without audits
 * must not look like a clean bill, nor stop everybody who is behind one.
 */
import { spawnSync } from "node:child_process";

interface Report {
  readonly error?: { readonly summary?: string; readonly code?: string };
  readonly message?: string;
  readonly metadata?: { readonly vulnerabilities?: Readonly<Record<string, number>> };
}

const { stdout, status } = spawnSync("npm", ["audit", "--json", "--audit-level=low"], { encoding: "utf8" });
const report = reportOf(stdout);
const found = report?.metadata?.vulnerabilities;
if (found !== undefined) {
  const total = found.total ?? 0;
  process.stdout.write(
    total === 0 ? "npm audit: no known vulnerabilities\n" : `npm audit: ${JSON.stringify(found)}\n`,
  );
  process.exitCode = status ?? 1;
} else {
  const why = report?.error?.summary || report?.message || "it gave no answer";
  process.stdout.write(
    `npm audit: NOT CHECKED, the registry did not answer the audit (${why.split("\n")[0]})\n`,
  );
}

function reportOf(text: string): Report | undefined {
  try {
    return JSON.parse(text) as Report;
  } catch {
    return undefined;
  }
}
