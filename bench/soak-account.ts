/**
 * A simulated account in a process of its own: `node bench/soak-account.ts <speed> <seed>`. Writes its address as
 * the one line of its output, and serves until it is ended.
 */
import { seededRng } from "../src/runtime/seeded-rng.ts";
import { systemClock } from "../src/runtime/system-clock.ts";
import { buildAccount } from "../src/simulator/account.ts";
import { serveAccount } from "../src/simulator/wire/server.ts";

const [speed = "60", seed = "1"] = process.argv.slice(2);
const clock = systemClock({ speed: Number(speed) });
const account = buildAccount({ clock, rng: seededRng(Number(seed)) });
const { url } = await serveAccount(account, { host: "127.0.0.1", port: 0 });
process.stdout.write(`${url}\n`);
