/** A bug found, fixed and unfixed again while the players go on playing. */
import { cpSync, statSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { build, createProject, hotfix, type BuildTool } from "./project.ts";
import { startServer, type Server } from "./server.ts";
import { startTraffic } from "./traffic.ts";

export interface Run {
  readonly build: BuildTool;
  readonly requests: number;
  readonly failed: number;
  readonly sessionsBefore: number;
  readonly sessionsAfter: number;
  readonly initRuns: number;
  /** Answers to one and the same request. */
  readonly before: unknown;
  readonly after: unknown;
  readonly rolledBack: unknown;
  readonly patchBytes: number;
  readonly applyMs: number;
  readonly pauseMs: number;
}

const PLAYERS = 200;

/** A negative quantity: the price is paid to the player. */
const EXPLOIT = "/buy?player=cheater&item=sword&quantity=-10";

/** @param tell called with each step, for people to follow */
export async function play(tool: BuildTool, tell: (step: string) => void): Promise<Run> {
  const project = createProject(tool);
  let server: Server | undefined;
  try {
    tell(`build the server with ${tool}`);
    await build(project, tool);
    tell("start it and its players");
    server = await startServer(project, { WEBAPP_SOCKET: project.socket });
    const traffic = startTraffic(server.origin, { players: PLAYERS, connections: 20, rate: 2000 });
    const before = await server.ask("POST", EXPLOIT);
    const sessionsBefore = await countSessions(server, PLAYERS + 1);
    tell(`somebody found a hole: ${JSON.stringify(before)}`);

    cpSync(project.path("fix"), project.folder, { recursive: true });
    await hotfix(project, "build", "--base", "dist/hotfix.manifest.json", "--out", "fix-1.hotfix");
    tell("the fix is built; apply it to the running server");
    await server.ask("GET", "/pause");
    const applied = (await hotfix(project, "apply", "fix-1.hotfix", "--to", project.socket)) as { result: { cost: { prepareMs: number; commitMs: number } } };
    const pauseMs = ((await server.ask("GET", "/pause")) as { longestMs: number }).longestMs;
    const after = await server.ask("POST", EXPLOIT);
    tell(`fixed: ${JSON.stringify(after)}`);
    await sleep(1500);
    const sessionsAfter = await countSessions(server, PLAYERS + 1);

    await hotfix(project, "rollback", "--to", project.socket);
    const rolledBack = await server.ask("POST", EXPLOIT);
    tell(`rolled back: ${JSON.stringify(rolledBack)}`);
    await sleep(500);
    const { runs } = (await server.ask("GET", "/init")) as { runs: number };
    const { requests, failed } = await traffic.stop();
    const { prepareMs, commitMs } = applied.result.cost;
    return {
      build: tool,
      requests,
      failed,
      sessionsBefore,
      sessionsAfter,
      initRuns: runs,
      before,
      after,
      rolledBack,
      patchBytes: statSync(project.path("fix-1.hotfix")).size,
      applyMs: round(prepareMs + commitMs),
      pauseMs: round(pauseMs),
    };
  } finally {
    await server?.stop();
    project.remove();
  }
}

/** Whether a run went as it is claimed to. */
export function isAsClaimed(run: Run): boolean {
  const isOk = (answer: unknown): boolean => (answer as { ok?: unknown }).ok === true;
  return (
    run.requests > 0 &&
    run.failed === 0 &&
    run.sessionsBefore === PLAYERS + 1 &&
    run.sessionsAfter === run.sessionsBefore &&
    run.initRuns === 1 &&
    isOk(run.before) &&
    !isOk(run.after) &&
    isOk(run.rolledBack)
  );
}

/** The number of sessions, once everybody who is expected has come; what there is after half a minute. */
async function countSessions(server: Server, expected: number): Promise<number> {
  for (let tries = 0; ; tries++) {
    const { sessions } = (await server.ask("GET", "/sessions?player=cheater")) as { sessions: number };
    if (sessions >= expected || tries === 300) return sessions;
    await sleep(100);
  }
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
