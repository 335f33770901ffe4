/** A process of its own: so many services as its argument says converge and are kept; it prints its resident MiB. */
import { example } from "../test/support/example.ts";
import { benchDaemon, post, readyServices } from "./daemon.ts";

const SERVICES = Number(process.argv[2]);
const SPEED = 240;
const LIMIT_MS = 120_000;
const SETTLED_MS = 5_000;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const daemon = await benchDaemon(SPEED);
for (let index = 0; index < SERVICES; index += 1) await post(daemon, `service-${index}`, example().spec());
const untilMs = performance.now() + LIMIT_MS;
while (readyServices(daemon) < SERVICES && performance.now() < untilMs) await pause(500);
const ready = readyServices(daemon);
await pause(SETTLED_MS);
process.stdout.write(JSON.stringify({ ready, rssMiB: Math.round(process.memoryUsage.rss() / 1_048_576) }));
await daemon.stop();
process.exit(0);
