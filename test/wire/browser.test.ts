import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { BROWSER, openPage, type Page } from "../support/browser.ts";
import { DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { waitUntil } from "../support/wait-until.ts";

const LEFT_OUT = BROWSER === undefined ? " (skipped: no browser here)" : "";
const LIMIT_MS = 90_000;
const PATIENCE_MS = 30_000;
const NOW = "document.getElementById('main').dataset.now";
const LIVE = "document.getElementById('live').textContent";
const ROWS = "[...document.querySelectorAll('#services tbody tr')].map((row) => row.id).join(' ')";

describe.skipIf(BROWSER === undefined)(`the daemon's pages in a browser${LEFT_OUT}`, () => {
  let daemon: DaemonProcess;
  let page: Page | undefined;

  beforeAll(async () => {
    daemon = await DaemonProcess.start([
      ...["--database", ":memory:", "--simulator-listen", "127.0.0.1:0", "--simulator-speed", "1"],
    ]);
  }, LIMIT_MS);

  afterAll(async () => {
    await page?.close();
    await daemon?.stop();
  }, LIMIT_MS);

  async function until(expression: string): Promise<void> {
    await waitUntil(
      async () => (await page?.evaluate<boolean>(expression)) || undefined,
      PATIENCE_MS,
      () => expression,
    );
  }

  /** The page has put in what it fetched. */
  async function refreshed(): Promise<void> {
    const before = await page?.evaluate<string>(NOW);
    await until(`${NOW} !== "${before}"`);
  }

  it(
    "are live while there is no service, and search on the server what somebody types",
    async () => {
      page = await openPage(`${daemon.url}/status?utm_source=mail`, 1_400);
      await until(`${LIVE} === "Live"`);
      await refreshed();
      expect(await page.evaluate(LIVE)).toBe("Live");

      const { metadata, ...manifest } = exampleManifest();
      const named = (name: string) => ({ ...manifest, metadata: { ...metadata, name } });
      await new ApiClient(daemon.url).post(named("web-api"), named("other"));
      await until(`${ROWS}.includes("service-default/other")`);
      await page.evaluate(`(() => {
        const field = document.querySelector("#filter input[type=search]");
        field.value = "web-api";
        field.dispatchEvent(new Event("input", { bubbles: true }));
      })()`);
      await until(`${ROWS} === "service-default/web-api"`);
      expect(await page.evaluate("location.search")).toBe("?utm_source=mail&filter=web-api");
      await refreshed();
      expect(await page.evaluate(ROWS)).toBe("service-default/web-api");
    },
    LIMIT_MS,
  );
});
