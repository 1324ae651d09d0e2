export { containersConf } from "./containers-conf.ts";
export { type ContainerProgram, missingContainers } from "./missing-containers.ts";
export { type DockerEngine, startDocker } from "./start-docker.ts";
export { CONTAINER_HOST, takeTurn } from "./take-turn.ts";
