import { activeMembers } from "./members.ts";
import type { Group, Member } from "./scaling-state.ts";

/**
 * Whom the default termination policy takes: from the fullest zone, from the oldest template version, then the oldest.
 * Only instances in service that nobody protects; a pending one is left alone until then (guide, "Termination policies").
 */
export function chooseForScaleIn(group: Group): Member | null {
  const active = activeMembers(group);
  const candidates = active.filter(
    ({ lifecycle, protectedFromScaleIn }) => lifecycle === "InService" && !protectedFromScaleIn,
  );
  const inZone = (member: Member) =>
    active.filter(({ instance }) => instance.availabilityZone === member.instance.availabilityZone).length;
  const sorted = [...candidates].sort(
    (a, b) =>
      inZone(b) - inZone(a) ||
      Number(a.template.version) - Number(b.template.version) ||
      a.instance.launchedAt - b.instance.launchedAt,
  );
  return sorted[0] ?? null;
}
