/**
 * `npm run bench:fleet`: many services on one account's budget. Arguments choose parts of it: numbers of services, with
 * `+5s` where AWS's events come five seconds late, `cold-start`, `stored`; without any, all of it. Exit code 1 when a goal is missed.
 */
import { fork } from "node:child_process";
import { turnsOf } from "../src/reconciler/looks/turns.ts";
import type { Steady } from "./fleet/steady.ts";
import { type MeasuredPart, tableOf } from "./fleet/table.ts";
import { isMet, type Measurement, print } from "./report.ts";

const OF_SIZES = ["1000+5s", "1000", "300", "60+300s", "60+5s", "60", "30"];
const COLD_START = "cold-start";
const STORED = "stored";
const SIDE_BY_SIDE = 2;
/** Of each are taken samples from as many services of their own. */
const FEWEST = 20;

const asked = process.argv.slice(2);
const parts = asked.length === 0 ? [...OF_SIZES, COLD_START, STORED] : asked;
const unknown = parts.find((part) => ![COLD_START, STORED].includes(part) && !isSize(part));
if (unknown !== undefined) {
  process.stderr.write(
    `${unknown}: say a number of services, ${FEWEST} at the least, ${COLD_START} or ${STORED}\n`,
  );
  process.exit(2);
}
const all: Measurement[] = [];
const fleets: Steady[] = [];
// In virtual time it does not matter what goes on beside it.
const turn = turnsOf(SIDE_BY_SIDE);
await Promise.all(parts.filter((part) => part !== STORED).map((part) => turn(() => report(part))));
if (parts.includes(STORED)) await report(STORED);
const bySize = fleets.toSorted((a, b) => a.services - b.services);
if (bySize.length > 0) process.stdout.write(`\n${tableOf(bySize)}`);
process.exit(all.every(isMet) ? 0 : 1);

function isSize(part: string): boolean {
  const [, services] = /^(\d+)(?:\+\d+s)?$/.exec(part) ?? [];
  return Number(services) >= FEWEST;
}

async function report(part: string): Promise<void> {
  const begin = performance.now();
  const { measurements, steady } = await measured(part);
  if (steady !== undefined) fleets.push(steady);
  for (const measurement of measurements) {
    all.push(measurement);
    print(measurement);
  }
  process.stdout.write(`        (${part}: ${((performance.now() - begin) / 1000).toFixed(0)} s)\n`);
}

function measured(part: string): Promise<MeasuredPart> {
  // What never came to be is infinite, which JSON does not know.
  const child = fork(new URL("fleet-part.ts", import.meta.url), [part], { serialization: "advanced" });
  return new Promise((resolve, reject) => {
    child.once("message", resolve);
    child.once("exit", (code) => reject(new Error(`${part}: the measuring process ended with ${code}`)));
  });
}
