/** `npm run bench`: one question each, as ratios in one run where speed is concerned. Exit code 1 when a goal is missed. */
import { execFileSync, spawnSync } from "node:child_process";
import { bundle } from "../scripts/bundle.ts";
import { example } from "../test/support/example.ts";
import { startCommand } from "../test/support/start-command.ts";
import { measureConvergence } from "./convergence.ts";
import { benchDaemon, post, readyServices } from "./daemon.ts";
import { measureGet } from "./http.ts";
import { measurePlan } from "./plan.ts";
import { measureProcessorTime } from "./processor-time.ts";
import { isMet, type Measurement, print } from "./report.ts";
import { measureRollout } from "./rollout.ts";
import { measureScaling } from "./scaling.ts";
import { measureSimulation } from "./simulation.ts";

async function measureOverHttp(): Promise<Measurement[]> {
  const daemon = await benchDaemon(600);
  await post(daemon, "web-api", example().spec());
  while (readyServices(daemon) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const measurement = await measureGet(daemon);
  await daemon.stop();
  return [measurement];
}

/** As one file, like the daemon that `npm start` runs. */
async function measureMemory(): Promise<Measurement[]> {
  const script = "build/many-services.js";
  await bundle("bench/many-services.ts", script);
  const { options, environment } = startCommand();
  const measured = execFileSync(process.execPath, [...options, script, "100"], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
  });
  const { ready, rssMiB } = JSON.parse(measured);
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
  measureScaling,
  measureRollout,
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
const fleet = spawnSync(process.execPath, ["bench/fleet.ts"], { stdio: "inherit" });
process.exit(measurements.every(isMet) && fleet.status === 0 ? 0 : 1);
