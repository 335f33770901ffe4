/** A process of its own: writes a database of so many services that have converged into a file. */
import { newUid } from "../src/runtime/new-uid.ts";
import { seededRng } from "../src/runtime/seeded-rng.ts";
import { systemClock } from "../src/runtime/system-clock.ts";
import { openStore } from "../src/store/open.ts";
import { converged, fillStore } from "../test/support/stored-fleet.ts";

const [path = "", count = "10000"] = process.argv.slice(2);
const rng = seededRng(7);
const store = openStore({ path, clock: systemClock({ speed: 1 }), newUid: () => newUid(rng) });
fillStore(store, await converged(), Number(count));
store.close();
