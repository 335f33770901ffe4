/** `npm run bench`: one question each, as ratios in one run where speed is concerned. Exit code 1 when a goal is missed. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { example } from "../test/support/example.ts";
import { startCommand } from "../test/support/start-command.ts";
import { measureConvergence } from "./convergence.ts";
import { benchDaemon, post, readyServices } from "./daemon.ts";
import { measureGet } from "./http.ts";
import { measurePlan } from "./plan.ts";
import { measureProcessorTime } from "./processor-time.ts";
import { isMet, type Measurement, print } from "./report.ts";
import { measureSimulation } from "./simulation.ts";

async function measureOverHttp(): Promise<Measurement[]> {
  const daemon = await benchDaemon(600);
  await post(daemon, "web-api", example().spec());
  while (readyServices(daemon) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const measurement = await measureGet(daemon);
  await daemon.stop();
  return [measurement];
}

function measureMemory(): Measurement[] {
  const script = fileURLToPath(new URL("many-services.ts", import.meta.url));
  const { options, environment } = startCommand();
  const measured = (services: number) =>
    execFileSync(process.execPath, [...options, script, String(services)], {
      encoding: "utf8",
      env: { ...process.env, ...environment },
    });
  // What the first start has compiled is there for every other one.
  measured(1);
  const { ready, rssMiB } = JSON.parse(measured(100));
  return [
    {
      question: "Memory with 100 services",
      figure: rssMiB,
      unit: "MiB",
      goal: { atMost: 250 },
      how: `resident set of the daemon with the simulated account in the same process, ${ready} of 100 Ready`,
    },
  ];
}

const parts = [
  measureConvergence,
  measurePlan,
  measureOverHttp,
  measureProcessorTime,
  measureSimulation,
  measureMemory,
];
const measurements: Measurement[] = [];
for (const measure of parts) {
  for (const measurement of await measure()) {
    measurements.push(measurement);
    print(measurement);
  }
}
process.exit(measurements.every(isMet) ? 0 : 1);
