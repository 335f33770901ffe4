/** The spec of a service as a form: typed, shown what it would do, and then written. */
import {
  CSRF_FIELD,
  GENERATION_FIELD,
  REASON_FIELD,
  SHOWN_FIELD,
  SPEC_FIELD,
  STEP_FIELD,
  UID_FIELD,
  WRITE_STEP,
} from "../model/deeds.ts";
import { LIMITS } from "../model/limits.ts";
import type { EditModel, EditPreview } from "../model/status-page.ts";
import { type Html, html, type Part } from "./html.ts";
import { page } from "./page.ts";
import { code, command, leftOut, nothing, ORIGIN, section } from "./parts.ts";
import { editPath, namespacePath, objectPath, statusPath } from "./paths.ts";
import { planCount, planRows } from "./sections/plan.ts";
import { differenceList } from "./sections/revisions.ts";
import { bounded, counted, inSingleQuotes, sentence } from "./words.ts";

const FORM = "deed-edit";

/** `GET` and `POST /status/{namespace}/{name}/edit`. */
export function editPage(model: EditModel): string {
  const { namespace, name, problem, preview } = model;
  return page(
    {
      title: `Edit ${namespace}/${name} · Holdfast`,
      path: editPath(namespace, name),
      trail: [
        { name: namespace, path: namespacePath(namespace) },
        { name, path: statusPath(namespace, name) },
        { name: "Edit" },
      ],
      context: model,
      isTyped: true,
    },
    [
      html`<h1 class="page-title">Edit <span class="dim">${namespace}/</span>${name}</h1>`,
      html`<div class="edit">${[
        formSection(model),
        html`<div class="stack">${[
          problem !== undefined && problemSection(model, problem),
          preview !== undefined && previewSection(model, preview),
          commandsSection(model),
        ]}</div>`,
      ]}</div>`,
    ],
  );
}

function formSection({
  namespace,
  name,
  generation,
  uid,
  text,
  reason,
  forms,
  actor,
  problem,
}: EditModel): Html {
  const members = {
    [CSRF_FIELD]: forms?.csrf ?? "",
    [UID_FIELD]: uid,
    [GENERATION_FIELD]: String(generation),
  };
  return section(
    {
      id: "spec",
      title: "Spec",
      count: `generation ${generation}`,
      note: `In YAML. A secret stands as its digest, and stays as it is where that is left alone.${actor === undefined ? "" : ` ${actor.name} stands on what is done here.`}`,
    },
    // Whatever comes of it, the browser shows that first: on a narrow screen it stands below a long text.
    html`<form id="${FORM}" class="deed" method="post" action="${editPath(namespace, name)}#outcome">
${Object.entries(members).map(([field, value]) => html`<input type="hidden" name="${field}" value="${value}">`)}
<label for="spec-text">What is wanted</label>
<textarea id="spec-text" name="${SPEC_FIELD}" rows="28" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" required${problem !== undefined && html` aria-invalid="true" aria-describedby="outcome"`}>
${text}</textarea>
<label for="edit-reason">Reason <span class="dim">(shown to everybody)</span></label><input id="edit-reason" name="${REASON_FIELD}" type="text" maxlength="${LIMITS.reasonCharacters}" autocomplete="off" value="${reason}">
<p class="consequence" id="edit-says">AWS is read, and nothing is written, neither there nor here.</p>
<p class="deed-do"><button type="submit" aria-describedby="edit-says">Show what would happen</button></p>
</form>`,
  );
}

function problemSection({ meanwhile }: EditModel, problem: NonNullable<EditModel["problem"]>): Html {
  const { faults, message } = problem;
  return section(
    { id: "outcome", title: "Nothing was written" },
    html`<div role="alert">${
      faults.length === 0
        ? html`<p class="problem">${sentence(message)}</p>`
        : html`<p class="problem">${counted(faults.length, "thing is", "things are")} wrong; your text stands as you typed it.</p><ul class="faults">${faults.map(
            ({ path, message: fault }) =>
              html`<li>${path !== "" && [code(path), " "]}${sentence(fault)}</li>`,
          )}</ul>`
    }</div>
${meanwhile !== undefined && meanwhile.length > 0 && [html`<h3>What was changed meanwhile</h3>`, differenceList(meanwhile, "GET …/revisions/{generation}/diff")]}`,
  );
}

function previewSection(model: EditModel, preview: EditPreview): Html {
  const { differences, plan, isAnother, warnings } = preview;
  return section(
    {
      id: "outcome",
      title: "What would happen",
      count: planCount(plan),
      note: html`Plan <code>${plan.digest.slice(0, 12)}</code>. Nothing is written yet.`,
    },
    [
      isAnother === true &&
        html`<p class="problem" role="alert">Nothing was written: the text is not the one of which it was shown what would happen. This is what it would do.</p>`,
      warnings.map((warning) => html`<p class="notice warn">${sentence(warning)}</p>`),
      differences.length === 0
        ? nothing("The spec is what is wanted already: there is nothing to write.")
        : [
            html`<h3>${counted(differences.length, "change")} of the spec</h3>`,
            differenceList(differences, "the text"),
            html`<h3>What is done in AWS</h3>`,
            planPart(preview),
            writeButton(model, preview),
          ],
    ],
  );
}

function planPart({ plan }: EditPreview): Part {
  if (plan.rows.length === 0) return nothing("Nothing: AWS equals the spec.");
  const { shown, left } = bounded(plan.rows, LIMITS.rowsPerSection);
  return [
    plan.approval !== undefined &&
      html`<p class="why">What destroys something waits for <code>approval of plan ${plan.approval.digest}</code>; all else is begun.</p>`,
    planRows(shown),
    leftOut(left, "the dry run by a command"),
  ];
}

/** It sends the form of the text. */
function writeButton({ generation }: EditModel, { plan, shown }: EditPreview): Html {
  const waits = plan.approval !== undefined;
  return html`<div class="deed grave"><input type="hidden" form="${FORM}" name="${SHOWN_FIELD}" value="${shown}">
<p class="consequence" id="write-says">The text becomes generation ${generation + 1}, and the next passes make AWS look like it${waits && ", but for what waits for approval"}. It can be rolled back as a spec; what was replaced or removed in AWS does not come back.</p>
<p class="deed-do"><button type="submit" form="${FORM}" name="${STEP_FIELD}" value="${WRITE_STEP}" aria-describedby="write-says">Write</button></p></div>`;
}

function commandsSection({ namespace, name, preview }: EditModel): Html {
  const object = objectPath(namespace, name);
  const patching = (query: string) =>
    html`curl -s -X PATCH -H 'Content-Type: application/merge-patch+json' -d '${inSingleQuotes(preview?.patch ?? "")}' '${ORIGIN}${object}${query}'`;
  const isPatch = preview !== undefined && preview.differences.length > 0;
  return section(
    {
      id: "commands",
      title: "The same by a command",
      ...(isPatch && { note: "Where a digest stands in it, put the secret there." }),
    },
    html`<div class="commands">${[
      isPatch && command("Show what would happen", patching("?dryRun=All")),
      isPatch && command("Write", patching("")),
      command("In an editor", html`kubectl edit webservice ${name} -n ${namespace}`),
    ]}</div>`,
  );
}
