import type { ErrorView } from "../model/status-page.ts";
import { html } from "./html.ts";
import { page } from "./page.ts";
import { hero } from "./sections/hero.ts";
import { sentence } from "./words.ts";

const TITLES: Record<number, string> = {
  400: "Not understood.",
  401: "Not signed in.",
  403: "Not allowed.",
  404: "Not found.",
  503: "Not available at the moment.",
};

/** What a browser shows of a request that was answered with an error. */
export function errorPage(view: ErrorView): string {
  const title = TITLES[view.code] ?? (view.code < 500 ? "Refused." : "The server failed.");
  return page({ title: `${title} · Holdfast`, path: view.path, trail: [], context: view, isStill: true }, [
    hero(
      html`<span class="dim">${view.code}</span> ${view.reason}`,
      { tone: view.code === 404 ? "unknown" : "bad", title, details: [sentence(view.message)] },
      [],
    ),
    html`<p class="nothing">${view.code === 401 && html`<a href="/sign-in">Sign in</a> · `}<a href="/status">All services</a></p>`,
  ]);
}
