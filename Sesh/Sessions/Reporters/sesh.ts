// sesh's reporter for pi, version 1. "sesh reporters install" put it here, "sesh reporters uninstall" takes it away.
// It writes live/PID.json in pi's folder, whose turn it is and which session this pi holds, and takes messages on a unix socket:
// one JSON object a line, {"message":"text"} (put in; behind a running turn where one runs), {"abort":true}, {"state":true};
// each is answered by one line, {"ok":true,…} or {"ok":false,"error":"…"}.
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";

const LONGEST_MESSAGE = 64 * 1024 * 1024;
const LONGEST_SOCKET_PATH = 100; // the system's limit is 108 bytes, 104 on macOS

export default function (pi: any) {
  const root = process.env.PI_CODING_AGENT_DIR || path.join(os.homedir(), ".pi", "agent");
  const folder = path.join(root, "live");
  const file = path.join(folder, `${process.pid}.json`);
  let socket = path.join(folder, `${process.pid}.sock`);
  let server: net.Server | undefined;
  let status = "idle";
  let latest: any;

  // Whatever fails here is ours alone: pi must never notice.
  const quietly = (what: () => void) => {
    try {
      what();
    } catch {
      // a full disk, a folder of somebody else's
    }
  };

  const write = () =>
    quietly(() => {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      const told = {
        reporter: "sesh",
        pid: process.pid,
        cwd: latest?.cwd ?? process.cwd(),
        status,
        updatedAt: Date.now(),
        sessionId: latest?.sessionManager?.getSessionId?.(),
        sessionFile: latest?.sessionManager?.getSessionFile?.(),
        name: pi.getSessionName?.(),
        contextUsage: latest?.getContextUsage?.(),
        socket: server ? socket : undefined,
      };
      fs.writeFileSync(file + ".new", JSON.stringify(told), { mode: 0o600 });
      fs.renameSync(file + ".new", file);
    });

  const tell = (now: string, context: any) => {
    status = now;
    latest = context;
    write();
  };

  const answer = (line: string): object => {
    const asked = JSON.parse(line);
    const idle = latest?.isIdle?.() ?? status === "idle";
    if (typeof asked.message === "string" && asked.message.length > 0) {
      if (idle) pi.sendUserMessage(asked.message);
      else pi.sendUserMessage(asked.message, { deliverAs: "followUp" });
      return { ok: true, idle };
    }
    if (asked.abort === true) {
      latest?.abort?.();
      return { ok: true, idle };
    }
    if (asked.state === true) return { ok: true, idle, sessionId: latest?.sessionManager?.getSessionId?.() };
    return { ok: false, error: "not understood" };
  };

  const serve = (connection: net.Socket) => {
    let text = "";
    connection.setEncoding("utf8");
    connection.on("error", () => connection.destroy());
    connection.on("data", (data: string) => {
      text += data;
      if (text.length > LONGEST_MESSAGE) {
        connection.destroy();
        return;
      }
      for (let end; (end = text.indexOf("\n")) >= 0; text = text.slice(end + 1)) {
        let said: object;
        try {
          said = answer(text.slice(0, end));
        } catch (error) {
          said = { ok: false, error: String(error) };
        }
        connection.write(JSON.stringify(said) + "\n");
      }
    });
  };

  const listen = () =>
    quietly(() => {
      fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
      if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) {
        const short = path.join("/tmp", `sesh-pi-${process.getuid?.() ?? 0}`);
        fs.mkdirSync(short, { recursive: true, mode: 0o700 });
        const there = fs.lstatSync(short);
        if (!there.isDirectory() || there.uid !== (process.getuid?.() ?? 0) || (there.mode & 0o077) !== 0) return;
        socket = path.join(short, `${process.pid}.sock`);
      }
      fs.rmSync(socket, { force: true });
      const mask = process.umask(0o177);
      try {
        server = net.createServer(serve);
        server.on("error", () => {
          server = undefined;
          write();
        });
        server.listen(socket);
        server.unref();
      } finally {
        process.umask(mask);
      }
    });

  pi.on("session_start", async (_event: any, context: any) => {
    if (context.hasUI !== false && !server) listen();
    tell((context.isIdle?.() ?? true) ? "idle" : "busy", context);
  });
  pi.on("agent_start", async (_event: any, context: any) => tell("busy", context));
  // agent_end comes too early: before retries and compaction.
  pi.on("agent_settled", async (_event: any, context: any) => {
    if (context.isIdle?.() ?? true) tell("idle", context);
  });
  // For other reasons (reload, /new, resume, fork) the process lives on, and a session_start follows.
  pi.on("session_shutdown", async (event: any) => {
    if (event?.reason && event.reason !== "quit") return;
    quietly(() => {
      server?.close();
      server = undefined;
      fs.rmSync(file, { force: true });
      fs.rmSync(socket, { force: true });
    });
  });
}
