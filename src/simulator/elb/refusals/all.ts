/** Everything that AWS's pages say load balancing refuses, in the order in which it is looked for. */
import type { RefusalRule } from "../../account/refusals.ts";
import type { ElbState } from "../state.ts";
import { ACTION_RULES } from "./actions.ts";
import { ANSWER_RULES } from "./answers.ts";
import { AUTHENTICATION_RULES } from "./authentication.ts";
import { RULE_RULES } from "./conditions.ts";
import { LISTENER_RULES } from "./listeners.ts";
import { LOAD_BALANCER_RULES } from "./load-balancers.ts";
import { NAME_RULES, TAG_RULES } from "./names.ts";
import { TARGET_GROUP_RULES } from "./target-groups.ts";

export const ELB_REFUSALS: readonly RefusalRule<ElbState>[] = [
  ...NAME_RULES,
  ...LOAD_BALANCER_RULES,
  ...TARGET_GROUP_RULES,
  ...LISTENER_RULES,
  ...RULE_RULES,
  ...ACTION_RULES,
  ...ANSWER_RULES,
  ...AUTHENTICATION_RULES,
  ...TAG_RULES,
];
