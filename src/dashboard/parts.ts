/** The small parts of which every section is made. */
import { type Html, html, type Part } from "./html.ts";
import type { Mark, Tone } from "./marks.ts";
import { ageOf, bounded, clockTime } from "./words.ts";

/** A shape for each tone, so that colour is never the only difference. */
const ICONS: Record<Tone, string> = { ok: "✓", warn: "▲", bad: "✕", info: "↻", unknown: "?", idle: "–" };

export function icon(tone: Tone): Html {
  return html`<span class="icon" aria-hidden="true">${ICONS[tone]}</span>`;
}

/** Icon and word on a tinted ground. */
export function pill({ tone, word }: Mark): Html {
  return html`<span class="pill ${tone}">${icon(tone)}${word}</span>`;
}

/** Icon and word in the text, for dense tables; more of it on hover. */
export function word({ tone, word: text }: Mark, title?: string): Html {
  return html`<span class="word ${tone}"${titled(title)}>${icon(tone)}${text}</span>`;
}

/** Time of day in UTC, with the full time on hover. */
export function time(iso: string | undefined, now: string): Html {
  if (iso === undefined) return html`<span class="dim">–</span>`;
  return html`<time datetime="${iso}" title="${iso}">${clockTime(iso, now)}</time>`;
}

/** How long ago, with the full time on hover. */
export function age(iso: string | undefined, now: string): Html {
  if (iso === undefined) return html`<span class="dim">never</span>`;
  return html`<time datetime="${iso}" title="${iso}">${ageOf(iso, now)}</time>`;
}

/** A section with a heading that the page's table of contents can name. */
export function section(
  { id, title, count, note }: { id: string; title: string; count?: Part; note?: Part },
  body: Part,
): Html {
  return html`<section id="${id}" class="panel" aria-labelledby="${id}-title">
<header class="panel-head"><h2 id="${id}-title">${title}${count !== undefined && html` <span class="count">${count}</span>`}</h2>${note !== undefined && html`<p class="note">${note}</p>`}</header>
${body}
</section>
`;
}

/** A table that becomes a list of cards on narrow screens: each cell carries the name of its column. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly Html[],
  kind: "" | "dense" = "",
): Html {
  return html`<table class="rows${kind !== "" && ` ${kind}`}"><caption class="unseen">${caption}</caption><thead><tr>${columns.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead><tbody>
${rows}</tbody></table>`;
}

/** Rows that are seen without asking: what has just happened. */
const FIRST_ROWS = 8;

/** A table of what happened, newest first: its cells say themselves what they are, and what is older is one step away. */
export function history(
  { id, caption, columns }: { id: string; caption: string; columns: readonly string[] },
  rows: readonly Html[],
): Part {
  const { shown, left } = bounded(rows, FIRST_ROWS);
  return [
    table(caption, columns, shown, "dense"),
    left > 0 &&
      html`<details id="${id}-older"><summary>${left} older</summary>${table(`${caption}, older`, columns, rows.slice(FIRST_ROWS), "dense")}</details>`,
  ];
}

export function cell(column: string, body: Part, kind = ""): Html {
  return html`<td data-label="${column}" class="${kind}">${body}</td>`;
}

export function nothing(text: string): Html {
  return html`<p class="nothing">${text}</p>`;
}

/** The line under a list that was cut. */
export function leftOut(left: number, where: Part): Html | false {
  return left > 0 && html`<p class="nothing">and ${left} more: ${where}</p>`;
}

/** An identifier, which may break after a separator or before a capital, and nowhere else if it can be helped. */
export function code(text: string, title?: string): Html {
  const pieces = text.split(/(?<=[.:/])|(?<=[a-z])(?=[A-Z])/);
  return html`<code${titled(title)}>${pieces.map((piece, index) => html`${index > 0 && html`<wbr>`}${piece}`)}</code>`;
}

function titled(title: string | undefined): Html | false {
  return title !== undefined && html` title="${title}"`;
}

/** One mark for each instance, so that a count can be seen without reading it. */
export function pips(marks: readonly Tone[]): Html {
  return html`<span class="pips" aria-hidden="true">${marks.map((tone) => html`<span class="pip ${tone}"></span>`)}</span>`;
}

/** Where the commands are sent until the page's script knows better. */
export const ORIGIN = html`<span data-origin>http://127.0.0.1:8080</span>`;

/** Text that a button copies; without scripts it can be selected. */
export function command(label: string, text: Part): Html {
  return html`<div class="command"><span class="command-label">${label}</span><code data-copy-text>${text}</code><button type="button" class="copy" hidden data-copy aria-label="Copy: ${label}">Copy</button></div>`;
}

/** A name that leads to where there is more; the name alone where there is nothing. */
export function linked(shown: Part, address: string | undefined): Part {
  if (address === undefined) return shown;
  const isElsewhere = !address.startsWith("/");
  return html`<a href="${address}"${isElsewhere && html` rel="noreferrer" target="_blank"`}>${shown}</a>`;
}
