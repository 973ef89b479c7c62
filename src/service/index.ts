export { drawHead, type JudgedPhoto } from "./judge/faces.ts";
export { startJudge } from "./judge/server.ts";
export { createJudgeSession } from "./judge/session.ts";
export type { ServiceCampaign } from "./load/options.ts";
export { type Service, type ServiceOptions, startService } from "./serve.ts";
