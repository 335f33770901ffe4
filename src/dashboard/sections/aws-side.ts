/** What AWS says besides: alarms, scaling activities, and what others put on our resources. */
import { LIMITS } from "../../model/limits.ts";
import { type ActivityRow, type AlarmRow, isRinging, type UnownedRow } from "../../model/status.ts";
import type { ServiceModel } from "../../model/status-page.ts";
import { type Html, html } from "../html.ts";
import { activityTone, alarmMark } from "../marks.ts";
import { age, cell, code, leftOut, nothing, section, table, word } from "../parts.ts";
import { shapeOf } from "../spec-shape.ts";
import { emptyText, unreadText } from "../unread.ts";
import { bounded } from "../words.ts";

export function alarmsSection(model: ServiceModel): Html {
  const alarms = model.service.status?.alarms ?? [];
  const ringing = alarms.filter(isRinging).length;
  const unread = alarms.length > 0 && unreadText(model.service.status, "alarm");
  const declared = shapeOf(model.service.spec).alarms;
  const { shown, left } = bounded(alarms, LIMITS.rowsPerSection);
  return section(
    { id: "alarms", title: "Alarms", count: ringing > 0 ? `${ringing} in alarm` : alarms.length },
    alarms.length === 0
      ? nothing(
          emptyText(model.service.status, "alarm", { declared, what: "alarm", none: "The spec has none." }),
        )
      : [
          unread && nothing(unread),
          table(
            "CloudWatch alarms",
            ["State", "Alarm", "Since"],
            shown.map((alarm) => alarmRow(alarm, model.now)),
          ),
          leftOut(left, "GET the object"),
        ],
  );
}

function alarmRow(alarm: AlarmRow, now: string): Html {
  return html`<tr id="alarm-${alarm.key}">${[
    cell("State", word(alarmMark(alarm))),
    cell("Alarm", [code(alarm.key), alarm.reason !== undefined && html`<p class="why">${alarm.reason}</p>`]),
    cell("Since", age(alarm.since, now), "num"),
  ]}</tr>
`;
}

export function activitiesSection(model: ServiceModel): Html {
  const activities = model.service.status?.activities ?? [];
  const unread = unreadText(model.service.status, "activity");
  const { shown, left } = bounded(activities, LIMITS.rowsPerSection);
  return section(
    {
      id: "activities",
      title: "Scaling activities",
      note: "Why Auto Scaling launched or terminated what it did.",
    },
    activities.length === 0
      ? nothing(emptyText(model.service.status, "activity", { declared: 0, what: "", none: "None." }))
      : [
          unread !== undefined && nothing(unread),
          table(
            "Scaling activities",
            ["When", "Status", "Activity and cause"],
            shown.map((activity) => activityRow(activity, model.now)),
          ),
          leftOut(left, "GET the object"),
        ],
  );
}

function activityRow(activity: ActivityRow, now: string): Html {
  return html`<tr>${[
    cell("When", age(activity.time, now), "num"),
    cell("Status", word({ tone: activityTone(activity.status), word: activity.status })),
    cell(
      "Activity and cause",
      [
        activity.description,
        html` <span class="id">${activity.autoScalingGroup}</span>`,
        html`<p class="why">${activity.cause}</p>`,
      ],
      "prose",
    ),
  ]}</tr>
`;
}

/** Nothing at all when there is nothing of others. */
export function unownedSection(model: ServiceModel): Html | false {
  const unowned = model.service.status?.unowned ?? [];
  const { shown, left } = bounded(unowned, LIMITS.rowsPerSection);
  return (
    unowned.length > 0 &&
    section(
      {
        id: "unowned",
        title: "Not ours",
        count: unowned.length,
        note: "Others put these on resources of this service. They are shown and never touched.",
      },
      [
        table("Findings that are not ours", ["Kind", "On", "What"], shown.map(unownedRow)),
        leftOut(left, "GET the object"),
      ],
    )
  );
}

function unownedRow(row: UnownedRow): Html {
  return html`<tr>${[
    cell("Kind", row.kind),
    cell("On", code(row.on)),
    cell("What", [row.description, html`<p class="why mono">${row.id}</p>`], "prose"),
  ]}</tr>
`;
}
