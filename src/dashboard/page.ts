/** The frame of every page: head, bar, main, foot. Nothing inline, so that a strict Content-Security-Policy holds. */
import { pauseText } from "../model/pause.ts";
import type { PageContext } from "../model/status-page.ts";
import { doneNotice } from "./forms.ts";
import { type Html, html, type Part } from "./html.ts";
import { icon } from "./parts.ts";

export interface Frame {
  title: string;
  /** Path of this page, as the API serves it. */
  path: string;
  /** Trail below the fleet; the last one is this page. */
  trail: readonly { name: string; path?: string }[];
  context: PageContext;
  /** What it shows is old: nothing on it is green. */
  isStale?: boolean;
  /** Nothing on it moves, so it is not kept current, and it has no other form. */
  isStill?: true;
  /** Somebody types into it: it is not kept current, which would take away what was typed, and its buttons work. */
  isTyped?: true;
}

/** Seconds between two reloads where there are no scripts. */
const RELOAD_SECONDS = 15;

export function page(frame: Frame, main: Part): string {
  const { context } = frame;
  return html`${opening({ title: frame.title, assets: "/status/assets" })}
${
  frame.isStill !== true &&
  html`<script src="/status/assets/live.js" defer></script>
${
  frame.isTyped !== true &&
  html`<noscript><meta http-equiv="refresh" content="${RELOAD_SECONDS}"></noscript>
`
}`
}</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="bar">
<nav aria-label="Where you are"><ol class="trail"><li><a class="brand" href="/status"><img src="/status/assets/mark.svg" alt="" width="22" height="22">Holdfast</a></li>${trailOf(frame.trail)}</ol></nav>
<div class="bar-end">${cloudBadge(context)}${signedIn(context)}<span id="now" class="now">${nowOf(context)}</span><span id="live" class="live" role="status" data-keep></span></div>
</header>
${pausedBanner(context)}
<main id="main" tabindex="-1" class="${frame.isStale === true ? "stale" : "fresh"}" data-now="${context.now}"${frame.isTyped === true && html` data-typed`}>
${doneNotice(context)}
${main}
</main>
<footer class="foot"><p>Holdfast ${context.version}. All times are UTC${context.cloud === "simulated" && ", on the clock of the simulated account"}.</p><p>${frame.isStill !== true && frame.isTyped !== true && html`The same as <code>Accept: application/json</code> and <code>Accept: text/plain</code> at <code>${frame.path}</code>. `}<a href="/status/docs/operations.md">Documentation</a></p></footer>
</body>
</html>
`.text;
}

/** How every page begins, up to what its head has of its own. `assets`: where it gets them. */
export function opening({ title, assets }: { title: string; assets: string }): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="same-origin">
<title>${title}</title>
<link rel="icon" href="${assets}/mark.svg" type="image/svg+xml">
<link rel="stylesheet" href="${assets}/page.css">`;
}

function trailOf(trail: Frame["trail"]): Html[] {
  return trail.map(({ name, path }, index) => {
    if (index === trail.length - 1) return html`<li aria-current="page">${name}</li>`;
    return html`<li>${path === undefined ? name : html`<a href="${path}">${name}</a>`}</li>`;
  });
}

function cloudBadge({ cloud, speed }: PageContext): Html {
  if (cloud === "aws") return html`<span class="badge">AWS</span>`;
  const pace = speed === undefined || speed === 1 ? "" : ` · ${speed}× real time`;
  return html`<span class="badge simulated">Simulated account${pace}</span>`;
}

/** A form, because signing out changes something. */
function signedIn({ actor }: PageContext): Html | false {
  return (
    actor !== undefined &&
    html`<form class="actor" method="post" action="/sign-out"><span>${actor.name}${!actor.mayWrite && " · read only"}</span><button type="submit">Sign out</button></form>`
  );
}

/** On every page: whatever else it shows, nobody is to wait for what nobody does. */
function pausedBanner({ pause, forms }: PageContext): Html {
  return html`<div id="paused" role="status">${
    pause !== undefined &&
    html`<p class="banner warn">${icon("warn")}<strong>${pauseText(pause)}.</strong> Everything is read and recorded, and nothing in AWS is written. ${forms !== undefined && html`<a href="/status#steer">Lift it</a>`}</p>`
  }</div>`;
}

function nowOf({ now }: PageContext): Html {
  return html`<time datetime="${now}">${now.slice(0, 10)} <strong>${now.slice(11, 19)}</strong> UTC</time>`;
}
