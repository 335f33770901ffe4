import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ApiClient } from "../support/api-client.ts";
import { DaemonProcess } from "../support/daemon-process.ts";
import { exampleManifest } from "../support/example-manifest.ts";
import { MISSING_CHROMIUM, pageAfter } from "./chromium.ts";

const LEFT_OUT = MISSING_CHROMIUM === undefined ? "" : ` (left out: ${MISSING_CHROMIUM})`;
/** Two refreshes of the page, and what they wait for. */
const REFRESHED_MS = 8_000;
const LIMIT_MS = 90_000;

describe.skipIf(MISSING_CHROMIUM !== undefined)(`the pages in a browser${LEFT_OUT}`, () => {
  let daemon: DaemonProcess;

  beforeAll(async () => {
    daemon = await DaemonProcess.start([
      ...["--database", ":memory:", "--simulator-listen", "127.0.0.1:0", "--simulator-speed", "1"],
    ]);
  }, LIMIT_MS);

  afterAll(async () => {
    await daemon?.stop();
  });

  it(
    "are live, also while there is no service",
    async () => {
      const page = await pageAfter(`${daemon.url}/status`, REFRESHED_MS);
      expect(page).toContain("No services yet.");
      expect(page).toMatch(/<span id="live"[^>]*data-state="live"[^>]*>Live</);
    },
    LIMIT_MS,
  );

  it(
    "search where the address says so, and keep to it when they are refreshed",
    async () => {
      const { metadata, ...manifest } = exampleManifest();
      const named = (name: string) => ({ ...manifest, metadata: { ...metadata, name } });
      await new ApiClient(daemon.url).post(named("web-api"), named("other"));
      const page = await pageAfter(`${daemon.url}/status?filter=web-api&utm_source=mail`, REFRESHED_MS);
      expect(page).toMatch(/<span id="live"[^>]*>Live</);
      expect(page).toContain('id="service-default/web-api"');
      expect(page).not.toContain('id="service-default/other"');
      expect(page).toContain('value="web-api"');
    },
    LIMIT_MS,
  );
});
