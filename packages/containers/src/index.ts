export { containersConf } from "./containers-conf.ts";
export { missingContainers } from "./missing-containers.ts";
export { CONTAINER_HOST, takeTurn } from "./take-turn.ts";
