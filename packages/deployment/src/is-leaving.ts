/**
 * Whether an instance in this lifecycle state is on its way out of its group by itself, so that it no longer counts
 * towards the desired capacity. One that is `Terminating:Retained` is not: it keeps running until somebody terminates
 * it (EC2 Auto Scaling user guide, instance lifecycle policies).
 */
export function isLeaving(lifecycle: string): boolean {
  return /^(?:Terminat|Detach)(?:ing|ed)\b/.test(lifecycle) && lifecycle !== "Terminating:Retained";
}
