/** `npm run bench`: one question each, as ratios in one run where speed is concerned. Exit code 1 when a goal is missed. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { example } from "../test/support/example.ts";
import { measureConvergence } from "./convergence.ts";
import { benchDaemon, post, readyServices } from "./daemon.ts";
import { measureGet } from "./http.ts";
import { measurePlan } from "./plan.ts";
import { isMet, type Measurement, print } from "./report.ts";

async function measureOverHttp(): Promise<Measurement[]> {
  const daemon = await benchDaemon(600);
  await post(daemon, "web-api", example().spec());
  while (readyServices(daemon) === 0) await new Promise((resolve) => setTimeout(resolve, 100));
  const measurement = await measureGet(daemon);
  await daemon.stop();
  return [measurement];
}

/** What `npm start` gives Node, so that the measured process is like the one that users run. */
function startFlags(): string[] {
  const { scripts } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return (scripts.start as string).split(" ").filter((word) => word.startsWith("--"));
}

function measureMemory(): Measurement[] {
  const script = fileURLToPath(new URL("hundred-services.ts", import.meta.url));
  const { ready, rssMiB } = JSON.parse(
    execFileSync(process.execPath, [...startFlags(), script], { encoding: "utf8" }),
  );
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

const measurements: Measurement[] = [];
for (const measure of [measureConvergence, measurePlan, measureOverHttp, measureMemory]) {
  for (const measurement of await measure()) {
    measurements.push(measurement);
    print(measurement);
  }
}
process.exit(measurements.every(isMet) ? 0 : 1);
