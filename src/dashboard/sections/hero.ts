/** The first thing that is read: the verdict, and the numbers behind it. */

import { type Html, html, type Part } from "../html.ts";
import { icon } from "../parts.ts";
import type { Headline } from "../service-headline.ts";

export interface Fact {
  label: string;
  value: Part;
  /** Smaller, under the value. */
  hint?: Part;
}

export function hero(name: Part, headline: Headline, facts: readonly Fact[], links?: Part): Html {
  return html`<section class="hero ${headline.tone}" aria-label="Summary">
<h1>${name}</h1>
<p class="headline" role="status"><span class="headline-icon ${headline.tone}">${icon(headline.tone)}</span><span><strong>${headline.title}</strong> ${headline.details.join(" ")}</span></p>
<dl class="facts">${facts.map((fact) => html`<div class="fact"><dt>${fact.label}</dt><dd>${fact.value}${fact.hint !== undefined && html`<span class="hint">${fact.hint}</span>`}</dd></div>`)}</dl>
${links}
</section>
`;
}
