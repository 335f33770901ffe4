/** Everything that AWS's pages say Auto Scaling refuses, in the order in which it is looked for. */
import type { RefusalRule } from "../../account/refusals.ts";
import type { State } from "../state.ts";
import { FORECAST_RULES } from "./forecasts.ts";
import { GROUP_RULES } from "./groups.ts";
import { HOOK_RULES } from "./hooks.ts";
import { MIXED_RULES } from "./mixed.ts";
import { NOTIFICATION_RULES } from "./notifications.ts";
import { POLICY_RULES } from "./policies.ts";
import { REFRESH_BY_ATTRIBUTES_RULES } from "./refresh-by-attributes.ts";
import { REFRESH_RULES } from "./refreshes.ts";
import { SCHEDULE_RULES } from "./schedules.ts";
import { WARM_POOL_RULES } from "./warm-pools.ts";

export const AUTO_SCALING_REFUSALS: readonly RefusalRule<State>[] = [
  ...GROUP_RULES,
  ...MIXED_RULES,
  ...REFRESH_BY_ATTRIBUTES_RULES,
  ...POLICY_RULES,
  ...REFRESH_RULES,
  ...SCHEDULE_RULES,
  ...HOOK_RULES,
  ...WARM_POOL_RULES,
  ...NOTIFICATION_RULES,
  ...FORECAST_RULES,
];
