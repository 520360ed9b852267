// How long a server takes to its first answer, and how much a phone and a desk load.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { freePort } from '../test/support/postgres'
import { type Context, closeAll, newDatabases, ROOT } from './context'

export async function measureStart(context: Context): Promise<void> {
  const { say } = context
  const databases = await newDatabases(context, 'start')
  await closeAll(databases)
  say('| start until /readyz answers, second time | ms |\n|---|---|')
  for (const { name, url } of databases) {
    await firstAnswer(context, url)
    say(`| ${name} | ${Math.round(await firstAnswer(context, url))} |`)
  }
  measureBundles(context)
}

async function firstAnswer({ folder }: Context, url: string): Promise<number> {
  const port = await freePort()
  const began = performance.now()
  const server = spawn(process.execPath, ['--max-semi-space-size=64', 'tools/start.mjs'], {
    cwd: ROOT,
    env: { ...process.env, PORT: String(port), DATABASE_URL: url, MULIN_LOG_KEY_FILE: join(folder, 'start.pem') },
    stdio: 'ignore',
  })
  try {
    while (performance.now() - began < 240_000) {
      const answer = await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null)
      if (answer?.ok) return performance.now() - began
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    throw new Error('the server does not answer')
  } finally {
    server.kill()
    await new Promise((resolve) => server.once('exit', resolve))
  }
}

function measureBundles({ say, aim }: Context): void {
  say('\n| bundle | KB |\n|---|---|')
  const weapp = join(ROOT, 'dist/weapp')
  if (existsSync(weapp)) {
    const size = Math.round(sizeOf(weapp) / 1024)
    say(`| weapp, whole | ${size} |`)
  }
  for (const app of ['h5', 'admin']) {
    const folder = join(ROOT, 'dist', app)
    if (!existsSync(folder)) continue
    const size = Math.round(firstLoad(folder) / 1024)
    say(`| ${app}, first load, gz | ${size} |`)
    if (app === 'h5') aim('h5, first load, gz: 250 KB', `${size} KB`, size <= 250)
  }
}

function sizeOf(path: string): number {
  return statSync(path).isDirectory()
    ? readdirSync(path).reduce((sum, name) => sum + sizeOf(join(path, name)), 0)
    : statSync(path).size
}

/** What index.html names itself: scripts and styles, gzipped. */
function firstLoad(folder: string): number {
  const html = readFileSync(join(folder, 'index.html'), 'utf8')
  const files = [...html.matchAll(/(?:src|href)="\/?(?:admin\/)?([^"]+\.(?:js|css))"/g)].map(([, name]) =>
    join(folder, name as string),
  )
  return (
    gzipSync(html).length + files.filter(existsSync).reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0)
  )
}
