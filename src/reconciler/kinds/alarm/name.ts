/** The name that an alarm of the spec has where the spec pins none. @param child its key among the alarms */
export function alarmName(owner: string, child: string): string {
  return `${owner}/${child}`;
}
