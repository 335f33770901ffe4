import { LIMITS } from "../../model/limits.ts";
import type { InstanceRow, ResourceState } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { type Html, html, type Part } from "../html.ts";
import { resourceMark, SERVING_MARKS } from "../marks.ts";
import { icon, nothing, section, word } from "../parts.ts";
import { type GroupShape, type ListenerShape, shapeOf, type TargetGroupShape } from "../spec-shape.ts";
import { bounded } from "../words.ts";

type StateOf = (key: string) => ResourceState | undefined;

/** The way of a request: listener and rules, target group, Auto Scaling group, instances by Availability Zone. */
export function topologySection(model: ServiceModel): Html {
  const shape = shapeOf(model.service.spec);
  const status = model.service.status;
  const states = new Map(status?.resources.map((resource) => [resource.key, resource.state]));
  const stateOf: StateOf = (key) => states.get(key);
  const instances = status?.instances ?? [];
  return section(
    { id: "topology", title: "Topology", note: "The way of a request, from left to right." },
    html`<div class="topology">${[
      column(
        "Listeners and rules",
        shape.listeners.length,
        shape.listeners.map((each) => listenerBox(each, stateOf)),
      ),
      column(
        "Target groups",
        shape.targetGroups.length,
        shape.targetGroups.map((each) => targetGroupBox(each, stateOf, instances)),
      ),
      column(
        "Auto Scaling groups",
        shape.groups.length,
        shape.groups.map((each) => groupBox(each, stateOf)),
      ),
      column(
        "Instances by zone",
        zonesOf(instances).length,
        zonesOf(instances).map((zone) => zoneBox(zone, instances)),
      ),
    ]}</div>`,
  );
}

function column(title: string, count: number, boxes: readonly Html[]): Html {
  return html`<div class="stage"><h3>${title}</h3>${count === 0 ? nothing("By default, or none yet.") : html`<ul>${bounded(boxes, LIMITS.rowsPerSection).shown}</ul>`}</div>`;
}

/** A resource that the spec wants and AWS does not have is drawn with a dashed line. */
function box(key: string, title: string, state: ResourceState | undefined, body: Part): Html {
  const isThere = state !== "Missing" && state !== "Blocked" && state !== undefined;
  return html`<li class="box ${isThere ? "" : "wanted"}"><p class="box-head"><strong title="${key}">${title}</strong>${word(state === undefined ? { tone: "unknown", word: "Not seen" } : resourceMark(state))}</p>${body}</li>`;
}

function listenerBox(listener: ListenerShape, stateOf: StateOf): Html {
  return box(
    listener.key,
    listener.title,
    stateOf(listener.key),
    html`<ul class="routes">${bounded(listener.rules, LIMITS.rowsPerSection).shown.map((route) => html`<li><span>${route.match}</span> <span class="does">→ ${route.does}</span></li>`)}</ul>`,
  );
}

function targetGroupBox(
  targetGroup: TargetGroupShape,
  stateOf: StateOf,
  instances: readonly InstanceRow[],
): Html {
  const targets = instances.flatMap((instance) =>
    instance.targetHealth.filter((target) => target.targetGroup === targetGroup.key),
  );
  const healthy = targets.filter((target) => target.state === "healthy").length;
  return box(
    targetGroup.key,
    targetGroup.title,
    stateOf(targetGroup.key),
    html`<p class="why">${targetGroup.check}</p><p>${healthy} of ${targets.length} targets healthy</p>`,
  );
}

function groupBox(group: GroupShape, stateOf: StateOf): Html {
  return box(
    group.key,
    group.title,
    stateOf(group.key),
    html`<p>${group.size}</p><p class="why">${group.targetGroups.length === 0 ? "in no target group" : `registers in ${group.targetGroups.join(", ")}`}</p>`,
  );
}

function zonesOf(instances: readonly InstanceRow[]): string[] {
  return [...new Set(instances.map((instance) => instance.availabilityZone))].sort();
}

function zoneBox(zone: string, instances: readonly InstanceRow[]): Html {
  const here = instances.filter((instance) => instance.availabilityZone === zone);
  return html`<li class="box"><p class="box-head"><strong>${zone}</strong></p><ul class="residents">${bounded(
    here,
    LIMITS.rowsPerSection,
  ).shown.map(
    (instance) =>
      html`<li class="word ${SERVING_MARKS[instance.serving].tone}">${icon(SERVING_MARKS[instance.serving].tone)}<a href="#instance-${instance.instanceId}" class="mono">${instance.instanceId}</a><span class="unseen"> ${SERVING_MARKS[instance.serving].word}</span></li>`,
  )}</ul></li>`;
}
