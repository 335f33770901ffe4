/** What a person can do about one service, and about all of them. */
import { EPOCH_FIELD, EVENT_FIELD, GENERATION_FIELD } from "../../model/deeds.ts";
import type { DriftEvent } from "../../model/ledger/drift.ts";
import { LIMITS } from "../../model/limits.ts";
import {
  ANNOTATION_CONFIRMED_EPOCH,
  ANNOTATION_PAUSED,
  ANNOTATION_RECONCILE_REQUESTED_AT,
  isOnlyObserved,
  isPaused,
} from "../../model/object.ts";
import type { ApprovalView } from "../../model/status.ts";
import type { FleetModel, PageContext, ServiceModel } from "../../model/status-page.ts";
import { type DeedForm, deedForm, digestMember } from "../forms.ts";
import { type Html, html, type Part } from "../html.ts";
import { ORIGIN, section } from "../parts.ts";
import { driftEventPath, editPath, objectPath, statusPath } from "../paths.ts";

/** Nothing for whoever may not write. */
export function steerSection(model: ServiceModel): Html | false {
  if (model.forms === undefined) return false;
  return section(
    { id: "steer", title: "Steer", ...named(model) },
    html`<div class="deeds">${[
      confirming(model),
      deedForm(model, isPaused(model.service) ? resuming(model) : pausing(model)),
      deedForm(model, passing(model)),
      editLink(model),
    ]}</div>`,
  );
}

/** Where AWS carries an epoch of another database, or a later one of this. */
function confirming(model: ServiceModel): Html | false {
  const epoch = model.service.status?.foreignEpoch;
  if (epoch === undefined) return false;
  return deedForm(model, {
    ...{ deed: "confirm-epoch", action: actionOf(model, "confirm-epoch"), isGrave: true },
    says: "Go on with this database",
    consequence: html`AWS carries the epoch <code>${epoch}</code>, which this database has not written. The next pass makes AWS what the spec here asks for: see the plan. It counts for this epoch alone; a later one asks again.`,
    confirms: "The spec here is what is wanted, and no other daemon manages the service.",
    members: { [EPOCH_FIELD]: epoch },
    commands: annotating(model, ANNOTATION_CONFIRMED_EPOCH, epoch),
  });
}

function pausing(model: ServiceModel): DeedForm {
  return {
    ...{ deed: "pause", action: actionOf(model, "pause"), says: "Pause", isGrave: true },
    consequence:
      "Nothing of this service is written any more, also by a pass that is under way. It is still read, drift is recorded, and the plan says what would be done.",
    commands: annotating(model, ANNOTATION_PAUSED, "true"),
  };
}

function resuming(model: ServiceModel): DeedForm {
  return {
    ...{ deed: "resume", action: actionOf(model, "resume"), says: "Resume" },
    consequence: html`A pass begins at once, and does what <a href="#plan">the plan</a> says.${
      model.pause !== undefined && " Everything is paused as well: until that is lifted, nothing is written."
    }`,
    commands: annotating(model, ANNOTATION_PAUSED, null),
  };
}

function passing(model: ServiceModel): DeedForm {
  const mayWrite = !isPaused(model.service) && model.pause === undefined && !isOnlyObserved(model.service);
  const consequence = mayWrite
    ? "AWS is read within seconds instead of at the next resync, and what differs is put right as always."
    : "AWS is read within seconds instead of at the next resync; nothing is written.";
  return {
    ...{ deed: "pass-now", action: actionOf(model, "pass-now"), says: "Pass now", consequence },
    commands: annotating(model, ANNOTATION_RECONCILE_REQUESTED_AT, "'$(date +%s)'"),
  };
}

function editLink({ service: { metadata } }: ServiceModel): Html {
  const { namespace, name } = metadata;
  return html`<div class="deed"><p class="consequence">The spec as a text. It is shown what would happen before anything is written.</p>
<p class="deed-do"><a class="button" href="${editPath(namespace, name)}">Edit the spec</a></p></div>`;
}

/** Beside the plan that waits. */
export function approveForm(model: ServiceModel, { annotation, digest }: ApprovalView): Html | false {
  return deedForm(model, {
    ...{ deed: "approve", action: actionOf(model, "approve"), says: "Approve this plan", isGrave: true },
    consequence: html`What waits is begun with the next pass, and cannot be undone: what was replaced or removed in AWS does not come back. It counts for plan <code>${digest}</code> alone; another one asks again.`,
    confirms: "I have read the plan above.",
    members: digestMember(digest),
    commands: annotating(model, annotation, digest),
  });
}

const REASON = JSON.stringify({ reason: "…" });

const DECISIONS = [
  {
    deed: "accept",
    says: "Accept",
    consequence: "What AWS has becomes what is wanted: a revision of the spec. Nothing in AWS is written.",
  },
  {
    deed: "correct",
    says: "Correct now",
    consequence:
      "The next pass puts it right, also where it would only be reported, or is left alone for a while.",
  },
  {
    deed: "ignore",
    says: "Ignore",
    consequence: "It is left to others from now on, by a rule of spec.drift: a revision of the spec.",
  },
] as const;

/** Of drift that is open: what a person may decide of it. */
export function decideForms(model: ServiceModel, event: DriftEvent): Html | false {
  if (model.forms === undefined || event.state !== "Open") return false;
  const { namespace, name } = event.metadata;
  return html`<details id="decide-${name}"><summary>Decide</summary><div class="deeds">${DECISIONS.map(
    ({ deed, says, consequence }) =>
      deedForm(model, {
        ...{ deed, says, consequence, of: name, action: actionOf(model, deed) },
        asksReason: true,
        members: { [EVENT_FIELD]: name },
        commands: {
          curl: html`curl -s -X POST -H 'Content-Type: application/json' -d '${REASON}' '${ORIGIN}${driftEventPath(namespace, name)}/${deed}'`,
        },
      }),
  )}</div></details>`;
}

/** Beside a revision that is not what is wanted now. */
export function rollbackForm(model: ServiceModel, generation: number): Html | false {
  const { namespace, name } = model.service.metadata;
  const body = JSON.stringify({ generation, reason: "…" });
  return deedForm(model, {
    ...{ deed: "rollback", of: String(generation), action: actionOf(model, "rollback"), isGrave: true },
    says: `Roll back to generation ${generation}`,
    consequence:
      "Its spec becomes a new revision, and the next passes make AWS look like it: what has to be replaced for that is replaced. Management, deletion policy, approval and defaults stay as they are.",
    asksReason: true,
    confirms: "I have read what changes.",
    members: { [GENERATION_FIELD]: String(generation) },
    commands: {
      curl: html`curl -s -X POST -H 'Content-Type: application/json' -d '${body}' '${ORIGIN}${objectPath(namespace, name)}/rollback'`,
    },
  });
}

const PAUSE_PATH = "/apis/holdfast.dev/v1/pause";

/** On the page of all services. */
export function steerAllSection(model: FleetModel): Html | false {
  if (model.forms === undefined || model.namespace !== undefined) return false;
  const put = (body: object) => ({
    curl: html`curl -s -X PUT -H 'Content-Type: application/json' -d '${JSON.stringify(body)}' '${ORIGIN}${PAUSE_PATH}'`,
  });
  const form: DeedForm =
    model.pause === undefined
      ? {
          ...{ deed: "pause-all", action: "/status/all.pause-all", says: "Pause everything", isGrave: true },
          consequence:
            "No call that writes begins any more, for no service, also in passes that are under way; calls in hand are finished. Everything is still read and recorded. It lasts until somebody lifts it, and outlives a restart.",
          asksReason: true,
          reasonCharacters: LIMITS.pauseReasonCharacters,
          commands: put({ paused: true, reason: "…" }),
        }
      : {
          ...{ deed: "resume-all", action: "/status/all.resume-all", says: "Lift the pause for all" },
          consequence:
            "Passes over all services begin at once, and put right what has moved meanwhile. A service that is paused by itself stays so.",
          commands: put({ paused: false }),
        };
  return section(
    { id: "steer", title: "All services at once", ...named(model) },
    html`<div class="deeds">${deedForm(model, form)}</div>`,
  );
}

/** Where no token is demanded nobody is known by name. */
function named({ actor }: PageContext): { note?: string } {
  return actor === undefined ? {} : { note: `${actor.name} stands on what is done here.` };
}

function actionOf({ service: { metadata } }: ServiceModel, deed: string): string {
  return `${statusPath(metadata.namespace, metadata.name)}/${deed}`;
}

/** @param value `null` takes the annotation away */
function annotating(
  { service: { metadata } }: ServiceModel,
  annotation: string,
  value: string | null,
): Readonly<Record<string, Part>> {
  const { namespace, name } = metadata;
  const body = JSON.stringify({ metadata: { annotations: { [annotation]: value } } });
  const text = value === null ? `${annotation}-` : `--overwrite ${annotation}=${value.replaceAll("'", "")}`;
  return {
    curl: html`curl -s -X PATCH -H 'Content-Type: application/merge-patch+json' -d '${body}' '${ORIGIN}${objectPath(namespace, name)}'`,
    kubectl: html`kubectl annotate webservice ${name} -n ${namespace} ${text}`,
  };
}
