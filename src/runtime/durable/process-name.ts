/** Names for processes that no later process has, although process ids are used again (in a container, always the same). */
import { readFileSync } from "node:fs";

/** `<pid>.<when it started>`. Undefined if there is no such process, or nothing more is known of it than its id. */
function nameOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // after the command, which is in parentheses and may hold anything: state is field 3, the start field 22
    const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    return started === undefined ? undefined : `${pid}.${boot}-${started}`;
  } catch {
    return undefined;
  }
}

export const OWN_NAME: string = nameOf(process.pid) ?? `${process.pid}.${Math.round(performance.timeOrigin)}`;

/** Whether the process of this name still runs. One of a container with processes of its own cannot be seen. */
export function isAlive(name: string): boolean {
  if (name === OWN_NAME) return true;
  const pid = Number(name.split(".")[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  if (process.platform === "linux") return nameOf(pid) === name;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
