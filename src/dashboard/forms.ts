/** Forms for what a person can do: each with its consequence in a sentence, and the command that does the same. */
import { CONFIRMED_FIELD, CSRF_FIELD, type Deed, DIGEST_FIELD, REASON_FIELD } from "../model/deeds.ts";
import { LIMITS } from "../model/limits.ts";
import type { PageContext } from "../model/status-page.ts";
import { type Html, html, type Part } from "./html.ts";
import { command } from "./parts.ts";

export interface DeedForm {
  readonly deed: Deed;
  /** Tells two forms of one deed on a page apart; letters and digits. */
  readonly of?: string;
  /** Path that it is sent to. */
  readonly action: string;
  /** What the button says: a verb. */
  readonly says: string;
  /** What becomes of it, in a sentence. */
  readonly consequence: Part;
  /** It stops or destroys something: it looks so. */
  readonly isGrave?: true;
  /** Why, for others to read. */
  readonly asksReason?: true;
  /** At most; as many as of any other deed without it. */
  readonly reasonCharacters?: number;
  /** What a person has to have read before: it cannot be undone. */
  readonly confirms?: string;
  /** Members that are sent as they are. */
  readonly members?: Readonly<Record<string, string>>;
  /** By label, what does the same in a terminal. */
  readonly commands: Readonly<Record<string, Part>>;
}

/** Nothing for whoever may not do it. */
export function deedForm({ forms }: Pick<PageContext, "forms">, form: DeedForm): Html | false {
  if (forms === undefined) return false;
  const id = `deed-${form.deed}${form.of === undefined ? "" : `-${form.of}`}`;
  const members = { [CSRF_FIELD]: forms.csrf, ...form.members };
  return html`<form id="${id}" class="deed${form.isGrave === true && " grave"}" method="post" action="${form.action}">
${Object.entries(members).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<p class="consequence" id="${id}-says">${form.consequence}</p>
${form.asksReason === true && html`<label for="${id}-reason">Reason <span class="dim">(shown to everybody)</span></label><input id="${id}-reason" name="${REASON_FIELD}" type="text" maxlength="${form.reasonCharacters ?? LIMITS.reasonCharacters}" autocomplete="off">`}
${form.confirms !== undefined && html`<label class="check"><input type="checkbox" name="${CONFIRMED_FIELD}" value="yes" required>${form.confirms}</label>`}
<p class="deed-do"><button type="submit" aria-describedby="${id}-says">${form.says}</button></p>
<details id="${id}-commands"><summary>The same by a command</summary><div class="commands">${Object.entries(form.commands).map(([label, text]) => command(label, text))}</div></details>
</form>
`;
}

/** What was done, on the page that it leads back to. */
const DONE: Readonly<Record<Deed, string>> = {
  pause: "Paused: from now on nothing of this service is written.",
  resume: "Resumed: a pass begins now, and may write.",
  "pass-now": "A pass was asked for; it begins within seconds.",
  approve: "Approved: the plan is carried out by the passes from now on.",
  "confirm-epoch": "Confirmed: the passes from now on may write, beyond the epoch that was seen.",
  accept: "Accepted: what AWS has is what is wanted now, as a revision of its own.",
  correct: "It is put right by the next pass, which begins within seconds.",
  ignore: "It is left to others from now on: spec.drift has a rule for it.",
  edit: "Written: the text is a new revision, and the next passes make AWS look like it.",
  rollback: "Rolled back: the earlier spec is a new revision, and the next passes make AWS look like it.",
  "pause-all": "Everything is paused: no call that writes begins any more.",
  "resume-all": "The pause for all is lifted: passes over all services begin now.",
};

export function doneNotice({ done }: Pick<PageContext, "done">): Html | false {
  return done !== undefined && html`<p id="done" class="notice ok" role="status">${DONE[done]}</p>`;
}

export function digestMember(digest: string): Readonly<Record<string, string>> {
  return { [DIGEST_FIELD]: digest };
}
