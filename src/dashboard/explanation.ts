/** What a reason means and what to do about it, from the table of reasons. A word that is not in it stands alone. */
import { NOTHING, WAIT } from "../model/reason-entry.ts";
import { entryOf, reasonAnchor } from "../model/reasons.ts";
import { type Html, html } from "./html.ts";
import { code } from "./parts.ts";
import { docsPath } from "./paths.ts";
import { sentence } from "./words.ts";

/** The page to which the links of the table are relative. */
const PAGE = "operations.md";
const MARKED = /(`[^`]+`|\[[^\]]+\]\([^)]+\))/;
const CODE = /^`([^`]+)`$/;
const LINK = /^\[([^\]]+)\]\(([^)]+)\)$/;

/** The word, with its meaning on hover, and a link to where it is explained. */
export function reasonCode(reason: string): Html {
  return linkedReason(reason, code(reason, hoverText(reason)));
}

/** Something that stands for a reason, as a link to where that is explained. */
export function linkedReason(reason: string, shown: Html): Html {
  if (entryOf(reason) === undefined) return shown;
  return html`<a class="reason" href="${docsPath(`${PAGE}#${reasonAnchor(reason)}`)}">${shown}</a>`;
}

/** The meaning as plain text, for a `title`. */
export function hoverText(reason: string): string | undefined {
  const meaning = entryOf(reason)?.meaning;
  return meaning === undefined ? undefined : sentence(meaning.replaceAll("`", ""));
}

/** The meaning, and the remedy where a person can do something. */
export function explanation(reason: string): Html | false {
  const meaning = entryOf(reason)?.meaning;
  return meaning !== undefined && html`<p class="why">${marked(sentence(meaning))}</p>${remedy(reason)}`;
}

/** What a person does about it; nothing when that is nothing, or to wait. */
export function remedy(reason: string): Html | false {
  const text = entryOf(reason)?.remedy;
  return (
    text !== undefined &&
    text !== NOTHING &&
    text !== WAIT &&
    html`<p class="remedy">${marked(sentence(text))}</p>`
  );
}

/** Under a table in which reasons come again and again: what each of them means, once. */
export function legend(id: string, reasons: readonly string[]): Html | false {
  const known = [...new Set(reasons)].filter((reason) => entryOf(reason) !== undefined);
  return (
    known.length > 0 &&
    html`<details id="${id}"><summary>What the reasons mean</summary><dl class="meanings">${known.map((reason) => html`<dt>${linkedReason(reason, code(reason))}</dt><dd>${explanation(reason)}</dd>`)}</dl></details>`
  );
}

/** Code as code; a link as one to the documentation, which the daemon serves. */
function marked(text: string): Html {
  return html`${text.split(MARKED).map((piece) => {
    const [, word] = CODE.exec(piece) ?? [];
    if (word !== undefined) return html`<code>${word}</code>`;
    const [, name, target] = LINK.exec(piece) ?? [];
    return target === undefined ? piece : html`<a href="${placeOf(target)}">${name}</a>`;
  })}`;
}

function placeOf(target: string): string {
  return docsPath(`${target.startsWith("#") ? PAGE : ""}${target}`);
}
