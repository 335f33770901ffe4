/** The kinds of AWS resources that a service is made of. What is known of each stands in `reconciler/kinds/`. */
export type KindName =
  | "loadBalancer"
  | "targetGroup"
  | "listener"
  | "rule"
  | "launchTemplate"
  | "autoScalingGroup"
  | "lifecycleHook"
  | "warmPool"
  | "scheduledAction"
  | "scalingPolicy"
  | "notification"
  | "alarm";
