/** A process of its own: measures the part of bench/fleet.ts that its argument names, and sends it to whoever has forked it. */
import { measureColdStarts } from "./fleet/cold-start.ts";
import { eventsAfter } from "./fleet/events.ts";
import { measureSteady } from "./fleet/steady.ts";
import { measureStored } from "./fleet/stored.ts";
import type { MeasuredPart } from "./fleet/table.ts";
import { measurementsOf, measurementsOfStarts, measurementsOfStored } from "./fleet/table.ts";

async function measure(part: string): Promise<MeasuredPart> {
  if (part === "cold-start") return { measurements: measurementsOfStarts(await measureColdStarts()) };
  if (part === "stored") return { measurements: measurementsOfStored(await measureStored()) };
  const [services, delaySeconds] = part.split("+").map((number) => Number.parseInt(number, 10));
  const events = delaySeconds === undefined ? undefined : eventsAfter(delaySeconds * 1000);
  const steady = await measureSteady(services ?? 0, events);
  return { measurements: measurementsOf(steady), steady };
}

const measured = await measure(process.argv[2] ?? "");
process.send?.(measured, () => process.exit(0));
