import { LIMITS } from "../../model/limits.ts";
import type { InstanceRow, ResourceState, ZoneRow } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { type Html, html, type Part } from "../html.ts";
import { instanceMark, type Mark, resourceMark } from "../marks.ts";
import { icon, nothing, section, word } from "../parts.ts";
import { type GroupShape, type ListenerShape, shapeOf, type TargetGroupShape } from "../spec-shape.ts";
import { unreadText } from "../unread.ts";
import { bounded, ratioOf, valueText } from "../words.ts";

type StateOf = (key: string) => ResourceState | undefined;

/** The way of a request: listener and rules, target group, Auto Scaling group, instances by Availability Zone. */
export function topologySection(model: ServiceModel): Html {
  const shape = shapeOf(model.service.spec);
  const status = model.service.status;
  const states = new Map(status?.resources.map((resource) => [resource.key, resource.state]));
  const stateOf: StateOf = (key) => states.get(key);
  const instances = status?.instances ?? [];
  const zones = status?.zones ?? zonesOf(instances);
  return section(
    { id: "topology", title: "Topology", note: "The way of a request, from left to right." },
    html`<div class="topology">${[
      column(
        "Listeners and rules",
        shape.listeners.length,
        shape.listeners.map((each) => listenerBox(each, stateOf, model)),
      ),
      column(
        "Target groups",
        shape.targetGroups.length,
        shape.targetGroups.map((each) => targetGroupBox(each, stateOf, model)),
      ),
      column(
        "Auto Scaling groups",
        shape.groups.length,
        shape.groups.map((each) => groupBox(each, stateOf)),
      ),
      column(
        "Instances by zone",
        zones.length,
        zones.map((zone) => zoneBox(zone, instances)),
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

function listenerBox(listener: ListenerShape, stateOf: StateOf, model: ServiceModel): Html {
  return box(
    listener.key,
    listener.title,
    stateOf(listener.key),
    html`${movedByOthers(listener.key, model)}<ul class="routes">${bounded(listener.rules, LIMITS.rowsPerSection).shown.map((route) => html`<li><span>${route.match}</span> <span class="does">→ ${route.does}</span></li>`)}</ul>`,
  );
}

/** The spec does not say where requests go when that is left to others. */
function movedByOthers(key: string, { service: { status } }: ServiceModel): Html[] {
  const rows = (status?.coverage?.resources ?? []).filter(
    ({ address }) => address === key || address.startsWith(`${key}.`),
  );
  return rows.flatMap(({ address, leftToOthers }) =>
    leftToOthers
      .filter(({ member }) => !member.startsWith("tags."))
      .map(
        ({ member, value }) =>
          html`<p class="why prose">Left to others: ${address === key ? "" : `${address.slice(key.length + 1)} `}<code>${member}</code> is <code>${valueText(member, value ?? null, LIMITS.shownValueCharacters)}</code> in AWS</p>`,
      ),
  );
}

function targetGroupBox(
  targetGroup: TargetGroupShape,
  stateOf: StateOf,
  { service: { status } }: ServiceModel,
): Html {
  const name = status?.resources.find(({ key }) => key === targetGroup.key)?.name;
  const isUnread =
    unreadText(status, "targetGroup", name) !== undefined ||
    status?.instances.some(({ lastSeenAt }) => lastSeenAt !== undefined);
  const targets = (status?.instances ?? []).flatMap(({ targetHealth = [] }) =>
    targetHealth.filter((target) => target.targetGroup === targetGroup.key),
  );
  const healthy = targets.filter((target) => target.state === "healthy").length;
  return box(
    targetGroup.key,
    targetGroup.title,
    stateOf(targetGroup.key),
    html`<p class="why">${targetGroup.check}</p><p>${isUnread ? "? targets healthy: not read" : `${healthy} of ${targets.length} targets healthy`}</p>`,
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

/** What an older version of Holdfast has stored has no zones of its own. */
function zonesOf(instances: readonly InstanceRow[]): ZoneRow[] {
  const names = [...new Set(instances.map(({ availabilityZone }) => availabilityZone))].sort();
  return names.map((name) => {
    const here = instances.filter(({ availabilityZone }) => availabilityZone === name);
    const count = (serving: string) => here.filter((one) => one.serving === serving).length;
    return { name, instances: here.length, serving: count("yes"), unknown: count("unknown") };
  });
}

/** A zone in which nobody serves although somebody should is as red as an instance. */
function zoneMark({ instances, serving, unknown }: ZoneRow, here: readonly InstanceRow[]): Mark {
  if (instances === 0) return { tone: "idle", word: "no instance" };
  const text = `${ratioOf(serving, unknown, instances, "/")} serving`;
  if (serving === instances) return { tone: "ok", word: text };
  if (unknown > 0) return { tone: "unknown", word: text };
  const isFailing = here.some((one) => instanceMark(one).tone === "bad");
  return { tone: isFailing ? "bad" : "info", word: text };
}

function zoneBox(zone: ZoneRow, instances: readonly InstanceRow[]): Html {
  const here = instances.filter((instance) => instance.availabilityZone === zone.name);
  return html`<li class="box ${zone.instances === 0 ? "wanted" : ""}"><p class="box-head"><strong>${zone.name}</strong>${word(zoneMark(zone, here))}</p><ul class="residents">${bounded(
    here,
    LIMITS.rowsPerSection,
  ).shown.map((instance) => {
    const mark = instanceMark(instance);
    return html`<li class="word ${mark.tone}">${icon(mark.tone)}<a href="#instance-${instance.instanceId}" class="mono">${instance.instanceId}</a><span class="${mark.tone === "ok" ? "unseen" : "why"}"> ${mark.word}</span></li>`;
  })}</ul></li>`;
}
