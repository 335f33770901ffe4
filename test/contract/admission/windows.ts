import { type Row, row } from "./row.ts";

const WINDOW = { cron: "0 22 * * *", durationMinutes: 60, timeZone: "UTC" };
const ALL_DAY = { ...WINDOW, cron: "0 0 * * *", durationMinutes: 1440 };

const SIDES = ["allow", "deny"] as const;

/** Holdfast's own: no call of AWS's has windows. */
export const WINDOW_ROWS: readonly Row[] = [
  row("windows", "ours", { allow: [WINDOW], deny: [WINDOW] }, { allow: [WINDOW] }),
  row("windows", "ours", {}, { deny: [WINDOW] }),
  row(
    "windows.deny",
    "ours",
    { deny: [ALL_DAY] },
    { deny: [{ ...ALL_DAY, durationMinutes: 1439 }] },
    { set: "windows" },
  ),
  ...SIDES.flatMap((side) => {
    const changed = (field: string, bad: unknown, good: unknown, beside: object = {}) =>
      row(
        `windows.${side}[0].${field}`,
        "ours",
        { [side]: [{ ...WINDOW, ...beside, [field]: bad }] },
        { [side]: [{ ...WINDOW, ...beside, [field]: good }] },
        { set: "windows" },
      );
    return [
      changed("cron", "61 22 * * *", "59 22 * * *"),
      changed("timeZone", "Europe/Nowhere", "Europe/Berlin"),
      // The day has time left: the two starts are an hour apart.
      changed("durationMinutes", 61, 60, { cron: "0 0,1 * * *" }),
    ];
  }),
];
