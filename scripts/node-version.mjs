const OLDEST = { major: 20, minor: 19 };

/**
 * Why this Node can not run Windlass, for people; null where it can.
 *
 * @param {string} version e.g. `20.20.2`
 * @returns {string | null}
 */
export function oldNodeProblem(version) {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > OLDEST.major || (major === OLDEST.major && minor >= OLDEST.minor)) return null;
  return `Windlass needs Node ${OLDEST.major}.${OLDEST.minor} or newer; this is Node ${version}.`;
}
