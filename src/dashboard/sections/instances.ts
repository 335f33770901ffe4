import { LIMITS } from "../../model/limits.ts";
import type { FlowStep, InstanceRow } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { instanceAddress } from "../console-links.ts";
import { type Html, html } from "../html.ts";
import { ec2Tone, instanceMark, lifecycleTone, type Tone, targetMark } from "../marks.ts";
import { age, cell, code, icon, leftOut, linked, nothing, pill, section, time, word } from "../parts.ts";
import { emptyText, unreadText } from "../unread.ts";
import { bounded, durationOf, ratioOf } from "../words.ts";

const COLUMNS = ["Instance", "1 · Load balancer", "2 · Auto Scaling", "3 · EC2", "Together"] as const;

export function instancesSection(model: ServiceModel): Html {
  const instances = model.service.status?.instances ?? [];
  const count = (serving: string) => instances.filter((instance) => instance.serving === serving).length;
  const order = { no: 0, unknown: 1, yes: 2 };
  const unread = unreadText(model.service.status, "autoScalingGroup");
  const sorted = [...instances].sort((a, b) => order[a.serving] - order[b.serving]);
  const { shown, left } = bounded(sorted, LIMITS.rowsPerSection);
  return section(
    {
      id: "instances",
      title: "Instances",
      count:
        instances.length === 0 && unread !== undefined
          ? "? serving"
          : `${ratioOf(count("yes"), count("unknown"), instances.length)} serving`,
      note: "Three health checks watch each instance; only together they say what will happen to it.",
    },
    instances.length === 0
      ? nothing(emptyText(model.service.status, "autoScalingGroup", { declared: 0, what: "", none: "None." }))
      : [
          unread !== undefined && nothing(unread),
          html`<table class="rows trinity"><caption class="unseen">Instances with their three health checks</caption><thead><tr>${COLUMNS.map((column) => html`<th scope="col">${column}</th>`)}</tr></thead>
${shown.map((instance) => instanceRows(instance, model))}</table>`,
          leftOut(left, "GET the object"),
        ],
  );
}

function instanceRows(instance: InstanceRow, { now, cloud, service }: ServiceModel): Html {
  const { autoScaling, instanceId, lastSeenAt: seenAt } = instance;
  const address = instanceAddress({ cloud, region: service.spec.region }, instanceId);
  return html`<tbody id="instance-${instance.instanceId}"><tr>${[
    cell(COLUMNS[0], [
      linked(html`<strong class="mono">${instanceId}</strong>`, address),
      html`<p class="why">${instance.availabilityZone}${instance.launchTemplateVersion !== undefined && ` · template v${instance.launchTemplateVersion}`}${instance.launchTime !== undefined && html` · launched ${age(instance.launchTime, now)}`}</p>`,
    ]),
    cell(COLUMNS[1], targetsOf(instance)),
    cell(COLUMNS[2], [
      word({
        tone:
          seenAt === undefined
            ? lifecycleTone(autoScaling.lifecycleState, autoScaling.healthStatus)
            : "unknown",
        word: seenAt === undefined ? autoScaling.lifecycleState : "not read",
      }),
      seenAt !== undefined &&
        html`<p class="why">${autoScaling.lifecycleState} when last seen at ${time(seenAt, now)}</p>`,
      seenAt === undefined &&
        html`<p class="why">${autoScaling.healthStatus}${autoScaling.protectedFromScaleIn && " · protected from scale-in"}</p>`,
    ]),
    cell(COLUMNS[3], ec2Of(instance)),
    cell(
      COLUMNS[4],
      [pill(instanceMark(instance)), html`<p class="verdict">${instance.verdict}</p>`],
      "prose",
    ),
  ]}</tr>
${instance.flow !== undefined && html`<tr class="flow-row"><td colspan="${COLUMNS.length}">${flowOf(instance.flow, instance.instanceId)}</td></tr>`}</tbody>
`;
}

function targetsOf(instance: InstanceRow): Html | Html[] {
  const { targetHealth } = instance;
  if (targetHealth === undefined) return word({ tone: "unknown", word: "not read" });
  if (targetHealth.length === 0) return word({ tone: "idle", word: "not registered" });
  return targetHealth.map(
    (target) =>
      html`<div class="target">${word(targetMark(target.state))}${targetHealth.length > 1 && html` ${code(target.targetGroup)}`}${(target.reason !== undefined || target.description !== undefined) && html`<p class="why">${target.reason !== undefined && code(target.reason)}${target.description !== undefined && html`<br>${target.description}`}</p>`}</div>`,
  );
}

function ec2Of({ ec2 }: InstanceRow): Html | Html[] {
  if (ec2 === undefined) return word({ tone: "unknown", word: "not read" });
  return [
    word({ tone: ec2Tone(ec2), word: ec2.state }),
    html`<p class="why">system ${ec2.systemStatus} · instance ${ec2.instanceStatus}</p>`,
  ];
}

const STEP_TONES: Record<FlowStep["state"], Tone> = {
  done: "ok",
  current: "info",
  blocked: "bad",
  pending: "idle",
};

const STEP_WORDS: Record<FlowStep["state"], string> = {
  done: "done",
  current: "now",
  blocked: "blocked",
  pending: "to come",
};

function flowOf(steps: readonly FlowStep[], instanceId: string): Html {
  return html`<ol class="flow" aria-label="What happens to ${instanceId}">${steps.map(
    (step) =>
      html`<li class="step ${step.state}"${step.state === "current" && html` aria-current="step"`}><span class="step-head">${icon(STEP_TONES[step.state])}<span class="step-state">${STEP_WORDS[step.state]}</span>${step.expectedSeconds !== undefined && html`<span class="step-time">≈ ${durationOf(step.expectedSeconds)}</span>`}</span><strong>${step.title}</strong><span class="step-detail">${step.detail}</span></li>`,
  )}</ol>`;
}
