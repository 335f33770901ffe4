/** What was asked for, and how to ask: the spec, and commands to copy. */
import { LIMITS } from "../../model/limits.ts";
import {
  ANNOTATION_PAUSED,
  ANNOTATION_RECONCILE_REQUESTED_AT,
  isOnlyObserved,
  isPaused,
} from "../../model/object.ts";
import { withoutSecrets } from "../../model/secrets.ts";
import type { ApprovalView } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { type Html, html } from "../html.ts";
import { command, leftOut, ORIGIN, section } from "../parts.ts";
import { driftPath, objectPath, planPath, statusPath } from "../paths.ts";
import { bounded, counted } from "../words.ts";
import { yamlLines } from "../yaml-text.ts";

export function specSection({ service }: ServiceModel): Html {
  const { shown, left } = bounded(yamlLines(withoutSecrets(service.spec)), LIMITS.specLines);
  return section(
    { id: "spec", title: "Spec", count: `generation ${service.metadata.generation}` },
    html`<details id="spec-text"><summary>${counted(shown.length, "line")}, secrets hidden</summary><pre tabindex="0"><code>${shown.join("\n")}</code></pre>${leftOut(left, "GET the object")}</details>`,
  );
}

function approvalPatch({ annotation, digest }: ApprovalView): string {
  return JSON.stringify({ metadata: { annotations: { [annotation]: digest } } });
}

export function commandsSection(model: ServiceModel): Html {
  const { namespace, name } = model.service.metadata;
  const status = statusPath(namespace, name);
  const object = objectPath(namespace, name);
  const paused = isPaused(model.service);
  const pause = JSON.stringify({
    metadata: { annotations: { [ANNOTATION_PAUSED]: paused ? null : "true" } },
  });
  const management = JSON.stringify({
    spec: { management: isOnlyObserved(model.service) ? "Manage" : "Observe" },
  });
  const approval = model.service.status?.plan?.approval;
  const request = `{"metadata":{"annotations":{"${ANNOTATION_RECONCILE_REQUESTED_AT}":"'$(date +%s)'"}}}`;
  return section(
    { id: "commands", title: "Commands", note: "Add a bearer token where the daemon demands one." },
    html`<details id="commands-text"><summary>The same for terminals and programs</summary><div class="commands">${[
      command("This page as JSON", html`curl -s -H 'Accept: application/json' '${ORIGIN}${status}'`),
      command("This page in a terminal", html`curl -s -H 'Accept: text/plain' '${ORIGIN}${status}'`),
      command(
        "Every AWS call that it would make, in order",
        html`curl -s '${ORIGIN}${planPath(namespace, name)}?format=text'`,
      ),
      command("The object", html`curl -s '${ORIGIN}${object}'`),
      command("Its drift history", html`curl -s '${ORIGIN}${driftPath(namespace, name)}'`),
      command(
        paused ? "Let it write again" : "Pause: detect, never write",
        html`curl -s -X PATCH -H 'Content-Type: application/merge-patch+json' -d '${pause}' '${ORIGIN}${object}'`,
      ),
      approval !== undefined &&
        command(
          "Approve the plan that waits",
          html`curl -s -X PATCH -H 'Content-Type: application/merge-patch+json' -d '${approvalPatch(approval)}' '${ORIGIN}${object}'`,
        ),
      command(
        isOnlyObserved(model.service)
          ? "Take it over"
          : "Only observe: our tags come off, nothing else is written",
        html`curl -s -X PATCH -H 'Content-Type: application/merge-patch+json' -d '${management}' '${ORIGIN}${object}'`,
      ),
      command(
        "A pass now",
        html`curl -s -X PATCH -H 'Content-Type: application/merge-patch+json' -d '${request}' '${ORIGIN}${object}'`,
      ),
    ]}</div></details>`,
  );
}
