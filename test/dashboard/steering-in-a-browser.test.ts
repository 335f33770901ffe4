/** What a person does through the pages, in a browser; skipped where the machine has none. */
import type { AddressInfo } from "node:net";
import axe from "axe-core";
import { afterEach, describe, expect, it } from "vitest";
import { tokensIn } from "../../src/config/token-file.ts";
import { assets } from "../../src/dashboard/assets.ts";
import { DOCS, docsPage } from "../../src/dashboard/docs.ts";
import { errorPage } from "../../src/dashboard/error-page.ts";
import { fleetPage } from "../../src/dashboard/fleet-page.ts";
import { servicePage } from "../../src/dashboard/service-page.ts";
import { signInPage } from "../../src/dashboard/sign-in-page.ts";
import {
  ANNOTATION_APPROVED_PLAN,
  ANNOTATION_PAUSED,
  ANNOTATION_RECONCILE_REQUESTED_AT,
} from "../../src/model/object.ts";
import { waitForApproval } from "../api/approving.ts";
import { BASE, manifest, post, type World, world } from "../api/support.ts";
import { BROWSER, openPage, type Page } from "../support/browser.ts";
import { waitUntil } from "../support/wait-until.ts";
import { serviceModel } from "./fixtures.ts";

const PATIENCE_MS = 30_000;
const KEY = { namespace: "default", name: "a" };
/** What axe objects to, and where. https://github.com/dequelabs/axe-core/blob/develop/doc/API.md */
const OBJECTIONS = `axe.run().then(({ violations }) => violations.map(({ id, nodes }) =>
  id + ": " + nodes.map(({ target, failureSummary }) => target.join(" ") + " " + failureSummary).join("; ")))`;

const open: Page[] = [];
afterEach(async () => {
  for (const page of open.splice(0)) await page.close();
});

/** The API with the pages as the daemon has them, and one service. */
async function served(change: Parameters<typeof world>[0] = {}): Promise<World & { url: string }> {
  const bare = world();
  const dashboard = {
    ...bare.deps.dashboard,
    ...{ fleetPage, servicePage, errorPage, signInPage, assets, docs: DOCS, docsPage },
  };
  const w = world({ dashboard, ...change });
  if (change.tokens === undefined) await post(w, manifest("a"), BASE);
  await w.app.listen({ host: "127.0.0.1", port: 0 });
  return { ...w, url: `http://127.0.0.1:${(w.app.server.address() as AddressInfo).port}` };
}

async function pageAt(url: string, width = 1400): Promise<Page> {
  const page = await openPage(url, width);
  open.push(page);
  await until(page, "document.readyState === 'complete' && document.getElementById('main') !== null");
  return page;
}

function until(page: Page, expression: string): Promise<true> {
  return waitUntil(
    async () => (await page.evaluate<boolean>(expression)) || undefined,
    PATIENCE_MS,
    () => expression,
  );
}

/** Presses the button of a form, and waits for the page that says that it was done. */
async function press(page: Page, form: string, says: string): Promise<void> {
  await until(page, `document.querySelector('#${form} button[type=submit]') !== null`);
  await page.evaluate(`document.querySelector('#${form} button[type=submit]').click()`);
  await until(
    page,
    `document.querySelector('.notice')?.textContent.includes(${JSON.stringify(says)}) === true`,
  );
}

const LEFT_OUT = BROWSER === undefined ? " (skipped: no browser here)" : "";

describe.skipIf(BROWSER === undefined)(`in a browser${LEFT_OUT}`, () => {
  it("a person pauses a service, lets it go on, asks for a pass, and approves a plan", async () => {
    const w = await served();
    const annotation = (name: string) => w.store.get(KEY)?.metadata.annotations?.[name];
    waitForApproval(w.store, KEY, "p1234");
    const page = await pageAt(`${w.url}/status/default/a`);
    await press(page, "deed-pause", "Paused");
    expect(annotation(ANNOTATION_PAUSED)).toBe("true");
    await press(page, "deed-resume", "Resumed");
    expect(annotation(ANNOTATION_PAUSED)).toBeUndefined();
    await press(page, "deed-pass-now", "A pass was asked for");
    expect(annotation(ANNOTATION_RECONCILE_REQUESTED_AT)).toBeDefined();
    // The browser itself holds an approval back whose box is not ticked.
    await page.evaluate("document.querySelector('#deed-approve button[type=submit]').click()");
    expect(await page.evaluate("document.querySelector('#deed-approve').checkValidity()")).toBe(false);
    expect(annotation(ANNOTATION_APPROVED_PLAN)).toBeUndefined();
    await page.evaluate("document.querySelector('#deed-approve input[type=checkbox]').click()");
    await press(page, "deed-approve", "Approved");
    expect(annotation(ANNOTATION_APPROVED_PLAN)).toBe("p1234");
  }, 90_000);

  it("a person pauses everything, every page says so, and lifts it", async () => {
    const w = await served();
    const page = await pageAt(`${w.url}/status`);
    await page.evaluate("document.getElementById('deed-pause-all-reason').value = 'tonight'");
    await press(page, "deed-pause-all", "Everything is paused");
    expect(w.store.pause()?.reason).toBe("tonight");
    expect(await page.evaluate("document.querySelector('.banner').textContent")).toContain(": tonight.");
    await press(page, "deed-resume-all", "lifted");
    expect(w.store.pause()).toBeUndefined();
    expect(await page.evaluate("document.querySelector('.banner')")).toBeNull();
  }, 90_000);

  it.each([
    ["light", 1400],
    ["dark", 1400],
    ["light", 400],
  ])(
    "axe objects to nothing on any page, %s and %i px wide",
    async (scheme, width) => {
      const w = await served();
      const { service } = serviceModel();
      w.store.updateStatus(KEY, w.store.get(KEY)?.metadata.uid ?? "", service.status);
      w.store.putPause({ since: "2026-01-01T00:00:00.000Z", reason: "tonight" });
      const guarded = await served({ tokens: () => tokensIn("alice alices-long-token") });
      const page = await pageAt(`${w.url}/status`, width);
      await page.command("Emulation.setEmulatedMedia", {
        features: [{ name: "prefers-color-scheme", value: scheme }],
      });
      const objections: string[] = [];
      const places = ["/status", "/status/default/a", "/status/default/none", "/status/docs/operations.md"];
      for (const url of [...places.map((path) => w.url + path), `${guarded.url}/sign-in`]) {
        await page.command("Page.navigate", { url });
        await until(page, `location.href === ${JSON.stringify(url)} && document.readyState === 'complete'`);
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        await page.evaluate(axe.source);
        const found = await page.evaluate<string[]>(OBJECTIONS);
        objections.push(...found.map((one) => `${url.replace(/^.*\/\/[^/]+/, "")} ${one}`));
      }
      expect(objections).toEqual([]);
    },
    180_000,
  );
});
