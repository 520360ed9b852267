// Servers that are killed, and what a client wrote down before and after it asked: on disk, so that it outlives all.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, fstatSync, fsyncSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { freePort } from './postgres'
import { isKept, keepMade, makeQuickServer, type QuickServer } from './quick-server'

const root = fileURLToPath(new URL('../../', import.meta.url))

type Given = { fileKilobytes?: number; keyFile?: string }

export type RealServer = {
  base: string
  process: ChildProcess
  kill: () => Promise<void>
  /** Waits until it answers for its database too. */
  ready: () => Promise<void>
  /** the last it said */
  output: () => string
}

let quick: Promise<QuickServer> | undefined
/** As `npm start` has it. */
const NODE = '--max-semi-space-size=64'

/**
 * The real server as its own process, bundled once, so that it may be started a thousand times; answers once it is ready.
 * @param given.fileKilobytes no file of the server's grows beyond: its disk is full
 * @param given.keyFile what its log is signed with
 */
export async function startServer(databaseUrl: string, given: Given = {}): Promise<RealServer> {
  quick ??= makeQuickServer()
  const made = await quick
  if (given.fileKilobytes === undefined && !isKept(made)) {
    const first = await start(made, databaseUrl, given)
    await keepMade(made, (name) => first.process.kill(name))
    await first.kill() // it was busy with itself
  }
  return start(made, databaseUrl, given)
}

async function start(
  { file }: QuickServer,
  databaseUrl: string,
  { fileKilobytes, keyFile }: Given,
): Promise<RealServer> {
  const port = await freePort()
  const env = {
    ...process.env,
    NODE_ENV: 'test',
    DATABASE_URL: databaseUrl,
    PORT: String(port),
    MULIN_RATE_LIMIT: '1000000',
    ...(keyFile === undefined ? {} : { MULIN_LOG_KEY_FILE: keyFile }),
  }
  const blocks = fileKilobytes === undefined ? 'unlimited' : String(fileKilobytes * 2)
  const script = `ulimit -f ${blocks} && exec "$0" "$@"`
  const server = spawn('/bin/sh', ['-c', script, process.execPath, NODE, file], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const keep = (chunk: Buffer) => {
    said = (said + chunk).slice(-4000)
  }
  server.stdout.on('data', keep)
  server.stderr.on('data', keep)
  const gone = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const kill = async () => {
    server.kill('SIGKILL')
    await gone
  }
  onTestFinished(kill)
  const base = `http://127.0.0.1:${port}`
  const ready = async () => {
    for (let tries = 0; tries < 2400 && server.exitCode === null; tries++) {
      const isReady = await fetch(`${base}/readyz`).then(
        (answer) => answer.ok,
        () => false,
      )
      if (isReady) return
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    throw new Error(`the server is not ready: ${said}`)
  }
  // it says so itself when it listens; asking it before would only take its time
  for (let tries = 0; tries < 4800 && server.exitCode === null && !said.includes(' is up '); tries++)
    await new Promise((resolve) => setTimeout(resolve, 25))
  await ready()
  return { base, process: server, kill, ready, output: () => said }
}

export type Operation = {
  kind: 'begin' | 'confirm' | 'redeem'
  /** what it is about: the visit or the redemption */
  subject: string
  path: string
  personId: string
  token: string
  tokenAt: Date
  body: Record<string, unknown>
}
type Line = { asked: string } | { answered: string; id: string }

/** What was asked is on disk before it is sent, what was answered before anything follows from it. */
export function newHistory() {
  const folder = mkdtempSync(join(tmpdir(), 'mulin-history-'))
  const file = join(folder, 'history.jsonl')
  const handle = openSync(file, 'a+')
  onTestFinished(() => {
    closeSync(handle)
    rmSync(folder, { recursive: true, force: true })
  })
  const write = (line: Line) => {
    writeSync(handle, `${JSON.stringify(line)}\n`)
    fsyncSync(handle)
  }
  const answered = new Map<string, string>()
  let read = 0
  /** from the file, as far as it was not read yet: after a thousand kills it is long */
  const readOn = () => {
    const more = Buffer.alloc(fstatSync(handle).size - read)
    readSync(handle, more, 0, more.length, read)
    read += more.length
    for (const text of more
      .toString()
      .split('\n')
      .filter((line) => line !== '')) {
      const line = JSON.parse(text) as Line
      if ('answered' in line) answered.set(line.answered, line.id)
    }
    return new Map(answered)
  }
  return { write, answered: readOn }
}
export type History = ReturnType<typeof newHistory>

/**
 * Sends an operation. Null: no answer, or a server that broke, so nobody knows whether it was done; `onNothing` hears which.
 * @throws when it was refused: none of ours may be
 */
export async function send(
  base: string,
  history: History,
  { path, token, body, subject, kind }: Operation,
  onNothing: (why: string) => void = () => {},
) {
  history.write({ asked: subject })
  const answer = await fetch(`${base}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  })
    .then(async (given) => ({ status: given.status, body: (await given.json()) as { id?: string } }))
    .catch((error: Error) => error)
  if (answer instanceof Error || answer.status >= 500) {
    const why = answer instanceof Error ? String(answer.cause ?? answer) : JSON.stringify(answer)
    onNothing(`${new Date().toISOString()} ${kind}: ${why}`)
    return null
  }
  if (answer.status >= 300) throw new Error(`${kind} was refused: ${answer.status} ${JSON.stringify(answer.body)}`)
  history.write({ answered: subject, id: String(answer.body.id) })
  return String(answer.body.id)
}
