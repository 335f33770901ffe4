/** A daemon with its simulated account, as the measurements need it: fast, with room for many load balancers. */
import { parseConfig } from "../src/config.ts";
import { clockFor, type Daemon, startDaemon } from "../src/daemon.ts";
import type { Log } from "../src/ports.ts";

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** @param more settings besides, as on the command line */
export function benchDaemon(speed: number, more: readonly string[] = []): Promise<Daemon> {
  const settings = ["--database", ":memory:", "--listen", "127.0.0.1:0", "--simulator-listen", "127.0.0.1:0"];
  const config = parseConfig([...settings, "--simulator-speed", String(speed), ...more], {});
  return startDaemon(config, clockFor(config), silent, "bench", { quotas: { loadBalancers: 500 } });
}

/** Posts a spec under a name; it is ready when `untilReady` says so. */
export async function post(daemon: Daemon, name: string, spec: unknown): Promise<void> {
  const answer = await fetch(`${daemon.url}/specs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ apiVersion: "holdfast.dev/v1", kind: "WebService", metadata: { name }, spec }),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

export function readyServices(daemon: Daemon): number {
  const { items } = daemon.store.list({ limit: 500 });
  return items.filter((item) =>
    item.status?.conditions.some((condition) => condition.type === "Ready" && condition.status === "True"),
  ).length;
}
