/** What only a browser shows; skipped where the machine has none. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { assets } from "../../src/dashboard/assets.ts";
import { fleetPage } from "../../src/dashboard/fleet-page.ts";
import { servicePage } from "../../src/dashboard/service-page.ts";
import { BROWSER, openPage, type Page } from "../support/browser.ts";
import { waitUntil } from "../support/wait-until.ts";
import { fleetModel, serviceModel } from "./fixtures.ts";

const PATIENCE_MS = 30_000;

const open: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** The pages as the daemon serves them. */
async function served(): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const asset = assets[(request.url ?? "").replace("/status/assets/", "")];
    const page = request.url === "/status" ? fleetPage(fleetModel()) : servicePage(serviceModel());
    response.setHeader("content-type", asset?.type ?? "text/html; charset=utf-8");
    response.end(asset?.body ?? page);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => ended(server));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function ended(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

async function pageAt(url: string, width: number): Promise<Page> {
  const page = await openPage(url, width);
  open.push(() => page.close());
  await until(page, "document.getElementById('live')?.textContent === 'Live'");
  return page;
}

async function until(page: Page, expression: string): Promise<void> {
  await waitUntil(
    async () => (await page.evaluate<boolean>(expression)) || undefined,
    PATIENCE_MS,
    () => expression,
  );
}

/** Elements that stand beyond the edge of the cell that they are in. */
const OVERHANGING = `[...document.querySelectorAll("td .pips, td .ratio, td .pill")].filter((one) =>
  one.getBoundingClientRect().right > one.closest("td").getBoundingClientRect().right + 1).length`;

/** Links of the contents that one has to scroll sideways for. */
const UNREACHABLE = `[...document.querySelectorAll(".contents a")].filter((one) =>
  one.getBoundingClientRect().right > innerWidth).length`;

const LEFT_OUT = BROWSER === undefined ? " (skipped: no browser here)" : "";

describe.skipIf(BROWSER === undefined)(`in a browser${LEFT_OUT}`, () => {
  it.each([1400, 700])(
    "nothing of a fleet %i px wide stands over its neighbour",
    async (width) => {
      const { url } = await served();
      const page = await pageAt(`${url}/status`, width);
      expect(await page.evaluate<number>("document.querySelectorAll('td .pip').length")).toBeGreaterThan(12);
      expect(await page.evaluate<number>(OVERHANGING)).toBe(0);
    },
    60_000,
  );

  it("a service on a telephone has nothing that stands beyond its edge, and its contents within reach", async () => {
    const { url } = await served();
    const page = await pageAt(`${url}/status/default/web-api`, 1400);
    await page.command("Emulation.setDeviceMetricsOverride", {
      ...{ width: 400, height: 900, deviceScaleFactor: 1, mobile: false },
    });
    expect(await page.evaluate<number>("document.documentElement.scrollWidth")).toBeLessThanOrEqual(400);
    expect(await page.evaluate<number>(UNREACHABLE)).toBe(0);
    const order = "[...document.querySelectorAll('main h2')].map((one) => one.textContent.split(' ')[0])";
    expect((await page.evaluate<string[]>(order)).slice(0, 2)).toEqual(["Conditions", "Topology"]);
  }, 60_000);

  it("a page that has lost its connection says so, and is green no more", async () => {
    const { url, server } = await served();
    const page = await pageAt(`${url}/status/default/web-api`, 1400);
    const colour = "getComputedStyle(document.querySelector('.pill.ok')).color";
    const before = await page.evaluate<string>(colour);
    await ended(server);
    await until(page, "document.getElementById('main').className === 'stale lost'");
    expect(await page.evaluate<string>("document.getElementById('live').textContent")).toMatch(
      /^Connection lost\. Data as of 12:04:30 UTC/,
    );
    expect(await page.evaluate<string>(colour)).not.toBe(before);
  }, 60_000);
});
