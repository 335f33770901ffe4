/** How much of a bare server's rate is left for reading one object? Both in one process, measured in turns. */
import { Agent, createServer, get } from "node:http";
import type { AddressInfo } from "node:net";
import type { Daemon } from "../src/daemon.ts";
import { type Measurement, median } from "./report.ts";

const CONNECTIONS = 32;
const TURN_MS = 1_500;
const TURNS = 5;

export async function measureGet(daemon: Daemon): Promise<Measurement> {
  const url = `${daemon.url}/apis/holdfast.dev/v1/namespaces/default/webservices/web-api`;
  const body = await (await fetch(url)).text();
  const bare = createServer((_request, response) => {
    response
      .writeHead(200, { "content-type": "application/json", "content-length": Buffer.byteLength(body) })
      .end(body);
  });
  await new Promise<void>((resolve) => bare.listen(0, "127.0.0.1", resolve));
  const bareUrl = `http://127.0.0.1:${(bare.address() as AddressInfo).port}/`;
  await requestsPerSecond(url);
  await requestsPerSecond(bareUrl);
  const ratios: number[] = [];
  for (let turn = 0; turn < TURNS; turn += 1)
    ratios.push((await requestsPerSecond(url)) / (await requestsPerSecond(bareUrl)));
  bare.close();
  bare.closeAllConnections();
  return {
    question: "GET of one object, of a bare node:http server's rate with the same body",
    figure: median(ratios),
    unit: "×",
    goal: { atLeast: 0.6 },
    how: `${CONNECTIONS} connections, ${TURNS} turns of ${TURN_MS} ms each, median; client in the same process; body ${Buffer.byteLength(body)} bytes`,
  };
}

async function requestsPerSecond(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const untilMs = performance.now() + TURN_MS;
  let count = 0;
  const worker = async () => {
    while (performance.now() < untilMs) {
      await once(url, agent);
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  agent.destroy();
  return (count * 1000) / TURN_MS;
}

function once(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on("end", resolve);
    }).on("error", reject);
  });
}
