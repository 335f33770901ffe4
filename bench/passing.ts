/**
 * A process of its own: ten services that are kept. Told a number, it makes that many passes and answers with the
 * processor time of one, in milliseconds: the daemon's and the simulated account's, all threads.
 */
import { exampleSpec } from "../test/support/installation.ts";
import { benchDaemon, post, readyServices } from "./daemon.ts";

const SERVICES = 10;
const SPEED = 240;
/** Only what is asked for: no pass comes by itself while the other process is measured. */
const LONG_RESYNC = ["--resync-seconds", "86400"];
const WARM_UP_PASSES = 150;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const daemon = await benchDaemon(SPEED, LONG_RESYNC);
for (let index = 0; index < SERVICES; index += 1) await post(daemon, `service-${index}`, exampleSpec());
while (readyServices(daemon) < SERVICES) await pause(50);
await passingMs(WARM_UP_PASSES);
process.on("message", async (passes: number) => process.send?.(await passingMs(passes)));
process.on("disconnect", () => void daemon.stop().then(() => process.exit(0)));
process.send?.("ready");

async function passingMs(passes: number): Promise<number> {
  const begin = process.cpuUsage();
  const made = passesMade();
  while (passesMade() < made + passes) {
    for (let index = 0; index < SERVICES; index += 1)
      daemon.controller.request({ namespace: "default", name: `service-${index}` });
    while (daemon.controller.queue.running + daemon.controller.queue.waiting > 0) await pause(1);
  }
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1_000 / (passesMade() - made);
}

function passesMade(): number {
  return Object.values(daemon.controller.counts).reduce((sum, count) => sum + count, 0);
}
